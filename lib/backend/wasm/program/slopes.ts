import type { StepLeaf, StepNode, StepOp, StepValue } from "../../steps.ts";
import {
	AbsBack,
	Clear,
	ClearEnded,
	ColumnSums,
	Copy,
	CopyEnded,
	CopyRows,
	Div,
	DivBack,
	Dots,
	Drop,
	Keep,
	MaxBack,
	MinBack,
	Mix,
	Mul,
	MulDifference,
	MulReluBack,
	MulRest,
	MulSigmoidBack,
	MulTanhBack,
	Neg,
	NormaliseBack,
	Outer,
	Product,
	ReluBack,
	SigmoidBack,
	SoftmaxBack,
	SqrtBack,
	SquareBack,
	TanhBack,
	WeightGradient,
} from "../constants.ts";
import {
	adjacent,
	all,
	Block,
	type Code,
	columns,
	type Place,
	single,
	type View,
} from "./code.ts";
import {
	type Group,
	isGiven,
	isNode,
	type Plan,
	weightOf,
	widthOf,
} from "./plan.ts";

/** The gradient of a value: its columns of a block, and whether an instruction has written it in this step. */
interface Slope {
	view?: View;
	written: boolean;
	/** Whether it is the gradient of several values. */
	shared?: boolean;
	/** The instruction that wrote it, if it is one alone. */
	by?: Code;
}

const ofProduct = {
	tanh: MulTanhBack,
	sigmoid: MulSigmoidBack,
	relu: MulReluBack,
};
const slopesOf = { tanh: TanhBack, sigmoid: SigmoidBack, relu: ReluBack };
/** Slopes computed from the gradient and the result; or from the gradient and the input. */
const byResult: Partial<Record<StepOp, number>> = { exp: Mul, sqrt: SqrtBack };
const byInput: Partial<Record<StepOp, number>> = {
	log: Div,
	square: SquareBack,
	abs: AbsBack,
};

/**
 * The blocks of the gradients of a step's values, and the instructions that compute them, from the step's end to its start.
 *
 * A sum and terms that nothing else reads share one gradient. The gradients of products with the same left operand are side by side, for a block of
 * steps, so that one product at its end gives the gradients of all their weights, or adds to them.
 */
export class SlopePlan {
	readonly #plan: Plan;
	readonly #slopes = new Map<StepValue, Slope>();
	readonly blocks: Block[] = [];
	/** The gradients of the states, carried from step to step; and their rows for sequences that have ended. */
	readonly carried: Block[];
	readonly #aside: Block[];
	/** [T, B, n]: the gradients of the outputs, where they are given. */
	readonly given: readonly Block[];
	/** [T, B, D]: that of x. */
	readonly x: Block;
	/** The gradients of leaves: [1, n] for each step of a row for all sequences, [B, n] of a row for each. */
	readonly sums = new Map<StepLeaf, Block>();
	/** The gradients of leaves in the results. */
	readonly results = new Map<StepLeaf, Block>();
	readonly groups: Group[] = [];
	readonly code: Code[] = [];
	/** Instructions after each block of steps, and after all steps. */
	readonly often: Code[] = [];
	readonly after: Code[] = [];
	/** The gradients of a group's weights, side by side. */
	readonly sides: { block: Block; rows: number }[] = [];
	readonly #first = new Map<StepNode, Group[]>();
	readonly #steps: number;
	readonly #B: number;
	readonly #work: number;

	constructor(
		plan: Plan,
		how: {
			T: number;
			B: number;
			/** Of which outputs a gradient is given. */
			given: readonly boolean[];
			lengths: boolean;
			/** The address where products pack. */
			work: number;
		},
	) {
		this.#plan = plan;
		this.#steps = how.T;
		this.#B = how.B;
		this.#work = how.work;
		const { trace } = plan;
		this.given = trace.outputs.map(({ columns }) => outside(columns));
		this.x = outside(trace.x.columns);
		this.carried = trace.before.map(({ columns }) => this.#block(columns));
		this.#aside = how.lengths
			? trace.before.map(({ columns }) => this.#block(columns))
			: [];
		if (plan.wanted(trace.x)) this.#slope(trace.x).view = all(this.x);
		this.#shareSums();
		this.#placeJoined();
		this.#placeGroups();
		this.#emit(how);
	}

	#block(width: number): Block {
		const made = new Block(width);
		this.blocks.push(made);
		return made;
	}

	#slope(value: StepValue): Slope {
		let slope = this.#slopes.get(value);
		if (!slope) {
			slope = { written: false };
			this.#slopes.set(value, slope);
		}
		return slope;
	}

