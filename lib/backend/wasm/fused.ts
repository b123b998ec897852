import type { Fused, FusedKind, Sequence, Tape } from "../backend.ts";
import type { Arrays } from "./arrays.ts";
import { type Engine, WORK } from "./engine.ts";
import type { WasmMemory } from "./memory.ts";
import { plans } from "./plans.ts";
import { type Placed, Rows, type Source } from "./rows.ts";
import {
	blank,
	type FusedRun,
	layout,
	sizes,
	writeRun,
	writeTable,
} from "./run.ts";
import { padded, type Shard } from "./shards.ts";
import type { SavedBlock, Tapes } from "./tapes.ts";

interface RunTape extends Tape {
	readonly sequence: Sequence;
	/** What each part of the batch keeps in the kernels' memory. */
	readonly parts: (Shard & { block: SavedBlock })[];
	state: "recorded" | "used" | "released";
}

/** What every run works with. */
interface Desk {
	readonly engine: Engine;
	readonly arrays: Arrays;
	readonly rows: Rows;
	readonly tapes: Tapes;
}

/** Whole-sequence kernels for every cell that has them. */
export function fusedKernels(
	engine: Engine,
	arrays: Arrays,
	tapes: Tapes,
): Record<FusedKind, Fused> {
	const rows = new Rows(engine, arrays);
	const desk = { engine, arrays, rows, tapes };
	const kernels = (Object.keys(plans) as FusedKind[]).map((kind) => [
		kind,
		{
			forward: (sequence) => arrays.within(() => forward(desk, kind, sequence)),
			backward: (tape, dOutputs, dState, need) =>
				arrays.within(() =>
					backward(desk, tape as RunTape, dOutputs, dState, need),
				),
			release: (tape) => release(desk, tape as RunTape),
		} satisfies Fused,
	]);
	return Object.fromEntries(kernels);
}

function forward(
	desk: Desk,
	kind: FusedKind,
	sequence: Sequence,
): ReturnType<Fused["forward"]> {
	const { engine, arrays, rows, tapes } = desk;
	const { memory } = engine;
	const plan = plans[kind];
	const { T, B, D, H, state, lengths, record } = sequence;
	const P = padded(H);
	const tape: RunTape = { kind, sequence, parts: [], state: "recorded" };
	if (T * B === 0)
		return {
			outputs: new Float32Array(T * B * H),
			state: state.map((part) => part.slice()),
			tape: record ? tape : undefined,
		};

	const weights = weightTable(arrays, memory, sequence);
	const x = rows.source(sequence.x, { steps: T, all: B, n: D });
	const before = state.map((part) =>
		rows.source(part, { steps: 1, all: B, n: H }),
	);
	const operations = T * B * plan.gates * H * (D + H);
	const shards = engine.threads.split(B, operations);
	const runs = shards.map((shard) => {
		const there = rows.inPlace(x, shard, D);
		const { size } = layout(plan, sequence, shard, 0, there);
		const block = record ? tapes.keep(size) : undefined;
		if (block) tape.parts.push({ ...shard, block });
		const at = block?.at ?? memory.borrow(size);
		const { places } = layout(plan, sequence, shard, at, there);
		if (there === undefined) rows.copyIn(x, shard, places.x, D);
		rows.copyIn(before[0], shard, places.h, P);
		if (before[1]) rows.copyIn(before[1], shard, places.c, P);
		if (lengths)
			memory.words.set(
				lengths.subarray(shard.from, shard.from + shard.B),
				places.lengths / 4,
			);
		const run: FusedRun = {
			...blank,
			...sizes(plan, sequence, shard),
			...places,
			weights,
			packedW: T * B > 1 ? memory.borrow(D * plan.gates * P * 4) : 0,
			packedU: B > 1 ? memory.borrow(H * plan.gates * P * 4) : 0,
			biases: memory.borrow((plan.gates + 1) * P * 4),
		};
		return { shard, run, at: writeRun(memory, run) };
	});
	engine.threads.run(
		`${plan.kernel}Forward`,
		runs.map(({ at }) => at),
	);

	const extent = { steps: 1, all: B, n: H };
	const after = [rows.collect(runs, lastH, P, extent)];
	if (state.length > 1) after.push(rows.collect(runs, lastC, P, extent));
	return {
		outputs: T === 1 && !lengths ? after[0] : readOutputs(desk, sequence, runs),
		state: after,
		tape: record ? tape : undefined,
	};
}

/** Where the state after the last step lies. */
const lastH = ({ h, T, B, H }: FusedRun) => h + T * B * padded(H) * 4;
const lastC = ({ c, kept, T, B, H }: FusedRun) =>
	kept < T ? c : c + T * B * padded(H) * 4;

