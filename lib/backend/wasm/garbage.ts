import { builtin } from "../platform.ts";

/** Bytes taken from which on garbage is collected: this many at first, and that many at most when little of it stays. */
const PATIENCE = 64 * 2 ** 20;
const MOST_PATIENCE = 256 * 2 ** 20;
/** Collecting may take one part in so many of the time; above that, it is done half as often. */
const SHARE = 20;

/**
 * Collects garbage, in Node, when a memory fills up on which JavaScript's arrays lie: the engine does not see how much hangs
 * on such an array and may let garbage lie for long.
 */
export class Garbage {
	/** Whether it can be collected when it has to be. Elsewhere the engine does it in its own time. */
	readonly collectable = Boolean(builtin("node:v8") && builtin("node:vm"));
	private collectNow: (() => void) | undefined;
	private patience = PATIENCE;
	private most = PATIENCE;
	private last = Date.now();

	/** Whether so many bytes taken ask for it. */
	due(taken: number): boolean {
		return taken > this.most;
	}

	collect(): void {
		if (!this.collectable) return;
		this.collectNow ??= collector();
		const start = Date.now();
		this.collectNow();
		const end = Date.now();
		if ((end - start) * SHARE > end - this.last)
			this.patience = Math.min(MOST_PATIENCE, 2 * this.patience);
		this.last = end;
	}

	/** Says how many bytes stayed taken: it is due again when there are half as many more. */
	left(taken: number): void {
		this.most = Math.max(this.patience, 1.5 * taken);
	}
}

interface NodeVm {
	createContext(global: object, options: object): object;
	runInContext(code: string, context: object): unknown;
	runInNewContext(code: string): () => void;
}

/**
 * A function that collects all garbage at once.
 *
 * What a WeakRef has shown stays until the microtasks are done, which in a loop that never yields is never: a context with
 * microtasks of its own, and none to do, gets there at once.
 */
function collector(): () => void {
	const v8 = builtin("node:v8") as { setFlagsFromString(flag: string): void };
	const vm = builtin("node:vm") as NodeVm;
	v8.setFlagsFromString("--expose-gc");
	const collect = vm.runInNewContext("gc");
	v8.setFlagsFromString("--no-expose-gc");
	const apart = vm.createContext({}, { microtaskMode: "afterEvaluate" });
	return () => {
		vm.runInContext("0", apart);
		collect();
	};
}
