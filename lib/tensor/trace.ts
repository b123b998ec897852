import type {
	StepLeaf,
	StepNode,
	StepOp,
	StepTrace,
	StepValue,
} from "../backend/steps.ts";
import { restoring } from "../backend/termination.ts";
import { type DType, type Shape, sizeOf } from "./numbers.ts";
import { Tensor } from "./tensor.ts";

/** Why a step cannot be traced: it then runs as ever, operation by operation. */
export class Untraceable extends Error {}

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type LeafDraft = Draft<StepLeaf> & {
	first: Tensor | number;
	each?: Float32Array[];
	now?: Tensor;
};

/**
 * A tensor [B, n] of a step that is traced. It has no numbers: operations that know of tracing note what they would do, and any other
 * asks for its numbers, which ends the trace.
 */
class Traced {
	readonly shape: Shape;
	readonly node: StepNode;
	readonly tracer: Tracer;
	readonly requiresGrad = true;
	readonly madeBy = null;
	readonly source = null;
	grad = null;

	constructor(node: StepNode, B: number, tracer: Tracer) {
		this.node = node;
		this.shape = [B, node.columns];
		this.tracer = tracer;
	}

	get data(): never {
		if (tracer === this.tracer)
			throw tracer.refuse("an operation that cannot be traced");
		throw new Error(
			"this tensor has no numbers: it stands for a value within the step of a cell, and unroll ran all steps at once; to look at such values, hand them to the step's tap and run the layer with { inspect: true }",
		);
	}
	get dtype(): DType {
		return "float32";
	}
	get size(): number {
		return sizeOf(this.shape);
	}
}
Object.setPrototypeOf(Traced.prototype, Tensor.prototype);

/** What an operation on weights alone gave. */
interface Kept {
	op: string;
	inputs: readonly (Tensor | number)[];
	parameter: number;
	made: Tensor;
}

const isTraced = (t: unknown): t is Traced & Tensor => t instanceof Traced;

const stepOps: ReadonlySet<string> = new Set<StepOp>([
	"add",
	"sub",
	"mul",
	"neg",
	"tanh",
	"sigmoid",
	"relu",
	"copy",
	"matmul",
	"concat",
	"part",
	"where",
	"normalise",
]);
const isStepOp = (op: string): op is StepOp => stepOps.has(op);

let tracer: Tracer | undefined;

/** Notes an operation of the step that is traced now, and gives its result; undefined where it has to be computed. */
export function traced(
	op: string,
	inputs: readonly (Tensor | number)[],
	parameter = 0,
): Tensor | undefined {
	return tracer?.note(op, inputs, parameter);
}

/** Gives an operation on weights alone the result that it had in the first step, so that it is one tensor for all steps. */
export function keptOverSteps(
	op: string,
	inputs: readonly (Tensor | number)[],
	parameter: number,
	made: Tensor,
): Tensor {
	if (tracer && inputs.some((t) => typeof t !== "number" && t.requiresGrad))
		tracer.keep({ op, inputs, parameter, made });
	return made;
}

/** The columns [from, from + n) of a traced tensor, for each n of `sizes`; undefined where they have to be computed. */
export function tracedParts(
	x: Tensor,
	axis: number,
	from: number,
	sizes: readonly number[],
): Tensor[] | undefined {
	if (!tracer || !isTraced(x)) return undefined;
	if (axis !== 1) throw tracer.refuse("rows of a batch, taken apart");
	let at = from;
	return sizes.map((n) => {
		const part = tracer?.note("part", [x], at, n) as Tensor;
		at += n;
		return part;
	});
}