	#view(value: StepNode): View {
		const slope = this.#slope(value);
		slope.view ??= all(this.#block(value.columns));
		return slope.view;
	}

	/** Lets the terms of a sum share its gradient. */
	#shareSums(): void {
		const { trace, once, wanted } = this.#own;
		for (const node of trace.nodes.toReversed()) {
			if (node.op !== "add" && node.op !== "sub" && node.op !== "copy")
				continue;
			node.inputs.forEach((input, i) => {
				if (!isNode(input) || isGiven(input) || input.op === "part") return;
				if (!once(input) || !wanted(input)) return;
				if (input.columns === node.columns && (node.op !== "sub" || i === 0))
					this.#share(input, node);
			});
		}
	}

	#share(input: StepNode, sum: StepNode): void {
		const slope = this.#slope(sum);
		slope.shared = true;
		this.#slopes.set(input, slope);
	}

	get #own() {
		const plan = this.#plan;
		const once = (node: StepNode) => plan.once(node);
		return { trace: plan.trace, once, wanted: plan.wanted };
	}

	/** Places the gradients of joined values and of parts as columns of one block. */
	#placeJoined(): void {
		const { trace, once } = this.#own;
		for (const node of trace.nodes.toReversed()) {
			if (node.op !== "concat") continue;
			let from = 0;
			for (const input of node.inputs as StepNode[]) {
				const slope = this.#slope(input);
				const free = once(input) && !isGiven(input) && input.op !== "part";
				if (free && !slope.view && slope !== this.#slope(node))
					slope.view = columns(this.#view(node), from);
				from += input.columns;
			}
		}
		for (const node of trace.nodes) {
			if (node.op !== "part") continue;
			const [from] = node.inputs as StepNode[];
			if (this.#covers(from) && !this.#slope(node).view)
				this.#slope(node).view = columns(this.#view(from), node.parameter);
		}
	}

	/** Whether the parts of a value cover all its columns. */
	#covers(node: StepNode): boolean {
		const parts = this.#plan.users.get(node) ?? [];
		const total = parts.reduce((sum, { columns }) => sum + columns, 0);
		return this.#plan.apart(node) && total === node.columns;
	}

	/** Places the gradients of products with the same left operand side by side, for a block of steps. */
	#placeGroups(): void {
		for (const group of this.#plan.groups) {
			const wanted = group.members.some(
				(node) =>
					this.#plan.wanted(weightOf(node)) || this.#plan.wanted(group.left),
			);
			if (!wanted) continue;
			const { members } = group;
			const slopes = members.map((node) => this.#slope(node));
			const widths = members.map(({ columns }) => columns);
			const apart = new Set(slopes).size === slopes.length;
			if (apart && slopes.every(({ view }) => view === undefined)) {
				const block = this.#block(group.width);
				let from = 0;
				slopes.forEach((slope, i) => {
					slope.view = columns(all(block), from);
					from += widths[i];
				});
			}
			const views = members.map((node) => this.#view(node));
			for (const { block } of views) block.kept = true;
			const together = adjacent(views, widths);
			for (const list of together ? [members] : members.map((node) => [node])) {
				const width = list.reduce((sum, { columns }) => sum + columns, 0);
				const made = { ...group, members: list, width, packed: { at: 0 } };
				this.groups.push(made);
				const known = this.#first.get(list[0]) ?? [];
				this.#first.set(list[0], [...known, made]);
			}
		}
	}

	/** Adds an instruction that writes the gradient of a value, or adds to it. */
	#into(value: StepValue, code: Omit<Code, "out" | "width" | "add">): void {
		if (!isNode(value)) {
			this.#intoLeaf(value, code);
			return;
		}
		const slope = this.#slope(value);
		const out = this.#view(value);
		const made = { ...code, out, width: value.columns, add: slope.written };
		this.code.push(made);
		slope.by = slope.written || slope.shared ? undefined : made;
		slope.written = true;
	}

	#intoLeaf(leaf: StepLeaf, code: Omit<Code, "out" | "width" | "add">): void {
		const width = leaf.shape[leaf.shape.length - 1];
		const rows = leaf.shape.length === 2 ? leaf.shape[0] : 1;
		let block = this.sums.get(leaf);
		if (!block) {
			block = new Block(width);
			block.kept = rows === 1;
			this.sums.set(leaf, block);
		}
		this.code.push({
			...code,
			out: all(block),
			width,
			add: true,
			sum: rows === 1,
		});
	}

	#emit(how: { given: readonly boolean[]; lengths: boolean }): void {
		const { given, lengths } = how;
		const { trace, wanted } = this.#own;
		const { code } = this;
		trace.before.forEach(({ columns: width }, i) => {
			if (!lengths) return;
			const [carried, aside] = [all(this.carried[i]), all(this.#aside[i])];
			code.push({ op: CopyEnded, out: aside, width, a: carried });
			code.push({ op: ClearEnded, out: carried, width });
		});
		trace.after.forEach((node, i) => {
			const slope = this.#slope(node);
			if (slope.view) this.#into(node, { op: Copy, a: all(this.carried[i]) });
			else {
				slope.view = all(this.carried[i]);
				slope.written = true;
			}
		});
		trace.outputs.forEach((output, i) => {
			if (!given[i] || !wanted(output)) return;
			this.#into(output, { op: Copy, a: all(this.given[i]) });
			const out = this.#view(output);
			if (lengths) code.push({ op: ClearEnded, out, width: output.columns });
		});
		for (const node of trace.nodes.toReversed())
			if (wanted(node)) this.#emitNode(node);
		trace.before.forEach((part, i) => {
			const { written } = this.#slope(part);
			const out = all(this.carried[i]);
			const width = part.columns;
			if (written) this.#carry(this.#view(part), out, width);
			else code.push({ op: Clear, out, width });
			if (lengths)
				code.push({ op: CopyEnded, out, width, a: all(this.#aside[i]) });
		});
		const slope = this.#slopes.get(trace.x);
		if (wanted(trace.x) && !slope?.written)
			code.push({ op: Clear, out: all(this.x), width: trace.x.columns });
		for (const group of this.groups) this.#weigh(group);
		for (const [leaf, block] of this.sums) {
			if (block.kept)
				this.after.push({
					...this.#columnSums(leaf, all(block)),
					rows: this.#steps,
				});
			else this.#deliver(leaf, all(block), this.#B);
		}
		this.#addUp();
	}

	/**
	 * The gradient of the state before the step takes the place of that after it. Where it has a block of its own it need not be copied there:
	 * if that after the step was done with when it began to be written, or if one instruction writes it, which can wait until the end.
	 */
	#carry(from: View, to: View, width: number): void {
		const { code } = this;
		const { block } = from;
		const own = !block.kept && block.width === width;
		if (own && this.blocks.includes(block) && !this.carried.includes(block)) {
			const users = code.filter((one) => uses(one, block));
			const [first] = users;
			const start = code.indexOf(first);
			if (!code.slice(start).some((one) => uses(one, to.block))) {
				code.forEach((one, i) => {
					code[i] = inPlaceOf(one, block, to.block);
				});
				return;
			}
			const rest = code.slice(start + 1);
			const waits =
				users.length === 1 &&
				first.width === width &&
				!(ofWholeRows.has(first.op) && uses(first, to.block)) &&
				!rest.some(({ out }) => "block" in out && uses(first, out.block));
			if (waits) {
				code.splice(start, 1);
				code.push({ ...first, out: to });
				return;
			}
		}
		code.push({ op: Copy, out: to, width, a: from });
	}

	/** Copies a gradient of rows to its result, or adds it to that. */
	#deliver(leaf: StepLeaf, a: View, rows: number): void {
		const block = this.#resultOf(leaf);
		const { width } = block;
		this.after.push({ op: CopyRows, out: all(block), width, a, rows });
	}

	#emitNode(node: StepNode): void {
		const { wanted } = this.#plan;
		const slope = this.#slope(node);
		const [p, q, r] = node.inputs;
		if (node.op === "part") {
			this.#emitPart(node, p as StepNode);
			return;
		}
		if (!slope.written && node.op !== "matmul") return;
		if (!slope.written) this.#clear(node); // the products beside it may have one
		const g = this.#view(node);
		if (node.op === "matmul") {
			for (const group of this.#first.get(node) ?? [])
				if (wanted(group.left)) this.#backThrough(group);
		} else if (node.op === "concat") {
			let from = 0;
			for (const input of node.inputs as StepNode[]) {
				const a = columns(g, from);
				from += input.columns;
				const own = this.#slope(input);
				if (own.view?.block === a.block && own.view.column === a.column)
					own.written = true;
				else if (wanted(input)) this.#into(input, { op: Copy, a });
			}
		} else if (node.op === "add" || node.op === "copy")
			for (const input of node.inputs) this.#through(node, input, g, Copy);
		else if (node.op === "sub") {
			this.#through(node, p, g, Copy);
			this.#through(node, q, g, Neg);
		} else if (node.op === "mul") {
			if (wanted(p)) this.#into(p, { op: Mul, a: g, b: this.#value(q) });
			if (wanted(q)) this.#into(q, { op: Mul, a: g, b: this.#value(p) });
		} else if (node.op === "blend") {
			if (wanted(p)) {
				const [b, c] = [this.#value(q), this.#value(r)];
				this.#into(p, { op: MulDifference, a: g, b, c });
			}
			if (wanted(q)) this.#into(q, { op: Mul, a: g, b: this.#value(p) });
			if (wanted(r)) this.#into(r, { op: MulRest, a: g, b: this.#value(p) });
		} else if (node.op === "neg") this.#into(p, { op: Neg, a: g });
		else if (node.op === "where") {
			const b = this.#value(p);
			if (wanted(q)) this.#into(q, { op: Keep, a: g, b });
			if (wanted(r)) this.#into(r, { op: Drop, a: g, b });
		} else if (node.op === "div") {
			const c = this.#value(q);
			if (wanted(p)) this.#into(p, { op: Div, a: g, b: c });
			if (wanted(q))
				this.#into(q, { op: DivBack, a: g, b: this.#value(node), c });
		} else if (node.op === "maximum" || node.op === "minimum") {
			const op = node.op === "maximum" ? MaxBack : MinBack;
			const [b, c] = [this.#value(p), this.#value(q)];
			if (wanted(p)) this.#into(p, { op, a: g, b, c });
			if (wanted(q)) this.#into(q, { op, a: g, b: c, c: b });
		} else if (byResult[node.op] !== undefined) {
			const op = byResult[node.op] as number;
			this.#into(p, { op, a: g, b: this.#value(node) });
		} else if (byInput[node.op] !== undefined) {
			const op = byInput[node.op] as number;
			this.#into(p, { op, a: g, b: this.#value(p) });
		} else if (node.op === "dots") {
			// p·qᵀ for the rows of q
			const K = widthOf(p);
			if (wanted(p))
				this.#into(p, { op: Mix, a: g, b: this.#value(q), K: node.columns });
			if (wanted(q)) this.#into(q, { op: Outer, a: g, b: this.#value(p), K });
		} else if (node.op === "mix") {
			// the sum of the rows of q, weighted by p
			const K = node.columns;
			if (wanted(p)) this.#into(p, { op: Dots, a: g, b: this.#value(q), K });
			if (wanted(q)) this.#into(q, { op: Outer, a: this.#value(p), b: g, K });
		} else if (node.op === "softmax") {
			this.#into(p, { op: SoftmaxBack, a: g, b: this.#value(node) });
		} else if (node.op === "normalise") {
			const scales = this.#plan.scales.get(node) as Block;
			const b = this.#value(node);
			const scaled = this.#joined(node, (by) => isRow(by.b));
			const about = scaled && { a: scaled.a, row: scaled.b as StepLeaf };
			const c = all(scales);
			this.#into(p, { op: NormaliseBack, a: g, b, c, ...about });
		} else if (
			node.op === "tanh" ||
			node.op === "sigmoid" ||
			node.op === "relu"
		) {
			const y = this.#value(node);
			const product = this.#joined(node, ({ b }) => !isSingle(b));
			if (product) {
				const { a, b } = product;
				this.#into(p, { op: ofProduct[node.op], a, b, c: y });
			} else this.#into(p, { op: slopesOf[node.op], a: g, b: y });
		}
	}

	/** Removes and returns the product that is the whole gradient of a value; the next instruction does both. */
	#joined(node: StepNode, fits: (by: Code) => boolean): Code | undefined {
		const { by } = this.#slope(node);
		if (by?.op !== Mul || !fits(by)) return undefined;
		this.code.splice(this.code.lastIndexOf(by), 1);
		return by;
	}

	#clear(node: StepNode): void {
		const slope = this.#slope(node);
		const out = this.#view(node);
		this.code.push({ op: Clear, out, width: node.columns });
		slope.written = true;
	}

	#emitPart(node: StepNode, from: StepNode): void {
		const slope = this.#slope(node);
		const whole = this.#slope(from);
		if (this.#covers(from)) {
			if (!slope.written) this.#clear(node);
			whole.written = true;
			return;
		}
		if (!slope.written || !this.#plan.wanted(from)) return;
		if (!whole.written) this.#clear(from);
		const out = columns(this.#view(from), node.parameter);
		const a = this.#view(node);
		this.code.push({ op: Copy, out, width: node.columns, a, add: true });
	}

	/** Passes the gradient of a sum on to a term. */
	#through(node: StepNode, to: StepValue, g: View, op: number): void {
		if (!this.#plan.wanted(to)) return;
		if (isNode(to) && this.#slope(to) === this.#slope(node)) return;
		const row =
			!isNode(to) &&
			(to.shape.length === 1 || to.shape[0] === 1) &&
			op === Copy;
		if (row && g.block.kept)
			this.often.push(this.#columnSums(to as StepLeaf, g));
		else this.#into(to, { op, a: g });
	}

	#backThrough({ left, members, width, packed }: Group): void {
		const a = this.#view(members[0]);
		this.#into(left, { op: Product, a, K: width, packed });
	}

	/** What forward computed or read, for an instruction that reads it. */
	#value(value: StepValue): Place {
		return isNode(value) ? this.#plan.kept(value) : value;
	}

	/** The block of a leaf's gradient in the results. */
	#resultOf(leaf: StepLeaf): Block {
		const known = this.results.get(leaf);
		if (known) return known;
		const made = outside(leaf.shape[leaf.shape.length - 1]);
		this.results.set(leaf, made);
		return made;
	}

	/** Lets the first instruction that runs write the result of a leaf, and the others add to it. */
	#addUp(): void {
		const written = new Set<Block>();
		const results = new Set(this.results.values());
		for (const list of [this.often, this.after])
			list.forEach((code, i) => {
				const { block } = code.out as View;
				if (!results.has(block)) return;
				list[i] = { ...code, add: written.has(block) };
				written.add(block);
			});
	}

	/** The gradient of a row is the sum of those of all rows. */
	#columnSums(leaf: StepLeaf, a: View): Code {
		const block = this.#resultOf(leaf);
		return { op: ColumnSums, out: all(block), width: block.width, a };
	}

	/** The gradients of a group's weights: the left side of a block of steps, transposed, by the gradients of the products. */
	#weigh({ left, members, width }: Group): void {
		const wanted = members.filter((node) => this.#plan.wanted(weightOf(node)));
		if (wanted.length === 0) return;
		const about = {
			op: WeightGradient,
			a: this.#value(left),
			b: this.#view(members[0]),
			width,
			K: left.columns,
			work: this.#work,
		};
		if (members.length === 1) {
			const block = this.#resultOf(weightOf(members[0]));
			this.often.push({ ...about, out: all(block) });
			return;
		}
		const side = new Block(width);
		this.sides.push({ block: side, rows: left.columns });
		this.often.push({ ...about, out: all(side) });
		let from = 0;
		for (const node of members) {
			if (this.#plan.wanted(weightOf(node)))
				this.#deliver(weightOf(node), columns(all(side), from), left.columns);
			from += node.columns;
		}
	}
}

/** One number for each sequence, or for all. */
const isSingle = (place: Place | undefined): boolean =>
	place !== undefined && "kind" in place && single(place);

/** One row for all sequences and steps. */
const isRow = (place: Place | undefined): boolean =>
	place !== undefined &&
	"kind" in place &&
	!place.each &&
	(place.shape.length === 1 || place.shape[0] === 1) &&
	!single(place);

/** Instructions that may not write where they read. */
const ofWholeRows: ReadonlySet<number> = new Set([Product, Dots, Mix, Outer]);

function uses({ out, a, b, c }: Code, block: Block): boolean {
	return [out, a, b, c].some(
		(place) => place && "block" in place && place.block === block,
	);
}

/** The instruction with another block in the place of one. */
function inPlaceOf(code: Code, block: Block, to: Block): Code {
	const at = <P extends Place | undefined>(place: P): P | View =>
		place && "block" in place && place.block === block
			? { ...place, block: to }
			: place;
	const { out, a, b, c } = code;
	return { ...code, out: at(out), a: at(a), b: at(b), c: at(c) };
}

/** A block that is placed by its user. */
function outside(width: number): Block {
	const made = new Block(width);
	made.kept = true;
	return made;
}
