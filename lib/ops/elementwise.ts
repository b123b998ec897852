import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { result, room, sizeOf, type Tensor } from "../tensor.ts";
import {
	broadcastShape,
	type Operand,
	operands,
	repeating,
	sumTo,
} from "./broadcast.ts";

/** Sum of two or more, elementwise with broadcasting: `add(matmul(x, W), matmul(h, U), b)`. */
export function add(a: Operand, b: Operand, ...more: Operand[]): Tensor {
	const sum = binary("add", a, b, (x, y) => x + y, through, through);
	return more.reduce<Tensor>((total, next) => add(total, next), sum);
}

/** a − b, elementwise with broadcasting. */
export function sub(a: Operand, b: Operand): Tensor {
	return binary(
		"sub",
		a,
		b,
		(x, y) => x - y,
		through,
		(g) => -g,
	);
}

/** a ⊙ b, elementwise with broadcasting. */
export function mul(a: Operand, b: Operand): Tensor {
	return binary(
		"mul",
		a,
		b,
		(x, y) => x * y,
		(g, _, y) => g * y,
		(g, x) => g * x,
	);
}

/** a / b, elementwise with broadcasting. */
export function div(a: Operand, b: Operand): Tensor {
	return binary(
		"div",
		a,
		b,
		(x, y) => x / y,
		(g, _, y) => g / y,
		(g, x, y) => (-g * x) / (y * y),
	);
}

/** −x */
export function neg(x: Tensor): Tensor {
	return unary(
		"neg",
		x,
		each((v) => -v),
		(g) => -g,
	);
}

/** tanh x; its derivative is 1 − tanh² x. */
export function tanh(x: Tensor): Tensor {
	return unary("tanh", x, backendOf(x.data).tanh, (g, y) => g * (1 - y * y));
}

/** σ(x) = 1 / (1 + e⁻ˣ); its derivative is σ(x)(1 − σ(x)). */
export function sigmoid(x: Tensor): Tensor {
	return unary(
		"sigmoid",
		x,
		backendOf(x.data).sigmoid,
		(g, y) => g * y * (1 - y),
	);
}

/** max(0, x); its derivative is 1 above zero and 0 elsewhere. */
export function relu(x: Tensor): Tensor {
	const forward = each((v) => Math.max(0, v));
	return unary("relu", x, forward, (g, y) => (y > 0 ? g : 0));
}

/** eˣ */
export function exp(x: Tensor): Tensor {
	return unary("exp", x, backendOf(x.data).exp, (g, y) => g * y);
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
	return unary("log", x, each(Math.log), (g, _, v) => g / v);
}

/** √x */
export function sqrt(x: Tensor): Tensor {
	return unary("sqrt", x, each(Math.sqrt), (g, y) => g / (2 * y));
}

/** x² */
export function square(x: Tensor): Tensor {
	return unary(
		"square",
		x,
		each((v) => v * v),
		(g, _, v) => 2 * g * v,
	);
}

function each(f: (value: number) => number) {
	return (x: Numbers, out: Numbers): void => {
		for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
	};
}

/** One input: `slope` gives a gradient from that of the output, the output and the input. */
function unary(
	name: string,
	x: Tensor,
	forward: (x: Numbers, out: Numbers) => void,
	slope: (gradient: number, y: number, x: number) => number,
): Tensor {
	const y = room(x.dtype, x.size);
	forward(x.data, y);
	return result(name, [x], y, x.shape, (g) => {
		const dx = room(x.dtype, x.size);
		for (let i = 0; i < dx.length; i++) dx[i] = slope(g[i], y[i], x.data[i]);
		return [dx];
	});
}

type Slope = (gradient: number, x: number, y: number) => number;

/** The slope of a sum: the gradient goes through as it is. */
const through: Slope = (g) => g;

/** Two inputs, broadcast: a slope for each gives its gradient before the sum over its stretched axes. */
function binary(
	name: string,
	a: Operand,
	b: Operand,
	f: (x: number, y: number) => number,
	slopeA: Slope,
	slopeB: Slope,
): Tensor {
	const [left, right] = operands(name, a, b);
	const shape = broadcastShape(name, left.shape, right.shape);
	const size = sizeOf(shape);
	const x = repeating(left.data, left.shape, shape);
	const y = repeating(right.data, right.shape, shape);
	const out = room(left.dtype, size);
	for (let i = 0, p = 0, q = 0; i < size; i++) {
		out[i] = f(x[p], y[q]);
		if (++p === x.length) p = 0;
		if (++q === y.length) q = 0;
	}

	const gradient = (g: Numbers, of: Tensor, slope: Slope) => {
		if (!of.requiresGrad) return undefined;
		if (slope === through) return sumTo(g, shape, of.shape);
		const full = room(of.dtype, size);
		for (let i = 0, p = 0, q = 0; i < size; i++) {
			full[i] = slope(g[i], x[p], y[q]);
			if (++p === x.length) p = 0;
			if (++q === y.length) q = 0;
		}
		return sumTo(full, shape, of.shape);
	};
	return result(name, [left, right], out, shape, (g) => [
		gradient(g, left, slopeA),
		gradient(g, right, slopeB),
	]);
}
