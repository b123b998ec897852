import { afterTermination, restoring } from "./backend/termination.ts";

/** One call of a part of a network: a layer's run, or one step of a cell. Operations keep the one they were done in. */
export interface Scope {
	/** `gru`, `dense`. */
	readonly name: string;
	/** What was called: the same object at every call. */
	readonly part: object;
	/** The call that made this one. */
	readonly parent: Scope | null;
	/** Of a cell: which step of its layer, from 0. */
	readonly step?: number;
	/** What was handed to it, where calls are told apart. */
	readonly input?: unknown;
}

let current: Scope | null = null;
let distinct = false;

/** The call that runs now. */
export const scope = (): Scope | null => current;

// A terminated task was inside every call that it began.
afterTermination(() => {
	current = null;
});

/** Does `work` as if in a call that was made before. */
export function inScope<T>(of: Scope | null, work: () => T): T {
	const before = current;
	const restore = () => {
		current = before;
	};
	return restoring(restore, () => {
		current = of;
		return work();
	});
}

/**
 * Does `work`, and gives every call in it a scope of its own, with its input, so that a network can be drawn from what it did.
 * Elsewhere the calls of one part from one place share a scope: it says where an operation was done, and costs nothing to make.
 */
export function distinctCalls<T>(work: () => T): T {
	const before = distinct;
	const restore = () => {
		distinct = before;
	};
	return restoring(restore, () => {
		distinct = true;
		return work();
	});
}

/** Whether every call has a scope of its own now. */
export const callsAreDistinct = (): boolean => distinct;

/** What runs a part of a network: it keeps the scopes of its calls, one a step. */
export class Caller {
	readonly name: string;
	readonly part: object;
	readonly #known: Scope[] = [];

	/** The same `part` has the same weights. */
	constructor(name: string, part: object) {
		this.name = name;
		this.part = part;
	}

	/** Runs `work` as a call of the part, for a cell that of a step. */
	call<T>(input: unknown, work: () => T, step?: number): T {
		const parent = current;
		current = this.#scope(parent, input, step);
		try {
			return work();
		} finally {
			current = parent;
		}
	}

	#scope(parent: Scope | null, input: unknown, step?: number): Scope {
		const { name, part } = this;
		if (distinct) return { name, part, parent, step, input };
		const index = step ?? 0;
		const known = this.#known[index];
		if (known?.parent === parent) return known;
		const made = { name, part, parent, step };
		this.#known[index] = made;
		return made;
	}
}
