import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { described } from "../expect/words.ts";
import {
	allocate,
	allocateLike,
	keptOverSteps,
	operation,
	result,
	type Shape,
	sizeOf,
	type Tensor,
	traced,
	tracedParts,
	tracedView,
	uninitialised,
} from "../tensor.ts";
import { around, axisOf } from "./axis.ts";
import { expectTensor, expectTensors, expectWholes } from "./tensors.ts";

/**
 * The same numbers under another shape, `reshape(x, [2, -1])`; one axis may be −1 and is worked out. Shares the data.
 * @throws when the shape holds another count of numbers.
 */
export function reshape(x: Tensor, sizes: Shape): Tensor {
	expectTensor("reshape", "x", x);
	const shape = expectWholes("reshape", "the shape", sizes);
	const known = sizeOf(shape.filter((n) => n !== -1));
	const full = shape.map((n) => (n === -1 ? x.size / known : n));
	if (
		shape.filter((n) => n === -1).length > 1 ||
		sizeOf(full) !== x.size ||
		!full.every((n) => Number.isInteger(n) && n >= 0)
	)
		throw new Error(
			`reshape: [${x.shape.join(", ")}] cannot become [${shape.join(", ")}]`,
		);
	const noted = tracedView(x, full);
	if (noted) return noted;
	return result("reshape", [x], x.data, full, (g) => [g]);
}

/**
 * Axes in another order; without `axes` the last two change places. `transpose(x, [1, 0, 2])` turns [T, B, D] into [B, T, D]. Shares the
 * data where their order stays the same, as when an axis of 1 moves.
 * @throws when the axes are not an order of those of x.
 */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
	expectTensor("transpose", "x", x);
	const rank = x.shape.length;
	const order =
		axes === undefined
			? [...Array(rank).keys()].map((i) =>
					i < rank - 2 ? i : 2 * rank - 3 - i,
				)
			: expectWholes("transpose", "axes", axes);
	if (
		rank < 2 ||
		`${[...order].sort((p, q) => p - q)}` !== `${[...Array(rank).keys()]}`
	)
		throw new Error(
			`transpose: axes [${order.join(", ")}] are not an order of the axes of [${x.shape.join(", ")}]`,
		);
	const shape = order.map((axis) => x.shape[axis]);
	const noted = tracedView(x, shape, order);
	if (noted) return noted;
	const back = order.map((_, axis) => order.indexOf(axis));
	return result("transpose", [x], turn(x.data, x.shape, order), shape, (g) => [
		turn(g, shape, back),
	]);
}

/** The numbers in the order of other axes; the same array where that order is its own, as when axes of 1 move. */
function turn(data: Numbers, shape: Shape, order: readonly number[]): Numbers {
	const moved = order.filter((axis) => shape[axis] !== 1);
	if (moved.every((axis, i) => i === 0 || moved[i - 1] < axis)) return data;
	const sizes = moved.map((axis) => shape[axis]);
	const strides = moved.map((axis) => sizeOf(shape.slice(axis + 1)));
	// What stays last goes in runs.
	const last = sizes.length - 1;
	const run = strides[last] === 1 ? sizes[last] : 1;
	const inner = run === 1 ? last : last - 1;
	const out = uninitialised(
		data instanceof Float64Array ? "float64" : "float32",
		data.length,
	);
	let next = 0;
	const copy = (axis: number, start: number): void => {
		const [n, stride] = [sizes[axis], strides[axis]];
		const end = start + n * stride;
		if (axis < inner)
			for (let from = start; from < end; from += stride) copy(axis + 1, from);
		else if (run === 1)
			for (let from = start; from < end; from += stride)
				out[next++] = data[from];
		else
			for (let from = start; from < end; from += stride) {
				if (run > SHORT) out.set(data.subarray(from, from + run), next);
				else for (let j = 0; j < run; j++) out[next + j] = data[from + j];
				next += run;
			}
	};
	copy(0, 0);
	return out;
}

/** So many numbers are copied one by one before a view on them is made. */
const SHORT = 24;

/**
 * Tensors joined along an axis, `concat([a, b], 1)`.
 * @throws when there is none, or their other axes or types differ.
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
	expectTensors("concat", parts);
	const [first] = parts;
	if (!first) throw new Error("concat: wanted at least one tensor, got none");
	const at = axisOf("concat", first.shape, axis);
	for (const { shape, dtype } of parts)
		if (dtype !== first.dtype || !joins(shape, first.shape, at))
			throw new Error(
				`concat: ${dtype} [${shape}] does not join ${first.dtype} [${first.shape}] along axis ${axis}`,
			);
	const noted = traced("concat", parts, at);
	if (noted) return noted;
	const sizes = parts.map((part) => part.shape[at]);
	const length = sizes.reduce((a, b) => a + b, 0);
	const shape = first.shape.with(at, length);
	const data = joined(
		parts.map((part) => part.data),
		sizes,
		shape,
		at,
	);
	const inputs = parts.slice();
	const made = result("concat", inputs, data, shape, (g) =>
		cut(g, sizes, shape, at),
	);
	return keptOverSteps("concat", inputs, at, made);
}

/** Whether two shapes are the same but for one axis. */
function joins(a: Shape, b: Shape, axis: number): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++)
		if (a[i] !== b[i] && i !== axis) return false;
	return true;
}

