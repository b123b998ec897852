import type { StepNode } from "../backend/steps.ts";
import { type DType, type Shape, sizeOf } from "./numbers.ts";
import { Tensor } from "./tensor.ts";

/** Why a step cannot be traced: it then runs as ever, operation by operation. */
export class Untraceable extends Error {}

/** Notes why a step cannot be traced; undefined once its trace is over. */
export type Refuse = (why: string) => Untraceable | undefined;

/**
 * A tensor of a step that is traced, the same count of numbers for each sequence of the batch. It has no numbers: operations that know of
 * tracing note what they would do, and any other asks for its numbers, which ends the trace.
 */
export class Traced {
	readonly shape: Shape;
	readonly node: StepNode;
	readonly #refuse: Refuse;
	readonly requiresGrad = true;
	readonly madeBy = null;
	readonly source = null;
	grad = null;

	constructor(node: StepNode, shape: Shape, refuse: Refuse) {
		this.node = node;
		this.shape = shape;
		this.#refuse = refuse;
	}

	get data(): never {
		throw (
			this.#refuse("an operation that cannot be traced") ??
			new Error(
				"this tensor has no numbers: it stands for a value within the step of a cell, and unroll ran all steps at once; to look at such values, hand them to the step's tap and run the layer with { inspect: true }",
			)
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

export const isTraced = (t: unknown): t is Traced & Tensor =>
	t instanceof Traced;
