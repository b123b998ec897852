import type { Numbers } from "./backend/backend.ts";
import { allocateResult, backendOf } from "./backend/current.ts";
import { freeMemory, noRoom } from "./backend/platform.ts";
import { type Scope, scope } from "./scope.ts";

export type DType = "float32" | "float64";
export type Shape = readonly number[];
/** Numbers nested in arrays, as deep as the tensor has axes. */
export type Nested = number | readonly Nested[];

/**
 * One operation as it was done: what went in, what came out, and how gradients go back.
 * `back` receives a gradient for each output (none where nothing depends on it) and returns one for each input, in arrays
 * that it does not keep: new ones, those it was given, or parts of them that do not overlap. Where only a few numbers of a
 * large input have a gradient, it returns a function that adds them to a sum, so that the cost is that of the few.
 */
export interface Operation {
	readonly name: string;
	readonly order: number;
	inputs: readonly Tensor[];
	outputs: readonly Tensor[];
	back: Back | null;
	/** The part of a network that did it; null outside of any. */
	readonly scope: Scope | null;
}
export type Back = (
	gradients: readonly (Numbers | undefined)[],
) => readonly Contribution[];
/** A gradient of an input, or what adds it to the sum of the gradients of that input; none where there is none. */
export type Contribution = Numbers | ((sum: Numbers) => void) | undefined;

/**
 * An array of numbers with a shape, row-major, that knows how it was made.
 *
 * Treat `data` as read-only: operations may share it between tensors. Only optimisers write into the data of weights.
 */
export class Tensor {
	readonly shape: Shape;
	readonly data: Numbers;
	/** Whether gradients flow to or through this tensor. */
	readonly requiresGrad: boolean;
	/** ∂loss/∂this after `loss.backward()`, for tensors made with `requiresGrad`; an optimiser's step clears it. */
	grad: Tensor | null = null;
	/** The operation that made it; null for data and weights. */
	readonly madeBy: Operation | null;

