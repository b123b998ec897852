import type {
	StepLeaf,
	StepNode,
	StepOp,
	StepTrace,
	StepValue,
} from "../backend/steps.ts";
import { restoring } from "../backend/termination.ts";
import { afterBatch, asRows, columnsOf, withoutOnes } from "./layout.ts";
import { type Shape, sameShape, sizeOf } from "./numbers.ts";
import type { Tensor } from "./tensor.ts";
import { isTraced, Traced, Untraceable } from "./traced.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type LeafDraft = Draft<StepLeaf> & {
	first: Tensor | number;
	each?: Float32Array[];
	now?: Tensor;
};
type Input = Tensor | number;

/** An operation of the first step, with which those of later steps are compared. */
interface Noted {
	readonly name: string;
	readonly parameter: number;
	readonly inputs: readonly Input[];
	/** Those of the inputs that are no results. */
	readonly leaves: readonly (LeafDraft | undefined)[];
	readonly made: Traced & Tensor;
	/** Whether no operation asked for it: a row that was stretched for the one after it. */
	readonly unasked?: boolean;
}

/** What an operation on weights alone gave. */
interface Kept {
	op: string;
	inputs: readonly Input[];
	parameter: number;
	made: Tensor;
}

const pointwise: ReadonlySet<string> = new Set<StepOp>([
	"add",
	"sub",
	"mul",
	"div",
	"maximum",
	"minimum",
	"exp",
	"log",
	"sqrt",
	"square",
	"abs",
	"neg",
	"tanh",
	"sigmoid",
	"relu",
	"copy",
	"where",
]);

/** A row is stretched by so many copies at most. */
const MOST_COPIES = 256;

let tracer: Tracer | undefined;

/** Notes an operation of the step that is traced now, and gives its result; undefined where it has to be computed. */
export function traced(
	op: string,
	inputs: readonly Input[],
	parameter = 0,
): Tensor | undefined {
	return tracer?.note(op, inputs, parameter);
}

/** Gives an operation on weights alone the result that it had in the first step, so that it is one tensor for all steps. */
export function keptOverSteps(
	op: string,
	inputs: readonly Input[],
	parameter: number,
	made: Tensor,
): Tensor {
	if (tracer && inputs.some((t) => typeof t !== "number" && t.requiresGrad))
		tracer.keep({ op, inputs, parameter, made });
	return made;
}

/** The part [from, from + n) along an axis of a traced tensor, for each n of `sizes`; undefined where they have to be computed. */
export function tracedParts(
	x: Tensor,
	axis: number,
	from: number,
	sizes: readonly number[],
): Tensor[] | undefined {
	return tracer && isTraced(x) ? tracer.parts(x, axis, from, sizes) : undefined;
}

/** A traced tensor under another shape, or with its axes in another `order`; undefined where it has to be computed. */
export function tracedView(
	x: Tensor,
	shape: Shape,
	order?: readonly number[],
): Tensor | undefined {
	if (!tracer || !isTraced(x)) return undefined;
	const moved = order?.filter((axis) => x.shape[axis] !== 1) ?? [];
	if (moved.some((axis, i) => i > 0 && moved[i - 1] > axis))
		throw tracer.refuse("axes in another order");
	return tracer.view(x, shape);
}

/** One traced step after the other: the first notes what is done, and each further one is compared with it. */
export class Tracer {
	readonly #B: number;
	readonly #nodes: StepNode[] = [];
	readonly #noted: Noted[] = [];
	readonly #leaves: LeafDraft[] = [];
	/** By tensor, and how it is read. */
	readonly #known = new Map<Input, Map<string, LeafDraft>>();
	/** Other shapes of a result. */
	readonly #views = new Map<StepNode, Map<string, Traced & Tensor>>();
	readonly #kept: Kept[] = [];
	#step = 0;
	#next = 0;
	#nextKept = 0;
	#refused: Untraceable | undefined;

	constructor(B: number) {
		this.#B = B;
	}

