import type { Fused, FusedKind, Sequence, Tape } from "../backend.ts";
import type { Arrays } from "./arrays.ts";
import { type Engine, WORK } from "./engine.ts";
import { type Plan, plans } from "./plans.ts";
import { type Extent, Rows, type Source } from "./rows.ts";
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

/** A part of the batch that runs forward; its run is written for the kernels at `at`. */
interface ForwardPart {
	readonly shard: Shard;
	readonly states: readonly { first: number; last: number }[];
	readonly at: number;
}

/** A part of the batch that runs backward: where its gradients come about. */
interface BackwardPart {
	readonly shard: Shard;
	readonly dx: number;
	readonly dStates: readonly number[];
	readonly gradients: readonly number[];
	readonly at: number;
}

/** Whole-sequence kernels for every cell that has them. */
export function fusedKernels(
	engine: Engine,
	arrays: Arrays,
	tapes: Tapes,
): Record<FusedKind, Fused> {
	const runner = new Runner(engine, arrays, tapes);
	const kernels = (Object.keys(plans) as FusedKind[]).map((kind) => [
		kind,
		{
			forward: (sequence) =>
				arrays.within(() => runner.forward(kind, sequence)),
			backward: (tape, dOutputs, dState, need) =>
				arrays.within(() =>
					runner.backward(tape as RunTape, dOutputs, dState, need),
				),
			release: (tape) => runner.release(tape as RunTape),
		} satisfies Fused,
	]);
	return Object.fromEntries(kernels);
}

class Runner {
	readonly #engine: Engine;
	readonly #arrays: Arrays;
	readonly #rows: Rows;
	readonly #tapes: Tapes;

	constructor(engine: Engine, arrays: Arrays, tapes: Tapes) {
		this.#engine = engine;
		this.#arrays = arrays;
		this.#rows = new Rows(engine, arrays);
		this.#tapes = tapes;
	}

	forward(kind: FusedKind, sequence: Sequence): ReturnType<Fused["forward"]> {
		const plan = plans[kind];
		const { T, B, D, H, state, lengths, record } = sequence;
		expectPlanned(kind, plan, sequence);
		const tape: RunTape = { kind, sequence, parts: [], state: "recorded" };
		if (T * B === 0)
			return {
				outputs: new Float32Array(T * B * H),
				state: state.map((part) => part.slice()),
				tape: record ? tape : undefined,
			};

		const weights = this.#weightTable(sequence);
		const x = this.#rows.source(sequence.x, { steps: T, all: B, n: D });
		const extent = { steps: 1, all: B, n: H };
		const before = state.map((part) => this.#rows.source(part, extent));
		const operations = T * B * plan.gates * H * (D + H);
		const parts = this.#engine.threads
			.split(B, operations)
			.map((shard) =>
				this.#forwardPart(plan, tape, shard, { x, before, weights }),
			);
		this.#run(plan.forward, parts);

		const after = state.map((_, i) => this.#lastOf(parts, i, extent));
		return {
			outputs: T === 1 && !lengths ? after[0] : this.#outputs(sequence, parts),
			state: after,
			tape: record ? tape : undefined,
		};
	}

	backward(
		tape: RunTape,
		dOutputs: Float32Array | null,
		dState: readonly (Float32Array | null)[],
		need: { x: boolean; state: boolean },
	): ReturnType<Fused["backward"]> {
		const { kind, sequence } = tape;
		const { T, B, D, H, state, weights } = sequence;
		if (tape.state !== "recorded")
			throw new Error(`${kind}: this tape was ${tape.state} already`);
		tape.state = "used";
		if (T * B === 0)
			return {
				x: need.x ? new Float32Array(T * B * D) : undefined,
				state: state.map(
					(part, i) => dState[i] ?? new Float32Array(part.length),
				),
				weights: weights.map((w) => new Float32Array(w.length)),
			};

		const rows = this.#rows;
		const inputs = { steps: T, all: B, n: D };
		const extent = { steps: 1, all: B, n: H };
		const given = {
			x: rows.source(sequence.x, inputs),
			outputs: dOutputs && rows.source(dOutputs, { ...extent, steps: T }),
			after: state.map((_, i) => {
				const d = dState[i];
				return d && rows.source(d, extent);
			}),
			weights: this.#weightTable(sequence),
		};
		const results = weights.map((w) => this.#arrays.uninitialised(w.length));
		const parts = tape.parts.map((part) =>
			this.#backwardPart(tape, part, given, need.x, results),
		);
		this.#run(plans[kind].backward, parts);

		this.#sumGradients(parts, results);
		const P = padded(H);
		return {
			x: need.x ? rows.collect(parts, ({ dx }) => dx, D, inputs) : undefined,
			state: state.map((_, i) =>
				need.state
					? rows.collect(parts, ({ dStates }) => dStates[i], P, extent)
					: undefined,
			),
			weights: results,
		};
	}

	release(tape: RunTape): void {
		for (const { block } of tape.parts) this.#tapes.drop(block);
		tape.parts.length = 0;
		tape.state = "released";
	}

	/** Runs a kernel on all parts of the batch. */
	#run(kernel: string, parts: readonly { readonly at: number }[]): void {
		this.#engine.threads.run(
			kernel,
			parts.map(({ at }) => at),
		);
	}

	/** The table of the weights' addresses. */
	#weightTable({ weights }: Sequence): number {
		return writeTable(
			this.#engine.memory,
			weights.map((w) => this.#arrays.from(w)),
		);
	}

	/** The table of where the states before the first step lie. */
	#stateTable(states: ForwardPart["states"]): number {
		return writeTable(
			this.#engine.memory,
			states.map(({ first }) => first),
		);
	}

