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
	ahead: 0,
	kept: 0,
	weights: 0,
	gradients: 0,
	lengths: 0,
	x: 0,
	dx: 0,
	states: 0,
	gates: 0,
	extra: 0,
	dOutputs: 0,
	dStates: 0,
	spare: 0,
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
	for (let i = 0; i < numbers.length; i++)
		memory.words[at / 4 + i] = numbers[i];
	return at;
}

/** So many rows of inputs are projected at once, before their steps: few enough that their gates are still in the cache when their step comes. */
const ROWS_AHEAD = 384;

/** The sizes of a run on a part of the batch. */
export function sizes(
	{ variant }: Plan,
	{ T, D, H, record }: Sequence,
	{ B }: Shard,
) {
	const ahead = Math.max(1, Math.floor(ROWS_AHEAD / B));
	const kept = record ? T : Math.min(T, ahead);
	return { T, B, D, H, variant, ahead, kept };
}

/**
 * The addresses of the inputs and of what backward needs, for a part of the batch, one after the other from `start`; and their size in bytes.
 * `x` is the address of the inputs, if they are in this memory already. Without a backward, each step overwrites the gates and all states but
 * the first.
 */
export function layout(
	plan: Plan,
	sequence: Sequence,
	shard: Shard,
	start: number,
	x?: number,
) {
	const { T, B, D, H, kept } = sizes(plan, sequence, shard);
	const P = padded(H);
	let end = start;
	const next = (count: number): number => {
		const at = end;
		end += Math.ceil(count / 16) * 64;
		return at;
	};
	const inputs = {
		lengths: sequence.lengths ? next(B) : 0,
		x: x ?? next(T * B * D),
	};
	const states = plan.states.map((_, i) => {
		const steps = i === 0 || kept === T ? T : 0;
		const first = next((steps + 1) * B * P);
		return { first, last: first + steps * B * P * 4 };
	});
	const addresses = {
		...inputs,
		gates: next(kept * B * plan.keptGates * P),
		extra: plan.extra ? next(kept * B * P) : 0,
	};
	return { addresses, states, size: end - start };
}
