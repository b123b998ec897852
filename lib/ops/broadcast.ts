import type { Numbers } from "../backend/backend.ts";
import { expectValue } from "../expect/expect.ts";
import { aTensor, but } from "../expect/rules.ts";
import {
	allocate,
	allocateLike,
	type Shape,
	sizeOf,
	Tensor,
} from "../tensor.ts";

/** A tensor, or a number that stands for one of its neighbour's type. */
export type Operand = Tensor | number;

const operand = but(aTensor, {
	wanted: "a Tensor or a number",
	fits: (value) => typeof value === "number" || aTensor.fits(value),
});

/** Both operands as tensors of one type. */
export function operands(
	name: string,
	a: Operand,
	b: Operand,
): [Tensor, Tensor] {
	if (typeof a === "number" && typeof b === "number")
		throw new Error(`${name}: wanted at least one tensor, got two numbers`);
	if (!(a instanceof Tensor)) expectValue(name, "a", a, operand);
	if (!(b instanceof Tensor)) expectValue(name, "b", b, operand);
	const x = typeof a === "number" ? like(b as Tensor, a) : a;
	const y = typeof b === "number" ? like(x, b) : b;
	if (x.dtype !== y.dtype)
		throw new Error(`${name}: ${x.dtype} and ${y.dtype} do not mix`);
	return [x, y];
}

function like(neighbour: Tensor, value: number): Tensor {
	const data = allocate(neighbour.dtype, 1);
	data[0] = value;
	return new Tensor(data, []);
}

/**
 * The shape to which two operands are broadcast, by NumPy's rules: axes are aligned at the end, and an axis of 1 is repeated.
 * @throws when two axes differ and neither is 1.
 */
export function broadcastShape(name: string, a: Shape, b: Shape): Shape {
	const axes = Math.max(a.length, b.length);
	const shape: number[] = [];
	for (let i = 0; i < axes; i++) {
		const [p, q] = [a.length - axes + i, b.length - axes + i];
		const n = p < 0 ? 1 : a[p];
		const m = q < 0 ? 1 : b[q];
		if (n !== m && n !== 1 && m !== 1)
			throw new Error(`${name}: shapes [${a}] and [${b}] do not broadcast`);
		shape.push(n === 1 ? m : n);
	}
	return shape;
}

/**
 * `data` of shape `from` laid out so that it repeats through shape `to`: element i of the result of an operation
 * reads `data[i % data.length]`. Copies only where an axis inside has to be stretched.
 */
export function repeating(data: Numbers, from: Shape, to: Shape): Numbers {
	if (isSuffix(from, to)) return data;
	const out = allocateLike(data, sizeOf(to));
	walk(from, to, (i, source) => {
		out[i] = data[source];
	});
	return out;
}

/** The gradient of a stretched operand: `gradient` of shape `from` summed over the stretched axes down to `to`. */
export function sumTo(gradient: Numbers, from: Shape, to: Shape): Numbers {
	const size = sizeOf(to);
	if (gradient.length === size) return gradient;
	const sums = new Float64Array(size);
	if (isSuffix(to, from))
		for (let start = 0; start < gradient.length; start += size)
			for (let j = 0; j < size; j++) sums[j] += gradient[start + j];
	else
		walk(to, from, (i, target) => {
			sums[target] += gradient[i];
		});
	return gradient instanceof Float64Array ? sums : Float32Array.from(sums);
}

/** Whether `small`, without its leading ones, is the end of `large`: then it repeats as a whole. */
function isSuffix(small: Shape, large: Shape): boolean {
	let first = 0;
	while (first < small.length && small[first] === 1) first++;
	const offset = large.length - small.length;
	for (let i = first; i < small.length; i++)
		if (small[i] !== large[offset + i]) return false;
	return true;
}

/** Visits every index of `large` in order, with the index in `small` that broadcasts to it. */
function walk(
	small: Shape,
	large: Shape,
	visit: (index: number, source: number) => void,
): void {
	const offset = large.length - small.length;
	const strides = large.map((_, axis) => {
		const own = axis - offset;
		return own < 0 || small[own] === 1 ? 0 : sizeOf(small.slice(own + 1));
	});
	const size = sizeOf(large);
	const at = large.map(() => 0);
	for (let i = 0, source = 0; i < size; i++) {
		visit(i, source);
		for (let axis = large.length - 1; axis >= 0; axis--) {
			source += strides[axis];
			if (++at[axis] < large[axis]) break;
			source -= strides[axis] * large[axis];
			at[axis] = 0;
		}
	}
}
