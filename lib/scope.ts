import { afterTermination } from "./backend/turns.ts";

/** One call of a part of a network: a layer's run, or one step of a cell. Operations keep the one they were done in, so that a network can be drawn from what it did. */
export interface Scope {
	/** `gru`, `dense`. */
	readonly name: string;
	/** What was called: the same object at every call. */
	readonly part: object;
	/** The call that made this one. */
	readonly parent: Scope | null;
	/** Of a cell: which step of its layer, from 0. */
	readonly step?: number;
	/** What was handed to it. */
	readonly input?: unknown;
}

let current: Scope | null = null;

/** The call that runs now. */
export const scope = (): Scope | null => current;

// A terminated turn was inside of every call that it began.
afterTermination(() => {
	current = null;
});

/** Runs `work` as a call of a part. */
export function within<T>(call: Omit<Scope, "parent">, work: () => T): T {
	const parent = current;
	current = { ...call, parent };
	try {
		return work();
	} finally {
		current = parent;
	}
}
