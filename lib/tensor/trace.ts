import type {
	StepNode,
	StepOp,
	StepTrace,
	StepValue,
} from "../backend/steps.ts";
import { restoring } from "../backend/termination.ts";
import { afterBatch, asRows, columnsOf, withoutOnes } from "./layout.ts";
import type { Input, LeafDraft } from "./leaves.ts";
import { Notes } from "./notes.ts";
import { type Shape, sizeOf } from "./numbers.ts";
import type { Tensor } from "./tensor.ts";
import { isTraced, Traced, type Untraceable } from "./traced.ts";

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
		tracer.keep(op, inputs, parameter, made);
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

/** Traces one step after the other: notes what the first does, and compares each further one with it. */
export class Tracer {
	readonly #B: number;
	readonly #notes = new Notes(() => tracer === this);

	constructor(B: number) {
		this.#B = B;
	}

	/** What the step is given: a tensor that stands for it. */
	given(op: "x" | "state", columns: number): Tensor {
		return this.view(node(op, [], columns), [this.#B, columns]);
	}

	/** The tensors whose gradients are wanted, in the order of the leaves. */
	get leaves(): readonly (Tensor | undefined)[] {
		return this.#notes.leaves.all.map(({ first }) =>
			typeof first === "number" ? undefined : first,
		);
	}

	/** Notes why the step cannot be traced; the trace ends even where the step catches what is thrown. */
	refuse(why: string): Untraceable {
		return this.#notes.refuse(why);
	}

	/** Traces step t, from 0 on; `step` gives the outputs and the parts of the state after it. */
	trace(
		t: number,
		step: () => { outputs: readonly Tensor[]; after: readonly Tensor[] },
	): { outputs: StepNode[]; after: StepNode[] } {
		this.#notes.begin(t);
		const before = tracer;
		const restore = () => {
			tracer = before;
		};
		return restoring(restore, () => {
			tracer = this;
			const { outputs, after } = step();
			this.#notes.expectTraceable();
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
			this.#notes.expectAllDone();
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
			nodes: this.#notes.nodes,
			leaves: this.#notes.leaves.all,
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
		if (afterBatch(shape, this.#B) === undefined)
			throw this.refuse("rows of a batch, under another shape");
		return this.#notes.view(of instanceof Traced ? of.node : of, shape);
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
			const name = `part ${n}`;
			if (this.#notes.step > 0) return this.#notes.again(name, [x], start);
			const part = node("part", [x.node], n * inner, start);
			return this.#add({ name, inputs: [x], leaves: [] }, part, shape);
		});
	}

	note(
		op: string,
		inputs: readonly Input[],
		parameter: number,
	): Tensor | undefined {
		const notes = this.#notes;
		if (!inputs.some(isTraced)) return notes.keptResult(op, inputs, parameter);
		if (notes.step > 0) return notes.again(op, inputs, parameter);
		if (op === "matmul") return this.#product(inputs, parameter);
		if (op === "concat") return this.#joined(inputs, parameter);
		if (op === "normalise" || op === "softmax") {
			const [x] = inputs as [Traced & Tensor];
			if (x.shape.at(-1) !== x.node.columns)
				throw this.refuse(`${op} of several rows for each sequence`);
			const made = node(op, [x.node], x.node.columns, parameter);
			return this.#add({ name: op, inputs, leaves: [] }, made, x.shape);
		}
		if (!pointwise.has(op)) throw this.refuse(`the operation ${op}`);
		return this.#pointwise(op as StepOp, inputs, parameter);
	}

	/** Keeps what an operation on weights alone gave, so that it is one tensor for all steps. */
	keep(
		op: string,
		inputs: readonly Input[],
		parameter: number,
		made: Tensor,
	): void {
		this.#notes.keep({ op, inputs, parameter, made });
	}

	#add(...[about, made, shape]: Parameters<Notes["add"]>): Traced & Tensor {
		if (afterBatch(shape, this.#B) === undefined)
			throw this.refuse("rows of a batch, under another shape");
		return this.#notes.add(about, made, shape);
	}

	/** An operation on numbers one by one. */
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
			if (typeof t === "number") leaves[i] = this.#notes.leaves.add(t, []);
			else {
				const row = asRows(t.shape, shape, B);
				const whole = row?.columns === n;
				// sums over the columns of a row are not there
				if (!row || !(whole || (row.columns === 1 && !t.requiresGrad)))
					throw stretched();
				leaves[i] = this.#notes.leaves.add(t, [row.rows, row.columns]);
			}
			return leaves[i] as LeafDraft;
		});
		const made = node(op, values, n, parameter);
		return this.#add({ name: op, inputs, leaves }, made, shape);
	}

	/** A result whose row stands several times side by side. */
	#repeated(t: Traced & Tensor, times: number, shape: Shape): StepNode {
		if (times > MOST_COPIES)
			throw this.refuse(`a row that is repeated ${times} times`);
		const row = Array<Traced & Tensor>(times).fill(t);
		const made = node(
			"concat",
			row.map((t) => t.node),
			times * t.node.columns,
		);
		const about = { name: "", inputs: row, leaves: [], unasked: true };
		this.#add(about, made, shape);
		return made;
	}

	/** Results side by side. */
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
		const made = node("concat", nodes, columns);
		const about = { name: "concat", parameter: axis, inputs, leaves: [] };
		return this.#add(about, made, shape);
	}

	/** A product with a matrix of weights, or of each sequence's row with rows of its own: a memory that is looked back at. */
	#product(inputs: readonly Input[], transposes: number): Tensor {
		const [a, b] = inputs as [Tensor, Tensor];
		const other = () => this.refuse("a product of other operands");
		if (!isTraced(a) || b.shape.length < 2) throw other();
		const K = a.shape.at(-1) as number;
		const [rows, columns] = b.shape.slice(-2);
		const put = (leaf: LeafDraft | undefined, made: StepNode, shape: Shape) =>
			this.#add(
				{
					...{ name: "matmul", parameter: transposes, inputs },
					leaves: [undefined, leaf],
				},
				made,
				shape,
			);
		if (b.shape.length === 2 && !isTraced(b)) {
			if (transposes !== 0 || rows !== K) throw other();
			const shape = a.shape.with(-1, columns);
			if (a.node.columns === K) {
				const leaf = this.#notes.leaves.add(b, b.shape, "matrix");
				return put(leaf, node("matmul", [a.node, leaf], columns), shape);
			}
			if (columns !== 1) throw other();
			const leaf = this.#notes.leaves.add(b, [1, K]);
			return put(leaf, node("dots", [leaf, a.node], a.node.columns / K), shape);
		}
		const [leadA, leadB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
		const ofEach =
			a.node.columns === K &&
			sizeOf(leadB) === this.#B &&
			`${withoutOnes(leadA)}` === `${withoutOnes(leadB)}`;
		const [across, out] =
			transposes === TRANSPOSE_B ? [columns, rows] : [rows, columns];
		if (!ofEach || transposes === TRANSPOSE_A || transposes > 2 || across !== K)
			throw other();
		const leaf = isTraced(b)
			? undefined
			: this.#notes.leaves.add(b, [this.#B, rows * columns]);
		const R = leaf ?? (b as Traced & Tensor).node;
		const op = transposes === TRANSPOSE_B ? "dots" : "mix";
		const shape = [...(leadA.length < leadB.length ? leadB : leadA), 1, out];
		return put(leaf, node(op, [a.node, R], out), shape);
	}
}

function node(
	op: StepOp,
	inputs: readonly StepValue[],
	columns: number,
	parameter = 0,
): StepNode {
	return { kind: "node", op, inputs, columns, parameter };
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
