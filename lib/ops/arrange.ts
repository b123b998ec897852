import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import {
	allocate,
	allocateLike,
	operation,
	result,
	type Shape,
	sizeOf,
	type Tensor,
} from "../tensor.ts";
import { around, axisOf } from "./axis.ts";

/** The same numbers under another shape; one axis may be −1 and is worked out. Shares the data. */
export function reshape(x: Tensor, shape: Shape): Tensor {
	const known = sizeOf(shape.filter((n) => n !== -1));
	const full = shape.map((n) => (n === -1 ? x.size / known : n));
	if (
		shape.filter((n) => n === -1).length > 1 ||
		sizeOf(full) !== x.size ||
		!full.every(Number.isInteger)
	)
		throw new Error(`reshape: [${x.shape}] cannot become [${shape}]`);
	return result("reshape", [x], x.data, full, (g) => [g]);
}

/** Axes in another order; without `axes` the last two change places. `transpose(x, [1, 0, 2])` turns [T, B, D] into [B, T, D]. */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
	const rank = x.shape.length;
	const order =
		axes ??
		[...Array(rank).keys()].map((i) => (i < rank - 2 ? i : 2 * rank - 3 - i));
	if (
		rank < 2 ||
		`${[...order].sort((p, q) => p - q)}` !== `${[...Array(rank).keys()]}`
	)
		throw new Error(
			`transpose: axes [${order}] are not an order of the axes of [${x.shape}]`,
		);
	const shape = order.map((axis) => x.shape[axis]);
	const back = order.map((_, axis) => order.indexOf(axis));
	return result("transpose", [x], turn(x.data, x.shape, order), shape, (g) => [
		turn(g, shape, back),
	]);
}

function turn(data: Numbers, shape: Shape, order: readonly number[]): Numbers {
	const out = allocateLike(data, data.length);
	const sizes = order.map((axis) => shape[axis]);
	const strides = order.map((axis) => sizeOf(shape.slice(axis + 1)));
	const last = sizes.length - 1;
	let next = 0;
	const copy = (axis: number, from: number): void => {
		for (let i = 0; i < sizes[axis]; i++) {
			const at = from + i * strides[axis];
			if (axis === last) out[next++] = data[at];
			else copy(axis + 1, at);
		}
	};
	copy(0, 0);
	return out;
}

/** Joined along an axis; all other axes must agree. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
	const [first] = parts;
	if (!first) throw new Error("concat: wanted at least one tensor, got none");
	const at = axisOf("concat", first.shape, axis);
	for (const { shape, dtype } of parts)
		if (
			dtype !== first.dtype ||
			`${shape.toSpliced(at, 1)}` !== `${first.shape.toSpliced(at, 1)}` ||
			shape.length !== first.shape.length
		)
			throw new Error(
				`concat: ${dtype} [${shape}] does not join ${first.dtype} [${first.shape}] along axis ${axis}`,
			);
	const sizes = parts.map((part) => part.shape[at]);
	const length = sizes.reduce((a, b) => a + b, 0);
	const shape = first.shape.with(at, length);
	const data = joined(
		parts.map((part) => part.data),
		sizes,
		shape,
		at,
	);
	return result("concat", parts, data, shape, (g) => cut(g, sizes, shape, at));
}

/** Cut along an axis into pieces of the sizes given, which must add up. */
export function split(x: Tensor, sizes: readonly number[], axis = 0): Tensor[] {
	const at = axisOf("split", x.shape, axis);
	if (sizes.reduce((a, b) => a + b, 0) !== x.shape[at])
		throw new Error(
			`split: sizes [${sizes}] do not add up to axis ${axis} of [${x.shape}]`,
		);
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

/** The part from index `from` up to, not with, `to` along an axis. */
export function slice(
	x: Tensor,
	axis: number,
	from: number,
	to: number,
): Tensor {
	const at = axisOf("slice", x.shape, axis);
	const length = x.shape[at];
	if (from < 0 || to > length || from > to)
		throw new Error(
			`slice: ${from} to ${to} is not inside axis ${axis} of [${x.shape}]`,
		);
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

/** Tensors of one shape laid along a new axis in front (or at `axis`): T times [B, H] become [T, B, H]. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
	return concat(
		parts.map((part) => reshape(part, part.shape.toSpliced(axis, 0, 1))),
		axis,
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
