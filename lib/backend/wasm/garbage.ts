import { builtin } from "../platform.ts";

/** Garbage is collected from so many bytes in use on: PATIENCE at first, up to MOST_PATIENCE where collecting takes too long. */
const PATIENCE = 64 * 2 ** 20;
const MOST_PATIENCE = 256 * 2 ** 20;
/** Collecting may take 1/SHARE of the time; where it takes more, it is done half as often. */
const SHARE = 20;

/**
 * Collects garbage, in Node, when the kernels' memory fills up with JavaScript's arrays. The engine does not know how much memory such an
 * array keeps in use, so it may wait too long.
 */
export class Garbage {
	/** Whether this engine can be told to collect: Node's can, a browser's cannot. */
	readonly collectable = Boolean(builtin("node:v8") && builtin("node:vm"));
	private collectNow: (() => void) | undefined;
	private patience = PATIENCE;
	private most = PATIENCE;
	private last = Date.now();

	/** Whether it is time to collect, with so many bytes in use. */
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

	/** Says how many bytes are in use after collecting: the next time is at half as many more. */
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
 * An object that a WeakRef returned is kept until the microtasks have run, which in a loop that never yields is never. Running code in a
 * context with a microtask queue of its own, an empty one, ends that at once.
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