/** One traced step after the other: the first notes what is done, and each further one is compared with it. */
export class Tracer {
	readonly #B: number;
	readonly #nodes: StepNode[] = [];
	readonly #made: Traced[] = [];
	readonly #leaves: LeafDraft[] = [];
	readonly #known = new Map<Tensor | number, LeafDraft>();
	readonly #leafOf = new Map<StepValue, LeafDraft>();
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
		const node = { kind: "node", op, inputs: [], columns, parameter: 0 };
		return new Traced(node as never, this.#B, this) as unknown as Tensor;
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

	/** Traces step t, from 0 on; `step` gives the output and the parts of the state after it. */
	trace(
		t: number,
		step: () => { output: Tensor; after: readonly Tensor[] },
	): { output: StepNode; after: StepNode[] } {
		this.#step = t;
		this.#next = 0;
		this.#nextKept = 0;
		const before = tracer;
		const restore = () => {
			tracer = before;
		};
		return restoring(restore, () => {
			tracer = this;
			const { output, after } = step();
			if (this.#refused) throw this.#refused; // the step caught it and went on
			// A state that the step does not compute, or twice the same, becomes one of its own.
			const fresh = after.map((s, i) => {
				const own =
					isTraced(s) &&
					!["x", "state", "part"].includes(s.node.op) &&
					after.indexOf(s) === i;
				return own ? s : (this.note("copy", [s], 0) as Tensor);
			});
			if (t > 0 && this.#next !== this.#nodes.length)
				throw this.refuse("fewer operations than in the first step");
			return { output: this.#root(output), after: fresh.map(this.#root) };
		});
	}

	/** The whole trace, of what was given and of what all steps gave. */
	finish(
		given: { x: Tensor; before: readonly Tensor[] },
		roots: { output: StepNode; after: StepNode[] },
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
		return t.node;
	};

	note(
		op: string,
		inputs: readonly (Tensor | number)[],
		parameter: number,
		columns?: number,
	): Tensor | undefined {
		if (!inputs.some(isTraced)) return this.#before(op, inputs, parameter);
		if (!isStepOp(op)) throw this.refuse(`the operation ${op}`);
		const index = this.#next++;
		if (this.#step > 0) return this.#again(index, op, inputs, parameter);
		const node: StepNode = {
			kind: "node",
			op,
			inputs: inputs.map((t) => this.#value(t)),
			columns: columns ?? this.#columns(op, inputs, parameter),
			parameter,
		};
		const made = new Traced(node, this.#B, this);
		this.#nodes.push(node);
		this.#made.push(made);
		return made as unknown as Tensor;
	}

	/** What an operation on weights alone gave in the first step. */
	#before(
		op: string,
		inputs: readonly (Tensor | number)[],
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

	/** @throws when the operation is not that of the first step. */
	#again(
		index: number,
		op: string,
		inputs: readonly (Tensor | number)[],
		parameter: number,
	): Tensor {
		const node = this.#nodes[index];
		if (
			node?.op !== op ||
			node.parameter !== parameter ||
			node.inputs.length !== inputs.length
		)
			throw this.refuse(`${op} at t=${this.#step}, not in the first step`);
		for (let i = 0; i < inputs.length; i++) {
			const value = node.inputs[i];
			const t = inputs[i];
			if (value.kind === "leaf") this.#leafAgain(value, t);
			else if (!isTraced(t) || t.node !== value)
				throw this.refuse(`another input of ${op} at t=${this.#step}`);
		}
		return this.#made[index] as unknown as Tensor;
	}

	#leafAgain(value: StepLeaf, t: Tensor | number): void {
		const leaf = this.#leafOf.get(value) as LeafDraft;
		if (leaf.first === t && !leaf.each) return;
		if (
			typeof t === "number" ||
			typeof leaf.first === "number" ||
			isTraced(t) ||
			t.requiresGrad ||
			leaf.gradient ||
			t.dtype !== "float32" ||
			`${t.shape}` !== `${leaf.shape}`
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

	#value(t: Tensor | number): StepValue {
		if (isTraced(t)) return t.node;
		const known = this.#known.get(t);
		if (known) return known;
		if (typeof t !== "number" && t.dtype !== "float32")
			throw this.refuse("float64");
		const leaf: LeafDraft = {
			kind: "leaf",
			first: t,
			...(typeof t === "number"
				? { shape: [], data: Float32Array.of(t), gradient: false }
				: {
						shape: t.shape,
						data: t.data as Float32Array,
						gradient: t.requiresGrad,
					}),
		};
		this.#known.set(t, leaf);
		this.#leafOf.set(leaf, leaf);
		this.#leaves.push(leaf);
		return leaf;
	}

	/** The columns of a result. @throws when the operands are not laid out as steps can be run. */
	#columns(
		op: StepOp,
		inputs: readonly (Tensor | number)[],
		parameter: number,
	): number {
		if (op === "matmul") {
			const [a, b] = inputs;
			const fits =
				isTraced(a) &&
				!isTraced(b) &&
				typeof b !== "number" &&
				b.shape.length === 2 &&
				b.shape[0] === a.node.columns;
			if (!fits) throw this.refuse("a product of other operands");
			return b.shape[1];
		}
		if (op === "concat" && parameter !== 1)
			throw this.refuse("rows of a batch, joined");
		if (op === "concat")
			return inputs.reduce<number>((sum, t) => {
				if (!isTraced(t)) throw this.refuse("data joined to results");
				return sum + t.node.columns;
			}, 0);
		const operands = op === "where" ? inputs.slice(1) : inputs;
		const n = Math.max(
			...operands.map((t) => (isTraced(t) ? t.node.columns : 1)),
		);
		for (const [i, t] of inputs.entries())
			if (!this.#fits(t, n, op === "where" && i === 0))
				throw this.refuse(`${op} of shapes that are stretched`);
		return n;
	}

	/** Whether an operand of n columns is a result of this width, or data that is stretched to it. */
	#fits(t: Tensor | number, n: number, mask: boolean): boolean {
		if (isTraced(t)) return t.node.columns === n && !mask;
		if (typeof t === "number") return true;
		const [rows, columns] = t.shape.length === 2 ? t.shape : [1, t.shape[0]];
		if (t.shape.length > 2) return false;
		if (columns !== undefined && columns !== n && columns !== 1) return false;
		if (rows !== 1 && rows !== this.#B) return false;
		return !t.requiresGrad || columns === n; // sums over a row are not there
	}
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
	return a.length === b.length && a.every((item, i) => item === b[i]);
}
