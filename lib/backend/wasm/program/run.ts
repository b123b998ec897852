import type { StepLeaf, StepRun, Steps, StepTape } from "../../steps.ts";
import type { Arrays } from "../arrays.ts";
import {
	Clear,
	ClearEnded,
	Copy,
	CopyEnded,
	K_BLOCK,
	N_BLOCK,
	PANEL,
} from "../constants.ts";
import { type Engine, WORK } from "../engine.ts";
import { writeTable } from "../run.ts";
import { padded, type Shard } from "../shards.ts";
import type { SavedBlock, Tapes } from "../tapes.ts";
import { all, Block, type Code, writeCode } from "./code.ts";
import { type Group, Plan, weightOf } from "./plan.ts";
import { SlopePlan } from "./slopes.ts";

/** What a forward keeps: of each part of the batch the blocks that backward reads. */
interface Tape {
	readonly run: StepRun;
	readonly plan: Plan;
	readonly parts: (Shard & { block: SavedBlock })[];
	state: "recorded" | "used" | "released";
}

/** Instructions before the steps, for each step, after each block of steps, and after all steps. */
interface Sections {
	before: Code[];
	each: Code[];
	/** Steps in a block; all, if not told. */
	block?: number;
	often?: Code[];
	after: Code[];
}

/**
 * Steps in a block. After each block the gradients of weights are summed, while the gradients of the products are still in the cache. Where
 * these are too wide for it, a block has as many rows as a product takes at once.
 */
function blockSteps(groups: readonly Group[], B: number): number {
	const widest = Math.max(0, ...groups.map(({ width }) => width));
	const rows = widest <= N_BLOCK ? K_BLOCK / 2 : K_BLOCK;
	return Math.max(1, Math.floor(rows / B));
}

/** Numbers of an operand, and rows at least, that instructions work on before they come to the next rows. */
const FEW = 2048;
const FEWEST = 4;

/** Rows that a step's instructions do at once. */
function fewRows(each: readonly Code[], B: number): number {
	const widest = Math.max(1, ...each.map(({ width }) => width));
	return Math.min(B, Math.max(FEWEST, Math.floor(FEW / widest)));
}

/** Runs traced steps of cells as programs. */
export function programs(engine: Engine, arrays: Arrays, tapes: Tapes): Steps {
	const runner = new Runner(engine, arrays, tapes);
	return {
		forward: (run) => arrays.within(() => runner.forward(run)),
		backward: (tape, dOutputs, dState) =>
			arrays.within(() => runner.backward(tape as Tape, dOutputs, dState)),
		release: (tape: StepTape) => runner.release(tape as Tape),
	};
}

class Runner {
	readonly #engine: Engine;
	readonly #arrays: Arrays;
	readonly #tapes: Tapes;

	constructor(engine: Engine, arrays: Arrays, tapes: Tapes) {
		this.#engine = engine;
		this.#arrays = arrays;
		this.#tapes = tapes;
	}

