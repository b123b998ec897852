import type { StepLeaf, StepNode, StepRun, StepValue } from "../../steps.ts";
import {
	Abs,
	Add,
	AddRelu,
	AddSigmoid,
	AddTanh,
	Blend,
	Copy,
	Div,
	DivFrom,
	Dots,
	Exp,
	Log,
	Max,
	Min,
	Mix,
	Mul,
	MulAdd,
	Neg,
	Normalise,
	Product,
	Relu,
	Select,
	Sigmoid,
	Softmax,
	Sqrt,
	Square,
	Sub,
	SubFrom,
	Tanh,
} from "../constants.ts";
import { withBlends } from "./blend.ts";
import {
	adjacent,
	all,
	Block,
	type Code,
	columns,
	type Place,
	same,
	single,
	type View,
} from "./code.ts";

/** Products with the same left operand: one product, with their matrices side by side. */
export interface Group {
	readonly left: StepNode;
	readonly members: readonly StepNode[];
	readonly width: number;
	/** Whether the product is added to its result's block. */
	readonly add: boolean;
	/** The packed matrices. */
	readonly packed: { at: number };
}

export const weightOf = (product: StepNode): StepLeaf =>
	product.inputs[1] as StepLeaf;
export const isNode = (value: StepValue): value is StepNode =>
	value.kind === "node";

const unary = {
	tanh: Tanh,
	sigmoid: Sigmoid,
	relu: Relu,
	neg: Neg,
	copy: Copy,
	exp: Exp,
	log: Log,
	sqrt: Sqrt,
	square: Square,
	abs: Abs,
};
const ofSum = { tanh: AddTanh, sigmoid: AddSigmoid, relu: AddRelu };
const binary = {
	add: Add,
	sub: Sub,
	mul: Mul,
	div: Div,
	maximum: Max,
	minimum: Min,
};
/** The operations with a number as the first operand. */
const swappedBinary = { ...binary, sub: SubFrom, div: DivFrom };

const isUnary = (op: string): op is keyof typeof unary => op in unary;
const isBinary = (op: string): op is keyof typeof binary => op in binary;

/** Operations whose slope is computed from the result. */
const slopesByResult: ReadonlySet<string> = new Set([
	"exp",
	"sqrt",
	"tanh",
	"sigmoid",
	"relu",
	"normalise",
	"softmax",
]);

/** How many numbers a row has. */
export const widthOf = (value: StepValue): number =>
	isNode(value) ? value.columns : (value.shape.at(-1) ?? 1);

/**
 * The blocks of a step's values, and the instructions that compute them.
 *
 * A value that backward reads is kept for all steps; the block of any other is overwritten by each step. A result takes the block of an
 * input that nothing reads later. Parts and joined tensors are columns of one block, without a copy where possible.
 */
export class Plan {
	readonly trace: StepRun["trace"];
	readonly users = new Map<StepNode, StepNode[]>();
	readonly views = new Map<StepNode, View>();
	readonly groups: Group[] = [];
	/** The blocks in the kernels' memory, without those of x and of leaves. */
	readonly blocks: Block[] = [];
	readonly x: Block;
	/** [T + 1, B, n] */
	readonly state: Block[];
	readonly code: Code[] = [];
	/** The instruction that computes a value, where the next one may do its work as well. */
	readonly #last = new Map<StepNode, Code>();
	/** What normalise divided by. */
	readonly scales = new Map<StepNode, Block>();
	/** Leaves that differ from step to step: [T, B, n], or [T, 1, n] where all sequences read one row. */
	readonly leaves = new Map<StepLeaf, { block: Block; rows: number }>();
	/** Multiplications and additions for one step of one sequence. */
	readonly operations: number;
	readonly #roots: ReadonlySet<StepNode>;
	readonly #wanted = new Map<StepNode, boolean>();
	readonly #needed = new Set<StepNode>();
	readonly #groupOf = new Map<StepNode, Group>();