/** The outputs of every part, [T, B, H]. */
function readOutputs(
	{ engine, arrays }: Desk,
	{ T, B, H, lengths }: Sequence,
	runs: Placed[],
): Float32Array {
	if (runs.length === 1 && !lengths && H === padded(H))
		return arrays.read(runs[0].run.h + B * H * 4, T * B * H);
	const to = engine.memory.borrow(T * B * H * 4);
	for (const { shard, at } of runs)
		engine.kernels.copyOutputs(at, to + shard.from * H * 4, B * H * 4);
	return arrays.read(to, T * B * H);
}

function backward(
	{ engine, arrays, rows, tapes }: Desk,
	tape: RunTape,
	dOutputs: Float32Array | null,
	dState: (Float32Array | null)[],
	need: { x: boolean; state: boolean },
): ReturnType<Fused["backward"]> {
	const { memory, kernels } = engine;
	const { kind, sequence, parts } = tape;
	const plan = plans[kind];
	const { T, B, D, H, state, weights } = sequence;
	const P = padded(H);
	if (tape.state !== "recorded")
		throw new Error(`${kind}: this tape was ${tape.state} already`);
	tape.state = "used";
	if (T * B === 0)
		return {
			x: need.x ? new Float32Array(T * B * D) : undefined,
			state: state.map((part, i) => dState[i] ?? new Float32Array(part.length)),
			weights: weights.map((w) => new Float32Array(w.length)),
		};

	const table = weightTable(arrays, memory, sequence);
	const x = rows.source(sequence.x, { steps: T, all: B, n: D });
	const outputs = dOutputs && rows.source(dOutputs, { steps: T, all: B, n: H });
	const after = state.map(
		(_, i) => dState[i] && rows.source(dState[i], { steps: 1, all: B, n: H }),
	);
	const put = (d: Source | null, part: Shard, to: number, count: number) => {
		if (d) rows.copyIn(d, part, to, P);
		else arrays.clear(to, count);
	};
	const results = weights.map((w) => arrays.uninitialised(w.length));
	const runs = parts.map((part) => {
		const gradients = results.map((result) =>
			part.from === 0 ? arrays.to(result) : memory.borrow(result.length * 4),
		);
		const there = rows.inPlace(x, part, D);
		const given = outputs ? rows.inPlace(outputs, part, P) : undefined;
		const run: FusedRun = {
			...blank,
			...sizes(plan, sequence, part),
			...layout(plan, sequence, part, tapes.addressOf(part.block), there)
				.places,
			weights: table,
			gradients: writeTable(memory, gradients),
			dx: need.x ? memory.borrow(T * part.B * D * 4) : 0,
			dOutputs: given ?? memory.borrow(T * part.B * P * 4),
			dh: memory.borrow(part.B * P * 4),
			dc: memory.borrow(part.B * P * 4),
			packedW: memory.borrow(plan.gates * P * padded(D) * 4),
			packedU: memory.borrow(plan.gates * P * P * 4),
			biases: memory.borrow((plan.gates + 1) * P * 4),
			work: part.from === 0 ? engine.work : memory.borrow(WORK),
		};
		if (given === undefined) put(outputs, part, run.dOutputs, T * part.B * P);
		put(after[0], part, run.dh, part.B * P);
		if (after.length > 1) put(after[1], part, run.dc, part.B * P);
		return { shard: part, run, gradients, at: writeRun(memory, run) };
	});
	engine.threads.run(
		`${plan.kernel}Backward`,
		runs.map(({ at }) => at),
	);

	const [first, ...others] = runs;
	for (const { gradients } of others)
		weights.forEach((w, i) => {
			kernels.accumulate(w.length, gradients[i], first.gradients[i]);
		});
	results.forEach((result, i) => {
		arrays.settle(result, first.gradients[i]);
	});
	const steps = { steps: T, all: B, n: D };
	const rest = { steps: 1, all: B, n: H };
	return {
		x: need.x ? rows.collect(runs, (run) => run.dx, D, steps) : undefined,
		state: state.map((_, i) =>
			need.state
				? rows.collect(runs, (run) => (i === 0 ? run.dh : run.dc), P, rest)
				: undefined,
		),
		weights: results,
	};
}

function release({ tapes }: Desk, tape: RunTape): void {
	for (const { block } of tape.parts) tapes.drop(block);
	tape.parts.length = 0;
	tape.state = "released";
}

function weightTable(
	arrays: Arrays,
	memory: WasmMemory,
	{ weights }: Sequence,
): number {
	return writeTable(
		memory,
		weights.map((w) => arrays.from(w)),
	);
}