	forward(run: StepRun): ReturnType<Steps["forward"]> {
		const { memory, threads } = this.#engine;
		const { T, B, record } = run;
		const plan = new Plan(run);
		const { trace } = plan;
		for (const group of plan.groups) this.#pack(group, false);
		const outputs = trace.outputs.map(({ columns }) =>
			this.#result(T * B * columns),
		);
		const state = run.state.map(({ length }) => this.#result(length));
		const tape: Tape = { run, plan, parts: [], state: "recorded" };
		const shards = threads.split(B, T * B * plan.operations);
		const codes = shards.map((shard) => {
			const size = this.#layOut(plan, run, shard, 0);
			const block = record ? this.#tapes.keep(size) : undefined;
			if (block) tape.parts.push({ ...shard, block });
			this.#layOut(plan, run, shard, block?.at ?? memory.borrow(size));
			this.#borrow(plan.blocks, shard.B);
			this.#fillLeaves(plan, run, shard);
			const out = outputs.map(({ at }, i) =>
				outside(trace.outputs[i].columns, at, shard, B),
			);
			return this.#write(plan, run, shard, false, {
				before: plan.state.map((block, i) => {
					const from = this.#arrays.from(run.state[i] as Float32Array);
					const a = outside(block.width, from, shard, B);
					return { op: Copy, out: all(block), width: block.width, a: all(a) };
				}),
				each: [
					...this.#copyX(plan, run, shard),
					...plan.code,
					...hold(plan, run),
					...hand(plan, run, out),
				],
				after: plan.state.map((block, i) => {
					const out = outside(block.width, state[i].at, shard, B);
					const a = { block, column: 0, shift: T };
					return { op: Copy, out: all(out), width: block.width, a };
				}),
			});
		});
		threads.run("programPart", codes);
		return {
			outputs: outputs.map((part) => part.settle()),
			state: state.map((part) => part.settle()),
			tape: record ? tape : undefined,
		};
	}

	backward(
		tape: Tape,
		dOutputs: readonly (Float32Array | null)[],
		dState: readonly (Float32Array | null)[],
	): ReturnType<Steps["backward"]> {
		const { memory, threads, kernels } = this.#engine;
		const { run, plan, parts } = tape;
		if (tape.state !== "recorded")
			throw new Error(`the tape of a step was ${tape.state} already`);
		tape.state = "used";
		const { trace, T, B, gradient } = run;
		const given = dOutputs.map((d) => d && this.#arrays.from(d));
		const dx = gradient ? this.#result(T * B * trace.x.columns) : undefined;
		const state = run.state.map(({ length }) => this.#result(length));
		const results = new Map<StepLeaf, Result>();
		const resultOf = (leaf: StepLeaf) => {
			const known = results.get(leaf) ?? this.#result(leaf.data.length);
			results.set(leaf, known);
			return known;
		};
		const later: { leaf: StepLeaf; at: number }[] = [];
		const codes = parts.map((part, i) => {
			this.#layOut(plan, run, part, this.#tapes.addressOf(part.block));
			const work = i === 0 ? this.#engine.work : memory.borrow(WORK);
			const lengths = run.lengths !== undefined;
			const there = given.map((at) => at !== null);
			const about = { T, B: part.B, given: there, lengths, work };
			const slopes = new SlopePlan(plan, about);
			for (const group of slopes.groups)
				if (plan.wanted(group.left)) this.#pack(group, true);
			const block = Math.min(T, blockSteps(slopes.groups, part.B));
			this.#borrow(slopes.blocks, part.B, block);
			slopes.given.forEach((block, i) => {
				setOutside(block, given[i] ?? 0, part, B);
			});
			if (dx) setOutside(slopes.x, dx.at, part, B);
			this.#placeSums(slopes, T, part.B);
			for (const [leaf, block] of slopes.results) {
				if (slopes.sums.get(leaf)?.kept === false) {
					setOutside(block, resultOf(leaf).at, part, B); // its own rows
					continue;
				}
				const whole = i === 0 ? resultOf(leaf).at : undefined;
				const at = whole ?? memory.borrow(leaf.data.length * 4);
				if (i > 0) later.push({ leaf, at });
				block.place(at, 1);
			}
			return this.#write(plan, run, part, true, {
				before: slopes.carried.map((block, s) => {
					const { width } = block;
					const d = dState[s];
					if (!d) return { op: Clear, out: all(block), width };
					const a = outside(width, this.#arrays.from(d), part, B);
					return { op: Copy, out: all(block), width, a: all(a) };
				}),
				each: slopes.code,
				block,
				often: slopes.often,
				after: [
					...slopes.carried.map((block, s) => {
						const { width } = block;
						const out = all(outside(width, state[s].at, part, B));
						return { op: Copy, out, width, a: all(block) };
					}),
					...slopes.after,
				],
			});
		});
		threads.run("programPart", codes);
		for (const { leaf, at } of later)
			kernels.accumulate(leaf.data.length, at, resultOf(leaf).at);
		return {
			x: dx?.settle(),
			state: state.map((part) => part.settle()),
			leaves: trace.leaves.map((leaf) => results.get(leaf)?.settle()),
		};
	}

	release(tape: Tape): void {
		for (const { block } of tape.parts) this.#tapes.drop(block);
		tape.parts.length = 0;
		tape.state = "released";
	}

	#result(count: number): Result {
		return new Result(this.#arrays, count);
	}

	/** Places the kept blocks of a part of the batch one after the other from `start`; returns how many bytes they take. */
	#layOut(plan: Plan, run: StepRun, { from, B }: Shard, start: number): number {
		const { T } = run;
		let end = start;
		const next = (count: number) => {
			const at = end;
			end += Math.ceil(count / 16) * 64;
			return at;
		};
		for (const block of plan.blocks)
			if (block.kept) block.place(next((T + block.more) * B * block.width), B);
		if (B === run.B)
			setOutside(plan.x, this.#arrays.from(run.x), { from, B }, B);
		else plan.x.place(next(T * B * plan.x.width), B);
		for (const { block, rows } of plan.leaves.values()) {
			const own = rows === 1 ? 1 : B;
			block.place(next(T * own * block.width), own);
			if (rows === 1) block.row = 0;
		}
		return end - start;
	}

	/** Finds a place for blocks that last as long as the call; with `again`, of those that differ from step to step for so many steps. */
	#borrow(blocks: readonly Block[], B: number, again?: number): void {
		const { memory } = this.#engine;
		for (const block of blocks) {
			if (block.kept && again === undefined) continue;
			const steps = block.kept ? (again as number) : 1;
			block.place(memory.borrow(steps * B * block.width * 4), B);
			block.again = block.kept;
		}
	}

	/** Copies the leaves that differ from step to step into the kernels' memory. */
	#fillLeaves(plan: Plan, { T, B: whole }: StepRun, { from, B }: Shard): void {
		const { floats } = this.#engine.memory;
		for (const [{ each }, { block, rows }] of plan.leaves) {
			const run = (rows === 1 ? 1 : B) * block.width;
			const first = rows === 1 || B === whole ? 0 : from * block.width;
			for (let t = 0; t < T; t++) {
				const data = (each as Float32Array[])[t];
				const all =
					data.length === run ? data : data.subarray(first, first + run);
				floats.set(all, block.at / 4 + t * run);
			}
		}
	}

	/** Copies a part of the batch its own rows of x. */
	#copyX(plan: Plan, run: StepRun, shard: Shard): Code[] {
		if (shard.B === run.B) return [];
		const width = plan.x.width;
		const a = outside(width, this.#arrays.from(run.x), shard, run.B);
		return [{ op: Copy, out: all(plan.x), width, a: all(a) }];
	}

	/** Places the sums of the gradients of leaves, and clears them. */
	#placeSums({ sums, sides }: SlopePlan, T: number, B: number): void {
		const { memory } = this.#engine;
		for (const block of sums.values()) {
			const size = (block.kept ? T : B) * block.width;
			block.place(memory.borrow(size * 4), 1);
			this.#arrays.clear(block.at, size);
		}
		for (const { block, rows } of sides)
			block.place(memory.borrow(rows * block.width * 4), 1);
	}

	/** Packs the matrices of a group side by side; with `turned`, their transposes. */
	#pack(group: Group, turned: boolean): void {
		const { memory, kernels } = this.#engine;
		const { left, members, width: N, packed } = group;
		const K = left.columns;
		const weights = members.map((node) =>
			this.#arrays.from(weightOf(node).data),
		);
		let [matrix] = weights;
		if (members.length > 1) {
			matrix = memory.borrow(K * N * 4);
			let to = matrix;
			members.forEach(({ columns: n }, i) => {
				kernels.copyColumns(K, n, weights[i], n * 4, to, N * 4);
				to += n * 4;
			});
		}
		const [rows, columns] = turned ? [N, K] : [K, N];
		const [row, column] = turned ? [4, N * 4] : [N * 4, 4];
		packed.at = memory.borrow(rows * padded(columns) * 4);
		const panel = rows * PANEL * 4;
		kernels.pack(rows, columns, matrix, row, column, packed.at, panel);
	}

	/** Writes a program for the kernels to read, until the end of the call. */
	#write(
		plan: Plan,
		{ T, B: whole, lengths }: StepRun,
		{ from, B }: Shard,
		back: boolean,
		{ before, each, block = T, often = [], after }: Sections,
	): number {
		const { memory } = this.#engine;
		const placed = new Map<StepLeaf, Block>();
		const leafAt = (leaf: StepLeaf): Block => {
			const known = plan.leaves.get(leaf)?.block ?? placed.get(leaf);
			if (known) return known;
			const { shape } = leaf;
			const rows = shape.length === 2 ? shape[0] : 1;
			const width = shape[shape.length - 1] ?? 1;
			const block = new Block(width);
			block.row = rows === 1 ? 0 : width * 4;
			const first = rows === whole && rows > 1 ? from * width * 4 : 0;
			block.at = this.#arrays.from(leaf.data) + first;
			placed.set(leaf, block);
			return block;
		};
		const ends = lengths
			? this.#arrays.from(Int32Array.from(lengths.subarray(from, from + B)))
			: 0;
		const all = [before, each, often, after];
		const code = writeCode(memory, all.flat(), leafAt);
		const few = fewRows(each, B);
		const about = [T, B, Number(back), ends, block, few, code];
		return writeTable(memory, [...about, ...all.map(({ length }) => length)]);
	}
}