/**
 * A tensor cut along an axis into pieces of the sizes given.
 * @throws when the sizes do not add up to the axis.
 */
export function split(
	x: Tensor,
	lengths: readonly number[],
	axis = 0,
): Tensor[] {
	expectTensor("split", "x", x);
	const at = axisOf("split", x.shape, axis);
	const sizes = expectWholes("split", "sizes", lengths);
	if (
		sizes.reduce((a, b) => a + b, 0) !== x.shape[at] ||
		sizes.some((n) => n < 0)
	)
		throw new Error(
			`split: sizes [${sizes.join(", ")}] do not add up to axis ${axis} of [${x.shape.join(", ")}]`,
		);
	const noted = tracedParts(x, at, 0, sizes);
	if (noted) return noted;
	const pieces = cut(x.data, sizes, x.shape, at).map((data, i) => ({
		data,
		shape: x.shape.with(at, sizes[i]),
	}));
	return operation("split", [x], pieces, (gradients) => [
		joined(
			gradients.map((g, i) => g ?? allocate(x.dtype, pieces[i].data.length)),
			sizes,
			x.shape,
			at,
		),
	]);
}

/**
 * The part with the indices in [from, to) along an axis; an axis of −1 is the last.
 * @throws when they are no whole numbers, or not inside the axis.
 */
export function slice(
	x: Tensor,
	axis: number,
	from: number,
	to: number,
): Tensor {
	expectTensor("slice", "x", x);
	const at = axisOf("slice", x.shape, axis);
	const length = x.shape[at];
	const inside =
		Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to;
	if (!inside || to > length)
		throw new Error(
			`slice: from ${described(from)} up to ${described(to)} is not inside axis ${axis} of [${x.shape.join(", ")}]; wanted whole numbers, 0 ≤ from ≤ to ≤ ${length}`,
		);
	const [noted] = tracedParts(x, at, from, [to - from]) ?? [];
	if (noted) return noted;
	const shape = x.shape.with(at, to - from);
	const { outer, inner } = around(x.shape, at);
	const run = (to - from) * inner;
	const start = (o: number) => (o * length + from) * inner;
	const data =
		outer === 1
			? x.data.subarray(start(0), start(0) + run)
			: allocate(x.dtype, outer * run);
	if (outer !== 1)
		for (let o = 0; o < outer; o++)
			data.set(x.data.subarray(start(o), start(o) + run), o * run);
	return result("slice", [x], data, shape, (g) => [
		(dx) => {
			for (let o = 0; o < outer; o++) {
				const part = dx.subarray(start(o), start(o) + run);
				const gradient = g.subarray(o * run, (o + 1) * run);
				backendOf(dx).combine("add", part, gradient, part);
			}
		},
	]);
}

/**
 * Tensors of one shape laid along a new axis in front: T times [B, H] become [T, B, H]. With `axis` the new axis is at that place of the
 * result: −1 makes it the last.
 * @throws when there is none, or their shapes or types differ.
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
	expectTensors("stack", parts);
	const [first] = parts;
	if (!first) throw new Error("stack: wanted at least one tensor, got none");
	const at = axisOf("stack", [...first.shape, 1], axis);
	return concat(
		parts.map((part) => reshape(part, part.shape.toSpliced(at, 0, 1))),
		at,
	);
}

function joined(
	parts: readonly Numbers[],
	sizes: readonly number[],
	shape: Shape,
	axis: number,
): Numbers {
	const { outer, length, inner } = around(shape, axis);
	const out = allocateLike(parts[0], sizeOf(shape));
	let start = 0;
	parts.forEach((part, p) => {
		const run = sizes[p] * inner;
		for (let o = 0; o < outer; o++)
			out.set(
				part.subarray(o * run, (o + 1) * run),
				o * length * inner + start,
			);
		start += run;
	});
	return out;
}

/** The way back of `joined`; pieces share the data where they are runs of it. */
function cut(
	data: Numbers,
	sizes: readonly number[],
	shape: Shape,
	axis: number,
): Numbers[] {
	const { outer, length, inner } = around(shape, axis);
	let start = 0;
	return sizes.map((size) => {
		const run = size * inner;
		const from = start;
		start += run;
		if (outer === 1) return data.subarray(from, from + run);
		const piece = allocateLike(data, outer * run);
		for (let o = 0; o < outer; o++) {
			const at = o * length * inner + from;
			piece.set(data.subarray(at, at + run), o * run);
		}
		return piece;
	});
}
