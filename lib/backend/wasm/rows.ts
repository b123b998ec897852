import type { Arrays } from "./arrays.ts";
import type { Engine } from "./engine.ts";
import type { Shard } from "./shards.ts";

/** An array [steps, all, n] of JavaScript's; `at` is its address in the kernels' memory, once it has one. */
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

/** Copies rows into the kernels' memory and back: a part of the batch at a time, padded to the width that the kernels need. */
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

	/** The address of the shard's rows, if they are in the kernels' memory and `width` numbers wide; undefined where they must be copied. */
	inPlace({ array, all, n }: Source, shard: Shard, width: number) {
		const whole = shard.B === all && n === width;
		return whole ? this.engine.memory.addressOf(array) : undefined;
	}

	/** Copies the shard's rows of `source` to `to`, each `width` numbers wide. */
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

	/** The rows of every part, at `from` and `width` numbers wide, as one new array [steps, all, n]. */
	collect<Part extends { readonly shard: Shard }>(
		parts: readonly Part[],
		from: (part: Part) => number,
		width: number,
		{ steps, all, n }: Extent,
	): Float32Array {
		if (parts.length === 1 && width === n)
			return this.arrays.read(from(parts[0]), steps * all * n);
		const to = this.engine.memory.borrow(steps * all * n * 4);
		for (const part of parts) {
			const { shard } = part;
			this.engine.kernels.copyRows(
				...([steps, shard.B, n] as const),
				...([from(part), shard.B * width * 4, width * 4] as const),
				...([to + shard.from * n * 4, all * n * 4, n * 4] as const),
			);
		}
		return this.arrays.read(to, steps * all * n);
	}
}
