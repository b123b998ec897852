import type { Guard } from "./guard.ts";
import { log } from "./log.ts";

/**
 * For code that changes values in place, under a symbol that all JavaScript shares: neither `catch` nor `finally` runs in a
 * task that an interrupt terminates. The library `unrolled` uses it (lib/backend/termination.ts) and knows nothing else of the kernel.
 */
interface Termination {
	/** Calls a function that no interrupt terminates. Only for short work. */
	uninterrupted<T>(work: () => T): T;
	/** Called after a task was terminated, before anything else runs. */
	readonly repairs: Set<() => void>;
	/** The number of the cell that runs, 0 between cells; values that an interrupted cell was changing may be half changed. */
	work: number;
}
const KEY = Symbol.for("unrolled.termination");
const slot = globalThis as { [KEY]?: Termination };

/** Offers it to the code of cells. */
export function offerTermination(guard: Guard): void {
	const uninterrupted = <T>(work: () => T) => guard.shield(work);
	slot[KEY] = { uninterrupted, repairs: new Set(), work: 0 };
}

let begun = 0;

/** Says that a cell begins. */
export function beginWork(): void {
	if (slot[KEY]) slot[KEY].work = ++begun;
}

/** Says that it has ended. */
export function endWork(): void {
	if (slot[KEY]) slot[KEY].work = 0;
}

/** Calls the repairs of a terminated task; they do nothing when none was terminated. */
export function repair(): void {
	for (const each of slot[KEY]?.repairs ?? [])
		try {
			each();
		} catch (error) {
			log(`a repair after an interrupt failed: ${error}`);
		}
}
