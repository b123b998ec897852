/**
 * A host, such as the kernel of a notebook, may terminate the current task of the event loop: it ends where it is, and no
 * `catch` and no `finally` in it runs. What the host offers to cope with that is on the global object, under a symbol.
 */
interface Host {
	/** Runs work that a termination waits for. */
	uninterrupted?<T>(work: () => T): T;
	/** They repair what a terminated task left half done. The host calls them before it does anything else. */
	readonly repairs: Set<() => void>;
	/** The number of the cell that runs; 0 or none when none does. */
	work?: number;
}
const KEY = Symbol.for("unrolled.termination");

const globals = globalThis as { [KEY]?: Host };
globals[KEY] ??= { repairs: new Set() };
const host: Host = globals[KEY];

/** Runs short work that a termination must wait for, such as an optimiser's step. */
export function uninterrupted<T>(work: () => T): T {
	return host.uninterrupted ? host.uninterrupted(work) : work();
}

/** Registers a repair for after a termination. */
export function afterTermination(repair: () => void): void {
	host.repairs.add(repair);
}

/** The number of the work that runs now; 0 where there is no host. */
export const currentWork = (): number => host.work ?? 0;

const terminated = new Set<number>();
afterTermination(() => {
	if (host.work) terminated.add(host.work);
});

/** Whether work was terminated, so that what it left may be incomplete. */
export const wasTerminated = (work: number): boolean => terminated.has(work);

/** The `restore` functions of the work that runs, the innermost last. */
const open: (() => void)[] = [];

afterTermination(() => {
	for (let restore = open.pop(); restore; restore = open.pop()) restore();
});

/** Runs `work`, then `restore`, however the work ends: by itself, by an error, by termination. */
export function restoring<T>(restore: () => void, work: () => T): T {
	open.push(restore);
	try {
		return work();
	} finally {
		open.pop();
		restore();
	}
}