	/** Copies what a part of the batch begins with to where its kernel reads it. */
	#forwardPart(
		plan: Plan,
		tape: RunTape,
		shard: Shard,
		from: { x: Source; before: readonly Source[]; weights: number },
	): ForwardPart {
		const { memory } = this.#engine;
		const { sequence } = tape;
		const { T, D, H, lengths, record } = sequence;
		const { B } = shard;
		const P = padded(H);
		const x = this.#rows.inPlace(from.x, shard, D);
		const { size } = layout(plan, sequence, shard, 0, x);
		const block = record ? this.#tapes.keep(size) : undefined;
		if (block) tape.parts.push({ ...shard, block });
		const start = block?.at ?? memory.borrow(size);
		const { addresses, states } = layout(plan, sequence, shard, start, x);
		if (x === undefined) this.#rows.copyIn(from.x, shard, addresses.x, D);
		from.before.forEach((part, i) => {
			this.#rows.copyIn(part, shard, states[i].first, P);
		});
		if (lengths)
			memory.words.set(
				lengths.subarray(shard.from, shard.from + B),
				addresses.lengths / 4,
			);
		const run: FusedRun = {
			...blank,
			...sizes(plan, sequence, shard),
			...addresses,
			weights: from.weights,
			states: this.#stateTable(states),
			packedW: T * B > 1 ? memory.borrow(D * plan.gates * P * 4) : 0,
			packedU: B > 1 ? memory.borrow(H * plan.gates * P * 4) : 0,
			biases: memory.borrow(plan.biases * P * 4),
		};
		return { shard, states, at: writeRun(memory, run) };
	}

	/** State `i` after each sequence's last step, [B, H]. */
	#lastOf(
		parts: readonly ForwardPart[],
		i: number,
		extent: Extent,
	): Float32Array {
		const from = ({ states }: ForwardPart) => states[i].last;
		return this.#rows.collect(parts, from, padded(extent.n), extent);
	}

	/** The outputs of all parts, [T, B, H]. */
	#outputs(
		{ T, B, H, lengths }: Sequence,
		parts: readonly ForwardPart[],
	): Float32Array {
		const { memory, kernels } = this.#engine;
		if (parts.length === 1 && !lengths && H === padded(H))
			return this.#arrays.read(parts[0].states[0].first + B * H * 4, T * B * H);
		const to = memory.borrow(T * B * H * 4);
		for (const { shard, at } of parts)
			kernels.copyOutputs(at, to + shard.from * H * 4, B * H * 4);
		return this.#arrays.read(to, T * B * H);
	}

	/** Copies the gradients that a part of the batch is given to where its kernel reads them, zeros for those that are null. */
	#backwardPart(
		{ kind, sequence }: RunTape,
		part: Shard & { block: SavedBlock },
		given: {
			x: Source;
			outputs: Source | null;
			after: readonly (Source | null)[];
			weights: number;
		},
		needX: boolean,
		results: readonly Float32Array[],
	): BackwardPart {
		const { memory, work } = this.#engine;
		const plan = plans[kind];
		const { T, D, H } = sequence;
		const { B } = part;
		const P = padded(H);
		const first = part.from === 0;
		const gradients = results.map((result) =>
			first ? this.#arrays.to(result) : memory.borrow(result.length * 4),
		);
		const x = this.#rows.inPlace(given.x, part, D);
		const start = this.#tapes.addressOf(part.block);
		const { addresses, states } = layout(plan, sequence, part, start, x);
		const dStates = given.after.map((d) => {
			const at = memory.borrow(B * P * 4);
			this.#copyGradient(d, part, at, 1, P);
			return at;
		});
		const run: FusedRun = {
			...blank,
			...sizes(plan, sequence, part),
			...addresses,
			weights: given.weights,
			gradients: writeTable(memory, gradients),
			dx: needX ? memory.borrow(T * B * D * 4) : 0,
			states: this.#stateTable(states),
			dOutputs: this.#dOutputs(given.outputs, part, T, P),
			dStates: writeTable(memory, dStates),
			spare: plan.spare ? memory.borrow(B * P * 4) : 0,
			packedW: memory.borrow(plan.gates * P * padded(D) * 4),
			packedU: memory.borrow(plan.gates * P * P * 4),
			biases: memory.borrow(plan.biases * P * 4),
			work: first ? work : memory.borrow(WORK),
		};
		const { dx } = run;
		return { shard: part, dx, dStates, gradients, at: writeRun(memory, run) };
	}

	/** Where a part of the batch reads the gradient of its outputs: where it lies, if it lies as the kernel reads it, else in a copy. */
	#dOutputs(d: Source | null, part: Shard, T: number, P: number): number {
		const there = d ? this.#rows.inPlace(d, part, P) : undefined;
		if (there !== undefined) return there;
		const at = this.#engine.memory.borrow(T * part.B * P * 4);
		this.#copyGradient(d, part, at, T, P);
		return at;
	}

	#copyGradient(
		d: Source | null,
		part: Shard,
		to: number,
		steps: number,
		P: number,
	): void {
		if (d) this.#rows.copyIn(d, part, to, P);
		else this.#arrays.clear(to, steps * part.B * P);
	}

	/** Sums the weights' gradients of all parts of the batch in `results`, where those of the first part are. */
	#sumGradients(
		[first, ...others]: readonly BackwardPart[],
		results: readonly Float32Array[],
	): void {
		for (const { gradients } of others)
			results.forEach(({ length }, i) => {
				this.#engine.kernels.accumulate(
					...([length, gradients[i], first.gradients[i]] as const),
				);
			});
		results.forEach((result, i) => {
			this.#arrays.settle(result, first.gradients[i]);
		});
	}
}

/** @throws when a cell hands over other states or weights than its plan counts. */
function expectPlanned(
	kind: FusedKind,
	{ gates, biases, states }: Plan,
	{ state, weights }: Sequence,
): void {
	const wanted = 2 * gates + biases;
	if (state.length === states.length && weights.length === wanted) return;
	throw new Error(
		`${kind}: the kernel takes the states ${states.join(", ")} and ${wanted} weights, got ${state.length} states and ${weights.length} weights; its plan is in lib/backend/wasm/plans.ts`,
	);
}
