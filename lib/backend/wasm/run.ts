import type { Sequence } from "../backend.ts";
import type { WasmMemory } from "./memory.ts";
import type { Plan } from "./plans.ts";
import { padded, type Shard } from "./shards.ts";

/** A run as the kernels read it: the fields of kernels/run.ts, in its order. Sizes, then addresses. */
export const blank = {
	T: 0,
	B: 0,
	D: 0,
	H: 0,
	variant: 0,
	weights: 0,
	gradients: 0,
	lengths: 0,
	x: 0,
	dx: 0,
	h: 0,
	c: 0,
	gates: 0,
	extra: 0,
	dOutputs: 0,
	dh: 0,
	dc: 0,
	packedW: 0,
	packedU: 0,
	biases: 0,
	work: 0,
};
export type FusedRun = typeof blank;
const fields = Object.keys(blank) as (keyof FusedRun)[];

/** Writes a run for the kernels to read, until the end of the call. */
export function writeRun(memory: WasmMemory, run: FusedRun): number {
	const at = memory.borrow(fields.length * 4);
	for (let i = 0; i < fields.length; i++)
		memory.words[at / 4 + i] = run[fields[i]];
	return at;
}

/** Writes whole numbers, until the end of the call. */
export function writeTable(
	memory: WasmMemory,
	numbers: readonly number[],
): number {
	const at = memory.borrow(numbers.length * 4);
	memory.words.set(numbers, at / 4);
	return at;
}

export function sizes(plan: Plan, { T, D, H }: Sequence, { B }: Shard) {
	return { T, B, D, H, variant: plan.variant };
}

/**
 * Where a run of `B` rows keeps what backward needs, one after the other from `start`, and how many bytes that takes.
 * `x` is where its inputs lie already, if they do.
 */
export function layout(
	plan: Plan,
	{ T, D, H, lengths }: Sequence,
	{ B }: Shard,
	start: number,
	x?: number,
) {
	const P = padded(H);
	let end = start;
	const next = (count: number): number => {
		const at = end;
		end += Math.ceil(count / 16) * 64;
		return at;
	};
	const places = {
		lengths: lengths ? next(B) : 0,
		x: x ?? next(T * B * D),
		h: next((T + 1) * B * P),
		c: plan.states === 2 ? next((T + 1) * B * P) : 0,
		gates: next(T * B * plan.kept * P),
		extra: plan.extra ? next(T * B * P) : 0,
	};
	return { places, size: end - start };
}