	constructor(
		data: Numbers,
		shape: Shape,
		requiresGrad = false,
		madeBy: Operation | null = null,
	) {
		if (data.length !== sizeOf(shape))
			throw new Error(
				`tensor: shape [${shape}] holds ${sizeOf(shape)} numbers, got ${data.length}`,
			);
		this.shape = shape;
		this.data = data;
		this.requiresGrad = requiresGrad || madeBy !== null;
		this.madeBy = madeBy;
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

	/** The numbers as nested arrays, one level per axis. */
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

	/** The same numbers, cut off from how they were made: no gradient flows back through it. */
	detach(): Tensor {
		return new Tensor(this.data, this.shape);
	}

	/**
	 * Back-propagates from this scalar: every tensor made with `requiresGrad` that it depends on gets its `grad`, added to what is there.
	 * The record of the operations is freed on the way, so it works once.
	 */
	backward(): void {
		backward(this);
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

/** More numbers than this are not printed, but a sample of them. */
const LONG = 100;
const SAMPLE = 6;

function shown(value: number): number | string {
	return Number.isFinite(value) ? Number(value.toPrecision(5)) : String(value);
}

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
	return shape.reduce((product, n) => product * n, 1);
}

/**
 * Zeroed data of a type.
 * @throws when there is no room for it: how much was wanted, and how much the machine has left.
 */
export function allocate(dtype: DType, size: number): Numbers {
	return orSay(dtype, size, () =>
		dtype === "float64" ? new Float64Array(size) : new Float32Array(size),
	);
}

/** Data of a type for a result that is written as a whole: until then it holds whatever was there. Errors as `allocate`. */
export function room(dtype: DType, size: number): Numbers {
	return orSay(dtype, size, () => allocateResult(dtype, size));
}

function orSay(dtype: DType, size: number, make: () => Numbers): Numbers {
	try {
		return make();
	} catch {
		const wanted = size * (dtype === "float64" ? 8 : 4);
		throw noRoom(wanted, freeMemory(), `${size} numbers of ${dtype}`);
	}
}

/** Zeroed data of the same type as `like`. */
export function allocateLike(like: Numbers, size: number): Numbers {
	return allocate(like instanceof Float64Array ? "float64" : "float32", size);
}

let recording = true;
let order = 0;

/** Runs `work` without recording how its tensors are made: quicker, and nothing is kept for `backward`. */
export function noGrad<T>(work: () => T): T {
	const before = recording;
	recording = false;
	try {
		return work();
	} finally {
		recording = before;
	}
}

/** Whether an operation on these inputs has to be recorded. */
export function recorded(inputs: readonly Tensor[]): boolean {
	return recording && inputs.some((t) => t.requiresGrad);
}

/** The outputs of an operation, recorded with the way back when a gradient may be asked for. */
export function operation(
	name: string,
	inputs: readonly Tensor[],
	outputs: readonly { data: Numbers; shape: Shape }[],
	back: Back,
): Tensor[] {
	if (!recorded(inputs))
		return outputs.map(({ data, shape }) => new Tensor(data, shape));
	const record: Operation = {
		name,
		order: order++,
		inputs,
		outputs: [],
		back,
		scope: scope(),
	};
	record.outputs = outputs.map(
		({ data, shape }) => new Tensor(data, shape, true, record),
	);
	return record.outputs as Tensor[];
}

/** `operation` with one output. */
export function result(
	name: string,
	inputs: readonly Tensor[],
	data: Numbers,
	shape: Shape,
	back: (gradient: Numbers) => readonly Contribution[],
): Tensor {
	const [made] = operation(name, inputs, [{ data, shape }], ([gradient]) =>
		back(gradient as Numbers),
	);
	return made;
}

/**
 * `loss.backward()`; `see` is shown the gradient of every tensor on the way, which it must not keep or change.
 */
export function backward(
	loss: Tensor,
	see: (t: Tensor, gradient: Numbers) => void = () => {},
): void {
	if (loss.size !== 1)
		throw new Error(
			`backward: wanted a scalar loss, got [${loss.shape}]; take its sum or mean first`,
		);
	if (!loss.requiresGrad)
		throw new Error(
			"backward: this tensor depends on nothing that requires a gradient",
		);
	const seed = loss.dtype === "float64" ? Float64Array : Float32Array;
	propagate(loss, new seed([1]), see);
}

/**
 * Walks the operations that led to `from`, latest first, and hands each the sum of the gradients of its outputs.
 * Each gradient under way is held by nobody else, so that it may be added to in place and left to its weight as it is.
 */
function propagate(
	from: Tensor,
	seed: Numbers,
	see: (t: Tensor, gradient: Numbers) => void,
): void {
	const gradients = new Map<Tensor, Numbers>([[from, seed]]);
	for (const done of history(from)) {
		const { inputs, outputs } = done;
		const back = done.back as Back;
		const given = outputs.map((t) => gradients.get(t));
		for (const t of outputs) {
			const gradient = gradients.get(t);
			if (gradient) see(t, gradient);
			gradients.delete(t);
		}
		done.back = null;
		done.inputs = [];
		done.outputs = [];
		if (given.every((gradient) => gradient === undefined)) continue;
		const taken = new Set<Numbers>();
		back(given).forEach((gradient, i) => {
			if (!gradient || !inputs[i].requiresGrad) return;
			if (typeof gradient === "function") {
				gradient(sumOf(gradients, inputs[i]));
				return;
			}
			addTo(gradients, inputs[i], gradient, taken.has(gradient));
			taken.add(gradient);
		});
	}
	for (const [t, gradient] of gradients) {
		see(t, gradient);
		leave(t, gradient);
	}
}

function addTo(
	gradients: Map<Tensor, Numbers>,
	t: Tensor,
	gradient: Numbers,
	shared: boolean,
): void {
	const sum = gradients.get(t);
	if (!sum) gradients.set(t, shared ? gradient.slice() : gradient);
	else backendOf(sum).combine("add", sum, gradient, sum);
}

/** The sum of the gradients of a tensor so far, to add to. */
function sumOf(gradients: Map<Tensor, Numbers>, t: Tensor): Numbers {
	const known = gradients.get(t);
	if (known) return known;
	const fresh = allocate(t.dtype, t.size);
	gradients.set(t, fresh);
	return fresh;
}

/** The operations before `from`, latest first: each comes before those whose outputs it used. */
function history(from: Tensor): Operation[] {
	const found = new Set<Operation>();
	const open = [from];
	for (let t = open.pop(); t; t = open.pop()) {
		const made = t.madeBy;
		if (!made || found.has(made)) continue;
		if (!made.back)
			throw new Error(
				`backward: the record of "${made.name}" was freed by an earlier backward(); compute the loss again`,
			);
		found.add(made);
		for (const input of made.inputs) open.push(input); // one may have more than a call takes arguments
	}
	return [...found].sort((a, b) => b.order - a.order);
}

function leave(t: Tensor, gradient: Numbers): void {
	if (t.madeBy) return;
	if (!t.grad) {
		t.grad = new Tensor(gradient, t.shape);
		return;
	}
	const sum = t.grad.data;
	backendOf(sum).combine("add", sum, gradient, sum);
}
