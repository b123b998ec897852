/**
 * A host, such as the kernel of a notebook, may terminate the turn of the event loop that runs: it ends where it is, and no
 * `catch` and no `finally` in it runs. What the host offers against that lies under a symbol of all JavaScript.
 */
interface Host {
	/** Does something that a termination waits for. */
	uninterrupted?<T>(work: () => T): T;
	/** They restore what a terminated turn left half done. The host calls them before it does anything else. */
	readonly repairs: Set<() => void>;
	/** The number of the cell that runs; 0 or none when none does. */
	work?: number;
}
const KEY = Symbol.for("unrolled.termination");

const place = globalThis as { [KEY]?: Host };
place[KEY] ??= { repairs: new Set() };
const host: Host = place[KEY];

/** Does something short that a termination must not cut in two: an optimiser's step. */
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

/** Whether a work was interrupted, so that what it left may be half of something. */
export const wasTerminated = (work: number): boolean => terminated.has(work);

/** What puts back the changes that last as long as some work: those under way, the inmost last. */
const open: (() => void)[] = [];

afterTermination(() => {
	for (let restore = open.pop(); restore; restore = open.pop()) restore();
});

/** Does `work` under a change that `restore` takes back, however the work ends: by its end, by an error, by termination. */
export function restoring<T>(restore: () => void, work: () => T): T {
	open.push(restore);
	try {
		return work();
	} finally {
		open.pop();
		restore();
	}
}