	/** What the step is given. */
	given(op: "x" | "state", columns: number): Tensor {
		const node: StepNode = {
			kind: "node",
			op,
			inputs: [],
			columns,
			parameter: 0,
		};
		return this.view(node, [this.#B, columns]);
	}

	/** The tensors whose gradients are wanted, in the order of the leaves. */
	get leaves(): readonly (Tensor | undefined)[] {
		return this.#leaves.map(({ first }) =>
			typeof first === "number" ? undefined : first,
		);
	}

	/** Notes why the step cannot be traced; the trace ends even where the step catches what is thrown. */
	refuse(why: string): Untraceable {
		this.#refused ??= new Untraceable(why);
		return this.#refused;
	}

	/** Traces step t, from 0 on; `step` gives the outputs and the parts of the state after it. */
	trace(
		t: number,
		step: () => { outputs: readonly Tensor[]; after: readonly Tensor[] },
	): { outputs: StepNode[]; after: StepNode[] } {
		this.#step = t;
		this.#next = 0;
		this.#nextKept = 0;
		const before = tracer;
		const restore = () => {
			tracer = before;
		};
		return restoring(restore, () => {
			tracer = this;
			const { outputs, after } = step();
			if (this.#refused) throw this.#refused; // the step caught it and went on
			// A state that the step does not compute, or twice the same, becomes one of its own.
			const roots = after.map(this.#root);
			const own = roots.map((node, i) => {
				const fresh =
					!["x", "state", "part"].includes(node.op) &&
					roots.indexOf(node) === i;
				return fresh
					? node
					: this.#root(this.note("copy", [after[i]], 0) as Tensor);
			});
			if (t > 0 && this.#next !== this.#noted.length)
				throw this.refuse("fewer operations than in the first step");
			return { outputs: outputs.map(this.#root), after: own };
		});
	}

	/** The whole trace, of what was given and of what all steps gave. */
	finish(
		given: { x: Tensor; before: readonly Tensor[] },
		roots: { outputs: StepNode[]; after: StepNode[] },
	): StepTrace {
		return {
			x: this.#root(given.x),
			before: given.before.map(this.#root),
			...roots,
			nodes: this.#nodes,
			leaves: this.#leaves,
		};
	}

	readonly #root = (t: Tensor): StepNode => {
		if (!isTraced(t)) throw this.refuse("a result that no input reaches");
		if (t.shape.length !== 2 || t.shape[0] !== this.#B)
			throw this.refuse("a result that is not [B, n]");
		return t.node;
	};

	/** A result under a shape: the same object each time. */
	view(of: StepNode | Traced, shape: Shape): Traced & Tensor {
		const node = of instanceof Traced ? of.node : of;
		if (afterBatch(shape, this.#B) === undefined)
			throw this.refuse("rows of a batch, under another shape");
		let views = this.#views.get(node);
		if (!views) {
			views = new Map();
			this.#views.set(node, views);
		}
		const key = shape.join();
		let view = views.get(key);
		if (!view) {
			const refuse = (why: string) =>
				tracer === this ? this.refuse(why) : undefined;
			view = new Traced(node, [...shape], refuse) as Traced & Tensor;
			views.set(key, view);
		}
		return view;
	}

	parts(
		x: Traced & Tensor,
		axis: number,
		from: number,
		sizes: readonly number[],
	): Tensor[] {
		const rows = sizeOf(x.shape.slice(0, axis));
		if (rows !== this.#B) throw this.refuse("rows of a batch, taken apart");
		const inner = sizeOf(x.shape.slice(axis + 1));
		let at = from;
		return sizes.map((n) => {
			const shape = x.shape.with(axis, n);
			const start = at * inner;
			at += n;
			if (this.#step > 0) return this.#again(`part ${n}`, [x], start);
			const node = this.#node("part", [x.node], n * inner, start);
			return this.#note(`part ${n}`, [x], [], node, shape);
		});
	}

	note(
		op: string,
		inputs: readonly Input[],
		parameter: number,
	): Tensor | undefined {
		if (!inputs.some(isTraced)) return this.#before(op, inputs, parameter);
		if (this.#step > 0) return this.#again(op, inputs, parameter);
		if (op === "matmul") return this.#product(inputs, parameter);
		if (op === "concat") return this.#joined(inputs, parameter);
		if (op === "normalise" || op === "softmax") {
			const [x] = inputs as [Traced & Tensor];
			if (x.shape.at(-1) !== x.node.columns)
				throw this.refuse(`${op} of several rows for each sequence`);
			const node = this.#node(op, [x.node], x.node.columns, parameter);
			return this.#note(op, inputs, [], node, x.shape, parameter);
		}
		if (!pointwise.has(op)) throw this.refuse(`the operation ${op}`);
		return this.#pointwise(op as StepOp, inputs, parameter);
	}

	/** What an operation on weights alone gave in the first step. */
	#before(
		op: string,
		inputs: readonly Input[],
		parameter: number,
	): Tensor | undefined {
		const kept = this.#kept[this.#nextKept];
		if (this.#step === 0 || kept?.op !== op) return undefined;
		if (kept.parameter !== parameter || !sameList(kept.inputs, inputs))
			return undefined;
		this.#nextKept++;
		return kept.made;
	}

	keep(kept: Kept): void {
		if (this.#step === 0) this.#kept.push(kept);
	}

	#node(
		op: StepOp,
		inputs: readonly StepValue[],
		columns: number,
		parameter = 0,
	): StepNode {
		return { kind: "node", op, inputs, columns, parameter };
	}

	#note(
		name: string,
		inputs: readonly Input[],
		leaves: readonly (LeafDraft | undefined)[],
		node: StepNode,
		shape: Shape,
		parameter = node.parameter,
		unasked = false,
	): Traced & Tensor {
		const made = this.view(node, shape);
		this.#nodes.push(node);
		const about = { name, parameter, inputs, leaves, made, unasked };
		this.#noted.push(about);
		this.#next++;
		return made;
	}

	/** @throws when the operation is not that of the first step. */
	#again(name: string, inputs: readonly Input[], parameter: number): Tensor {
		let noted = this.#noted[this.#next++];
		while (noted?.unasked) noted = this.#noted[this.#next++];
		if (
			noted?.name !== name ||
			noted.parameter !== parameter ||
			noted.inputs.length !== inputs.length
		)
			throw this.refuse(
				`${name.split(" ")[0]} at t=${this.#step}, not in the first step`,
			);
		for (let i = 0; i < inputs.length; i++) {
			const leaf = noted.leaves[i];
			if (leaf) this.#leafAgain(leaf, inputs[i]);
			else if (inputs[i] !== noted.inputs[i])
				throw this.refuse(`another input of ${name} at t=${this.#step}`);
		}
		return noted.made;
	}

	#leafAgain(leaf: LeafDraft, t: Input): void {
		const { first } = leaf;
		if (first === t && !leaf.each) return;
		if (
			typeof t === "number" ||
			typeof first === "number" ||
			isTraced(t) ||
			t.requiresGrad ||
			leaf.gradient ||
			t.dtype !== "float32" ||
			!sameShape(t.shape, first.shape)
		)
			throw this.refuse(`an input that differs at t=${this.#step}`);
		leaf.each ??= Array<Float32Array>(this.#step).fill(leaf.data);
		if (leaf.each.length > this.#step) {
			if (leaf.now !== t)
				throw this.refuse(`two inputs at t=${this.#step} where one was`);
			return;
		}
		leaf.now = t;
		leaf.each.push(t.data as Float32Array);
	}

	/** What is read and not computed: as rows, or as the matrix right of a product. */
	#leaf(
		t: Input,
		shape: readonly number[],
		how: "rows" | "matrix" = "rows",
	): LeafDraft {
		let ways = this.#known.get(t);
		if (!ways) {
			ways = new Map();
			this.#known.set(t, ways);
		}
		const key = `${how} ${shape}`;
		const known = ways.get(key);
		if (known) return known;
		if (typeof t !== "number" && t.dtype !== "float32")
			throw this.refuse("float64");
		const number = typeof t === "number";
		const leaf: LeafDraft = {
			kind: "leaf",
			first: t,
			shape,
			data: number ? Float32Array.of(t) : (t.data as Float32Array),
			gradient: number ? false : t.requiresGrad,
		};
		ways.set(key, leaf);
		this.#leaves.push(leaf);
		return leaf;
	}

	#pointwise(op: StepOp, inputs: readonly Input[], parameter: number): Tensor {
		const B = this.#B;
		const shape = broadcast(inputs);
		const stretched = () => this.refuse(`${op} of shapes that are stretched`);
		if (!shape || afterBatch(shape, B) === undefined) throw stretched();
		const n = columnsOf(shape, B);
		const leaves: (LeafDraft | undefined)[] = [];
		const values = inputs.map((t, i) => {
			if (isTraced(t)) {
				if (t.node.columns === n && op === "where" && i === 0)
					throw this.refuse("a choice by what the step computes");
				if (t.node.columns === n) return t.node;
				const row = asRows(t.shape, shape, B);
				if (row?.rows !== B || (op === "where" && i === 0)) throw stretched();
				return this.#repeated(t, n / row.columns, shape);
			}
			if (typeof t === "number") leaves[i] = this.#leaf(t, []);
			else {
				const row = asRows(t.shape, shape, B);
				const whole = row?.columns === n;
				// sums over the columns of a row are not there
				if (!row || !(whole || (row.columns === 1 && !t.requiresGrad)))
					throw stretched();
				leaves[i] = this.#leaf(t, [row.rows, row.columns]);
			}
			return leaves[i] as LeafDraft;
		});
		const node = this.#node(op, values, n, parameter);
		return this.#note(op, inputs, leaves, node, shape);
	}

	/** A result whose row stands several times side by side. */
	#repeated(t: Traced & Tensor, times: number, shape: Shape): StepNode {
		if (times > MOST_COPIES)
			throw this.refuse(`a row that is repeated ${times} times`);
		const row = Array<Traced & Tensor>(times).fill(t);
		const node = this.#node(
			"concat",
			row.map((t) => t.node),
			times * t.node.columns,
		);
		this.#note("", row, [], node, shape, 0, true);
		return node;
	}

	#joined(inputs: readonly Input[], axis: number): Tensor {
		const [first] = inputs as Tensor[];
		if (sizeOf(first.shape.slice(0, axis)) !== this.#B)
			throw this.refuse("rows of a batch, joined");
		const nodes = inputs.map((t) => {
			if (!isTraced(t)) throw this.refuse("data joined to results");
			return t.node;
		});
		const columns = nodes.reduce((sum, node) => sum + node.columns, 0);
		const along = (inputs as Tensor[]).map((t) => t.shape[axis]);
		const shape = first.shape.with(
			axis,
			along.reduce((sum, n) => sum + n, 0),
		);
		const node = this.#node("concat", nodes, columns);
		return this.#note("concat", inputs, [], node, shape, axis);
	}

	/** A product with a matrix of weights, or of each sequence's row with rows of its own: a memory that is looked back at. */
	#product(inputs: readonly Input[], transposes: number): Tensor {
		const [a, b] = inputs as [Tensor, Tensor];
		const other = () => this.refuse("a product of other operands");
		if (!isTraced(a) || b.shape.length < 2) throw other();
		const { node } = a;
		const K = a.shape.at(-1) as number;
		const [rows, columns] = b.shape.slice(-2);
		const put = (leaf: LeafDraft | undefined, made: StepNode, shape: Shape) =>
			this.#note("matmul", inputs, [undefined, leaf], made, shape, transposes);
		if (b.shape.length === 2 && !isTraced(b)) {
			if (transposes !== 0 || rows !== K) throw other();
			const shape = a.shape.with(-1, columns);
			if (node.columns === K) {
				const leaf = this.#leaf(b, b.shape, "matrix");
				return put(leaf, this.#node("matmul", [node, leaf], columns), shape);
			}
			if (columns !== 1) throw other();
			const leaf = this.#leaf(b, [1, K]);
			return put(
				leaf,
				this.#node("dots", [leaf, node], node.columns / K),
				shape,
			);
		}
		const [leadA, leadB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
		const ofEach =
			node.columns === K &&
			sizeOf(leadB) === this.#B &&
			`${withoutOnes(leadA)}` === `${withoutOnes(leadB)}`;
		const [across, out] =
			transposes === TRANSPOSE_B ? [columns, rows] : [rows, columns];
		if (!ofEach || transposes === TRANSPOSE_A || transposes > 2 || across !== K)
			throw other();
		const leaf = isTraced(b)
			? undefined
			: this.#leaf(b, [this.#B, rows * columns]);
		const R = leaf ?? (b as Traced & Tensor).node;
		const op = transposes === TRANSPOSE_B ? "dots" : "mix";
		const shape = [...(leadA.length < leadB.length ? leadB : leadA), 1, out];
		return put(leaf, this.#node(op, [node, R], out), shape);
	}
}

/** How a product says which of its operands it reads transposed. */
const TRANSPOSE_A = 1;
const TRANSPOSE_B = 2;

/** The shape of all operands put together; undefined where they do not broadcast. */
function broadcast(inputs: readonly Input[]): Shape | undefined {
	let shape: number[] = [];
	for (const t of inputs) {
		if (typeof t === "number") continue;
		const axes = Math.max(shape.length, t.shape.length);
		const joined: number[] = [];
		for (let i = 1; i <= axes; i++) {
			const n = shape.at(-i) ?? 1;
			const m = t.shape.at(-i) ?? 1;
			if (n !== m && n !== 1 && m !== 1) return undefined;
			joined.unshift(n === 1 ? m : n);
		}
		shape = joined;
	}
	return shape;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((item, i) => item === b[i]);
}
