import type { Arrays } from "./wasm-arrays.ts";
import type { Engine } from "./wasm-engine.ts";

/** A part of the batch: `B` rows from row `from`. */
export interface Shard {
	readonly from: number;
	readonly B: number;
}

/** An array [steps, all, n] of JavaScript's, and its address once somebody had to ask. */
export interface Source extends Extent {
	readonly array: Float32Array;
	at?: number;
}

export interface Extent {
	readonly steps: number;
	/** Rows of the whole batch. */
	readonly all: number;
	readonly n: number;
}

/** n rounded up to whole panels: the width of rows inside the kernels. */
export function padded(n: number): number {
	return Math.ceil(n / 8) * 8;
}

/** Brings rows into the kernels' memory and back: a part of the batch at a time, at the width the kernels want. */
export class Rows {
	private readonly engine: Engine;
	private readonly arrays: Arrays;

	constructor(engine: Engine, arrays: Arrays) {
		this.engine = engine;
		this.arrays = arrays;
	}

	source(array: Float32Array, extent: Extent): Source {
		return { array, ...extent };
	}

	/** The shard's rows of `source` to `to`, each `width` numbers wide. */
	copyIn(source: Source, shard: Shard, to: number, width: number): void {
		const { array, steps, all, n } = source;
		if (shard.B === all && n === width) {
			this.engine.memory.floats.set(array, to / 4);
			return;
		}
		source.at ??= this.arrays.from(array);
		this.engine.kernels.copyRows(
			...([steps, shard.B, n] as const),
			...([source.at + shard.from * n * 4, all * n * 4, n * 4] as const),
			...([to, shard.B * width * 4, width * 4] as const),
		);
	}

	/** The shard's rows at `from`, each `width` numbers wide, to their places in [steps, all, n] at `to`. */
	copyOut(
		from: number,
		width: number,
		{ steps, all, n }: Extent,
		shard: Shard,
		to: number,
	): void {
		this.engine.kernels.copyRows(
			...([steps, shard.B, n] as const),
			...([from, shard.B * width * 4, width * 4] as const),
			...([to + shard.from * n * 4, all * n * 4, n * 4] as const),
		);
	}
}