	constructor({ trace: traced, gradient, record }: StepRun) {
		const trace = withBlends(traced);
		this.trace = trace;
		const { nodes, x, before, after, outputs } = trace;
		this.#roots = new Set([...outputs, ...after]);
		for (const node of nodes)
			for (const input of node.inputs)
				if (isNode(input)) {
					const users = this.users.get(input);
					if (users) users.push(node);
					else this.users.set(input, [node]);
				}
		this.#wanted.set(x, gradient);
		for (const part of before) this.#wanted.set(part, true);
		for (const node of nodes)
			this.#wanted.set(node, node.inputs.some(this.wanted));
		if (record) this.#need(nodes);

		this.x = new Block(x.columns);
		this.x.kept = true;
		this.views.set(x, all(this.x));
		this.state = before.map((part, i) => {
			const block = this.block(part.columns, 1);
			block.kept = true;
			this.views.set(part, all(block));
			this.views.set(after[i], { block, column: 0, shift: 1 });
			return block;
		});
		this.#placeJoined(nodes);
		this.#group(nodes);
		for (const node of nodes) this.#place(node);
		for (const node of this.#needed) this.view(node).block.kept = true;
		for (const node of nodes) this.#emit(node);
		for (const leaf of trace.leaves) {
			if (!leaf.each) continue;
			const { shape } = leaf;
			const block = new Block(shape[shape.length - 1] ?? 1);
			block.kept = true;
			const rows = shape.length === 2 ? shape[0] : 1;
			this.leaves.set(leaf, { block, rows });
		}
		const ofRows = nodes.filter(({ op }) => op === "dots" || op === "mix");
		this.operations =
			this.groups.reduce(
				(sum, { left, width }) => sum + left.columns * width,
				0,
			) + ofRows.reduce((sum, { inputs }) => sum + widthOf(inputs[1]), 0);
	}

	/** Whether the gradient of a value is wanted. */
	readonly wanted = (value: StepValue): boolean =>
		isNode(value) ? (this.#wanted.get(value) ?? false) : value.gradient;

	readonly view = (node: StepNode): View => this.views.get(node) as View;

	/** The same for backward. @throws when `#need` does not say that backward reads it: it may have been overwritten. */
	kept(node: StepNode): View {
		if (!this.#needed.has(node))
			throw new Error(
				`a program's backward reads a value of ${node.op} that its forward does not keep`,
			);
		return this.view(node);
	}

	/** Whether exactly one operation reads a value. */
	once(node: StepNode): boolean {
		return !this.#roots.has(node) && this.users.get(node)?.length === 1;
	}

	block(width: number, more = 0): Block {
		const made = new Block(width, more);
		this.blocks.push(made);
		return made;
	}

	/** Whether only parts of a value are read, and no two of them overlap. */
	apart(node: StepNode): boolean {
		if (this.#roots.has(node) || isGiven(node)) return false;
		const users = this.users.get(node) ?? [];
		if (!users.every(({ op }) => op === "part")) return false;
		const ends = users
			.toSorted((p, q) => p.parameter - q.parameter)
			.map(({ parameter, columns }) => [parameter, parameter + columns]);
		return ends.every(([from], i) => i === 0 || ends[i - 1][1] <= from);
	}

	/** Notes what backward reads. */
	#need(nodes: readonly StepNode[]): void {
		const need = (value: StepValue) => {
			if (isNode(value)) this.#needed.add(value);
		};
		for (const node of nodes) {
			if (!this.wanted(node)) continue;
			const [p, q] = node.inputs;
			if (slopesByResult.has(node.op)) need(node);
			else if (["log", "square", "abs"].includes(node.op)) need(p);
			else if (node.op === "div") {
				need(q);
				if (this.wanted(q)) need(node);
			} else if (node.op === "maximum" || node.op === "minimum") {
				need(p);
				need(q);
			} else if (node.op === "blend") {
				const [, , r] = node.inputs;
				if (this.wanted(p)) for (const value of [q, r]) need(value);
				if (this.wanted(q) || this.wanted(r)) need(p);
			} else if (["mul", "dots", "mix"].includes(node.op)) {
				if (this.wanted(p)) need(q);
				if (this.wanted(q)) need(p);
			} else if (node.op === "matmul" && this.wanted(q)) need(p);
		}
	}

	/** Lets what is joined be computed in its columns of the joined block. */
	#placeJoined(nodes: readonly StepNode[]): void {
		for (const node of nodes.toReversed()) {
			if (node.op !== "concat") continue;
			const to = this.views.get(node) ?? all(this.block(node.columns));
			this.views.set(node, to);
			let from = 0;
			for (const input of node.inputs as StepNode[]) {
				const free = this.once(input) && !this.views.has(input);
				if (free && input.op !== "part")
					this.views.set(input, columns(to, from));
				from += input.columns;
			}
		}
	}

	/** Groups products with the same left operand. */
	#group(nodes: readonly StepNode[]): void {
		const byLeft = new Map<StepValue, StepNode[]>();
		for (const node of nodes) {
			if (node.op !== "matmul") continue;
			const [left] = node.inputs;
			byLeft.set(left, [...(byLeft.get(left) ?? []), node]);
		}
		for (const [left, members] of byLeft) {
			const make = (list: readonly StepNode[], add = false) => {
				const width = list.reduce((sum, { columns }) => sum + columns, 0);
				const packed = { at: 0 };
				const group = {
					left: left as StepNode,
					members: list,
					width,
					add,
					packed,
				};
				this.groups.push(group);
				for (const node of list) this.#groupOf.set(node, group);
			};
			const widths = members.map((node) => node.columns);
			const views = members.map((node) => this.views.get(node));
			if (views.every((view) => view === undefined)) {
				const sums = members.map((node) => this.#addedTo(node));
				const groups = new Set(sums.map((p) => p && this.#groupOf.get(p)));
				const there = sums.map((p) => p && this.view(p));
				if (groups.size === 1 && adjacent(there, widths)) {
					members.forEach((node, i) => {
						this.views.set(node, there[i] as View);
					});
					make(members, true);
					continue;
				}
				const block = this.block(widths.reduce((a, b) => a + b));
				let from = 0;
				for (const node of members) {
					this.views.set(node, columns(all(block), from));
					from += node.columns;
				}
				make(members);
			} else if (adjacent(views, widths)) make(members);
			else
				for (const node of members) {
					if (!this.views.has(node))
						this.views.set(node, all(this.block(node.columns)));
					make([node]);
				}
		}
	}

	/** The earlier product to which this one is added, if nothing else reads either. */
	#addedTo(node: StepNode): StepNode | undefined {
		if (!this.once(node)) return undefined;
		const [user] = this.users.get(node) as StepNode[];
		if (user.op !== "add" || this.views.has(user)) return undefined;
		const [p, q] = user.inputs;
		if (p === node || !isNode(p) || q !== node) return undefined;
		return p.op === "matmul" && this.once(p) && this.#groupOf.has(p)
			? p
			: undefined;
	}

	/** Whether a sum is computed already: its second product was added to its first. */
	#isDone({ op, inputs: [p, q] }: StepNode): boolean {
		return (
			op === "add" &&
			isNode(p) &&
			isNode(q) &&
			this.#groupOf.get(q)?.add === true &&
			same(this.view(p), this.view(q))
		);
	}

	#place(node: StepNode): void {
		if (this.views.has(node)) return;
		const [first] = node.inputs;
		if (node.op === "part")
			this.views.set(
				node,
				columns(this.view(first as StepNode), node.parameter),
			);
		else {
			const inPlace = node.op !== "dots" && node.op !== "mix";
			const reused = node.inputs.find(
				(input) => inPlace && this.#isFree(input, node),
			);
			this.views.set(
				node,
				reused ? this.view(reused as StepNode) : all(this.block(node.columns)),
			);
		}
	}

	/** Whether a result may overwrite an input. */
	#isFree(input: StepValue, { columns }: StepNode): boolean {
		if (!isNode(input) || isGiven(input) || this.#needed.has(input))
			return false;
		if (!this.once(input) || input.columns !== columns) return false;
		if (input.op !== "part") return true;
		const [from] = input.inputs as StepNode[];
		return from.op !== "part" && this.apart(from) && !this.#needed.has(from);
	}

	#emit(node: StepNode): void {
		const { op, inputs, columns: width } = node;
		const [p, q, r] = inputs;
		const out = this.view(node);
		const put = (given: Omit<Code, "out" | "width">) => {
			const code = { ...given, out, width };
			this.code.push(code);
			this.#last.set(node, code);
		};
		if (op === "matmul") {
			const group = this.#groupOf.get(node) as Group;
			const { width, add, packed, members } = group;
			const a = this.#at(p);
			const K = group.left.columns;
			if (members[0] === node)
				this.code.push({ op: Product, out, width, add, a, K, packed });
		} else if (op === "concat") {
			let from = 0;
			for (const input of inputs as StepNode[]) {
				const to = columns(out, from);
				from += input.columns;
				const a = this.view(input);
				if (!same(a, to))
					this.code.push({ op: Copy, out: to, width: input.columns, a });
			}
		} else if (isBinary(op)) {
			if (this.#isDone(node)) return;
			const swapped = !isNode(p) && single(p);
			const [a, b] = swapped ? [q, p] : [p, q];
			const number = (swapped ? swappedBinary : binary)[op];
			if (op === "add" && this.#emitMulAdd(node)) return;
			put({ op: number, a: this.#at(a), b: this.#at(b) });
		} else if (op === "blend")
			put({ op: Blend, a: this.#at(p), b: this.#at(q), c: this.#at(r) });
		else if (op === "where")
			put({ op: Select, a: this.#at(q), b: this.#at(r), c: this.#at(p) });
		else if (op === "normalise") {
			const scales = this.block(1);
			scales.kept = true;
			this.scales.set(node, scales);
			const epsilon = number(node.parameter);
			put({ op: Normalise, a: this.#at(p), b: epsilon, c: all(scales) });
		} else if (op === "softmax") put({ op: Softmax, a: this.#at(p) });
		else if (op === "dots" || op === "mix")
			put({
				op: op === "dots" ? Dots : Mix,
				a: this.#at(p),
				b: this.#at(q),
				K: widthOf(p),
			});
		else if (op === "tanh" || op === "sigmoid" || op === "relu") {
			const sum = this.#joined(p, Add);
			if (sum) put({ op: ofSum[op], a: sum.a, b: sum.b });
			else put({ op: unary[op], a: this.#at(p) });
		} else if (isUnary(op)) put({ op: unary[op], a: this.#at(p) });
	}

	/** a ⊙ b + c in one instruction, where nothing else reads the product. */
	#emitMulAdd(node: StepNode): boolean {
		const [p, q] = node.inputs;
		for (const [value, other] of [
			[q, p],
			[p, q],
		]) {
			if (!isNode(other) && single(other)) continue;
			const product = this.#joined(value, Mul);
			if (!product) continue;
			const { a, b } = product;
			const about = { op: MulAdd, out: this.view(node), a, b };
			this.code.push({ ...about, c: this.#at(other), width: node.columns });
			return true;
		}
		return false;
	}

	/** Removes and returns the instruction of a value that only one operation reads; that operation's instruction does both. */
	#joined(value: StepValue, op: number): Code | undefined {
		if (!isNode(value) || !this.once(value) || this.#needed.has(value))
			return undefined;
		const code = this.#last.get(value);
		if (code?.op !== op) return undefined;
		if (code.b && "kind" in code.b && single(code.b)) return undefined;
		this.code.splice(this.code.lastIndexOf(code), 1);
		return code;
	}

	#at(value: StepValue): Place {
		return isNode(value) ? this.view(value) : value;
	}
}

/** Whether a value is an input of the step. */
export const isGiven = ({ op }: StepNode): boolean =>
	op === "x" || op === "state";

/** A number as a leaf. */
export const number = (value: number): StepLeaf => ({
	kind: "leaf",
	shape: [],
	data: Float32Array.of(value),
	gradient: false,
});
