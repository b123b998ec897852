import type { Sequence } from "../backend.ts";
import { ROWS_AHEAD } from "./constants.ts";
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
	kept: 0,
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

export function sizes(plan: Plan, sequence: Sequence, shard: Shard) {
	const { T, D, H } = sequence;
	const kept = keptSteps(sequence, shard);
	return { T, B: shard.B, D, H, variant: plan.variant, kept };
}

/** Of how many steps gates are kept: of all where a backward comes, else of those that are projected at once. */
function keptSteps({ T, record }: Sequence, { B }: Shard): number {
	const ahead = Math.max(1, Math.floor(ROWS_AHEAD / B));
	return record ? T : Math.min(T, ahead);
}

/**
 * Where a run of `B` rows keeps what backward needs, one after the other from `start`, and how many bytes that takes.
 * `x` is where its inputs lie already, if they do. Where no backward comes, gates and c are overwritten as the steps go on.
 */
export function layout(
	plan: Plan,
	sequence: Sequence,
	shard: Shard,
	start: number,
	x?: number,
) {
	const { T, D, H, lengths } = sequence;
	const { B } = shard;
	const P = padded(H);
	const kept = keptSteps(sequence, shard);
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
		c: plan.states === 2 ? next((kept < T ? 1 : T + 1) * B * P) : 0,
		gates: next(kept * B * plan.kept * P),
		extra: plan.extra ? next(kept * B * P) : 0,
	};
	return { places, size: end - start };
}