/** An array for a result, and the address at which the kernels write it. */
class Result {
	readonly at: number;
	readonly #array: Float32Array;
	readonly #arrays: Arrays;

	constructor(arrays: Arrays, count: number) {
		this.#arrays = arrays;
		this.#array = arrays.uninitialised(count);
		this.at = arrays.to(this.#array);
	}

	settle(): Float32Array {
		this.#arrays.settle(this.#array, this.at);
		return this.#array;
	}
}

/** The rows of a part of the batch in an array [T, B, width] or [B, width] of the whole batch. */
function outside(width: number, at: number, part: Shard, B: number): Block {
	const made = new Block(width);
	setOutside(made, at, part, B);
	return made;
}

function setOutside(
	block: Block,
	at: number,
	{ from }: Shard,
	B: number,
): void {
	block.row = block.width * 4;
	block.step = B * block.row;
	block.at = at + from * block.row;
}

/** Past its end a sequence keeps its state. */
function hold({ state }: Plan, { lengths }: StepRun): Code[] {
	if (!lengths) return [];
	return state.map((block) => {
		const out = { block, column: 0, shift: 1 };
		return { op: CopyEnded, out, width: block.width, a: all(block) };
	});
}

/** Copies the outputs of a step to the results, zeros past the end of a sequence. */
function hand(plan: Plan, { lengths }: StepRun, to: Block[]): Code[] {
	return plan.trace.outputs.flatMap((output, i): Code[] => {
		const out = all(to[i]);
		const width = output.columns;
		const copy = { op: Copy, out, width, a: plan.view(output) };
		return lengths ? [copy, { op: ClearEnded, out, width }] : [copy];
	});
}
