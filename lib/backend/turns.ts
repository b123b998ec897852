/**
 * A host, such as the kernel of a notebook, may terminate the turn of the event loop that runs: it ends where it is, and no
 * `catch` and no `finally` in it runs. What the host offers against that lies under a symbol of all JavaScript.
 */
interface Host {
	/** Does something that must not be cut short. */
	whole?<T>(work: () => T): T;
	/** What puts in order what a terminated turn has left. The host calls them before it does anything else. */
	readonly repairs: Set<() => void>;
	/** The number of what runs and is interrupted as one, a cell; 0 or none when nothing does. */
	work?: number;
}
const KEY = Symbol.for("unrolled.termination");

const place = globalThis as { [KEY]?: Host };
place[KEY] ??= { repairs: new Set() };
const host: Host = place[KEY];

/** Does something short that is done as a whole or not at all, as far as terminations go: an optimiser's step. */
export function whole<T>(work: () => T): T {
	return host.whole ? host.whole(work) : work();
}

/** Has something done after a turn was terminated. */
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
