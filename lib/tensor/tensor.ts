import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { currentWork, wasTerminated } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { shape as sizes } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { backward } from "./backward.ts";
import { type DType, type Nested, type Shape, sizeOf } from "./numbers.ts";
import type { OperationOn } from "./operation.ts";

export type Operation = OperationOn<Tensor>;

/**
 * An array of numbers with a shape, row-major, that knows how it was made.
 *
 * Treat `data` as read-only: operations may share it between tensors. Only optimisers write into the data of weights. It may be a
 * view on the memory of all float32 kernels, which `data.buffer` then is: `data.slice()` gives numbers of one's own, and `toArray()`
 * in nested arrays.
 */
export class Tensor {
	readonly shape: Shape;
	readonly data: Numbers;
	/** Whether gradients flow to or through this tensor: not to a weight that is frozen. */
	requiresGrad: boolean;
	/** Of a weight: whether it is left as it is in training. `freeze` and `unfreeze` set it. */
	frozen = false;
	/** ∂loss/∂this after `loss.backward()`, for tensors made with `requiresGrad`; an optimiser's step clears it. */
	grad: Tensor | null = null;
	/** The number of the host's work that left its `grad`: see `currentWork`. */
	leftBy = 0;
	/** The operation that made it; null for data and weights. */
	readonly madeBy: Operation | null;
	/** Of a weight: the number of the operation before which the library last wrote into it. */
	changedAt = 0;
	/** Of a weight: what `readings` last saw of its numbers. */
	sampled = 0;
	/** The weight whose numbers it shares, after `detach`. */
	readonly source: Tensor | null;

	constructor(
		data: Numbers,
		shape: Shape,
		requiresGrad = false,
		madeBy: Operation | null = null,
		source: Tensor | null = null,
	) {
		if (!(data instanceof Float32Array || data instanceof Float64Array))
			throw new Error(
				`Tensor: data must be a Float32Array or a Float64Array, got ${described(data)}; tensor(…) takes lists`,
			);
		if (!isShape(shape)) expectValue("Tensor", "the shape", shape, sizes);
		if (data.length !== sizeOf(shape))
			throw new Error(
				`tensor: shape [${shape}] holds ${sizeOf(shape)} numbers, got ${data.length}`,
			);
		this.shape = shape.slice();
		this.data = data;
		this.requiresGrad = requiresGrad || madeBy !== null;
		this.madeBy = madeBy;
		this.source = source;
	}

	get dtype(): DType {
		return this.data instanceof Float64Array ? "float64" : "float32";
	}

	get size(): number {
		return this.data.length;
	}

	/** The one number of a tensor with one element. */
	item(): number {
		if (this.size !== 1)
			throw new Error(
				`item: wanted a tensor with one number, got [${this.shape}]`,
			);
		return this.data[0];
	}

	/** A copy of the numbers as nested arrays, one level per axis. */
	toArray(): Nested {
		const nest = (axis: number, from: number): Nested => {
			if (axis === this.shape.length) return this.data[from];
			const step = sizeOf(this.shape.slice(axis + 1));
			return Array.from({ length: this.shape[axis] }, (_, i) =>
				nest(axis + 1, from + i * step),
			);
		};
		return nest(0, 0);
	}

	/**
	 * The same numbers, cut off from how they were made: no gradient flows back through it. They are shared, so what is detached from a
	 * weight changes as the weight is trained: `copyWeights` keeps the numbers as they are.
	 */
	detach(): Tensor {
		return new Tensor(this.data, this.shape, false, null, this.asWeight());
	}

	/** The weight that its numbers are; null for data and results. */
	asWeight(): Tensor | null {
		if (this.source) return this.source;
		return (this.requiresGrad || this.frozen) && !this.madeBy ? this : null;
	}

	/**
	 * Back-propagates from this scalar: every tensor made with `requiresGrad` that it depends on gets its `grad`, added to what is there
	 * (`zeroGrad` clears it). The record of the operations is freed on the way, so it works once.
	 *
	 * Results on the way have no `grad` unless they are named: after `loss.backward([h1, h2])` theirs is ∂loss/∂h₁ and ∂loss/∂h₂.
	 * @throws when it is no scalar, depends on no weight, or a weight was changed since it was read; when it does not depend on one that is named.
	 */
	backward(keep: readonly Tensor[] = []): void {
		if (!Array.isArray(keep) || !keep.every((t) => t instanceof Tensor))
			throw new Error(
				`backward: what to keep the gradients of must be a list of tensors, got ${described(keep)}`,
			);
		if (keep.length === 0) {
			backward<Tensor>(this);
			return;
		}
		const results = new Set(keep.filter((t) => t.madeBy));
		const unreached = new Set(keep);
		backward<Tensor>(this, {
			see(t, gradient) {
				unreached.delete(t);
				if (results.has(t)) t.grad = new Tensor(gradient.slice(), t.shape);
			},
		});
		if (unreached.size > 0)
			throw new Error(
				`backward: the loss does not depend on ${[...unreached].map((t) => `[${t.shape.join(", ")}]`).join(", ")}, whose gradient was to be kept`,
			);
	}

	/** Adds to `grad`, and keeps the array given when there is none yet, or the one there was left by a cell that was interrupted. */
	addGradient(gradient: Numbers): void {
		const stale = wasTerminated(this.leftBy);
		this.leftBy = currentWork();
		if (this.grad && !stale) {
			const sum = this.grad.data;
			backendOf(sum).combine("add", sum, gradient, sum);
		} else this.grad = new Tensor(gradient, this.shape);
	}

	/** Shape, type and numbers, rounded; of a large tensor the first few. */
	toString(): string {
		const few = this.size <= LONG;
		const numbers = few ? this.toArray() : [...this.data.slice(0, SAMPLE)];
		const text = JSON.stringify(numbers, (_, v) =>
			typeof v === "number" ? shown(v) : v,
		);
		const rest = few ? text : text.replace("]", ",…]");
		return `Tensor [${this.shape}] ${this.dtype} ${rest}`;
	}

	/** What `console.log` prints in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

function isShape(shape: Shape): boolean {
	if (!Array.isArray(shape)) return false;
	for (let i = 0; i < shape.length; i++)
		if (!Number.isInteger(shape[i]) || shape[i] < 0) return false;
	return true;
}

/** More numbers than this are not printed, but a sample of them. */
const LONG = 100;
const SAMPLE = 6;

function shown(value: number): number | string {
	return Number.isFinite(value) ? Number(value.toPrecision(5)) : String(value);
}
