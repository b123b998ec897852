import type { Combination, Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import {
	keptOverSteps,
	result,
	sizeOf,
	type Tensor,
	traced,
	uninitialised,
} from "../tensor.ts";
import {
	broadcastShape,
	type Operand,
	operands,
	repeating,
	sumTo,
} from "./broadcast.ts";
import { expectTensor } from "./tensors.ts";

/** Writes `out` from two arrays, of which the shorter repeats. */
export type Both = (out: Numbers, x: Numbers, y: Numbers) => void;

/** out ← how(x), by the backend. */
export const by =
	(how: "tanh" | "sigmoid" | "exp") =>
	(x: Numbers, out: Numbers): void =>
		backendOf(out)[how](x, out);

export const combine =
	(how: Combination): Both =>
	(out, x, y) =>
		backendOf(out).combine(how, x, y, out);

export const pairs =
	(f: (x: number, y: number) => number): Both =>
	(out, x, y) => {
		for (let i = 0, p = 0, q = 0; i < out.length; i++) {
			out[i] = f(x[p], y[q]);
			if (++p === x.length) p = 0;
			if (++q === y.length) q = 0;
		}
	};

export function each(f: (value: number) => number) {
	return (x: Numbers, out: Numbers): void => {
		for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
	};
}

/** One input: `slope` writes its gradient from that of the output and the output y. */
export function unary(
	name: string,
	x: Tensor,
	forward: (x: Numbers, out: Numbers) => void,
	slope: Both,
): Tensor {
	expectTensor(name, "x", x);
	const noted = traced(name, [x]);
	if (noted) return noted;
	const y = uninitialised(x.dtype, x.size);
	forward(x.data, y);
	const made = result(name, [x], y, x.shape, (g) => {
		const dx = uninitialised(x.dtype, x.size);
		slope(dx, g, y);
		return [dx];
	});
	return keptOverSteps(name, [x], 0, made);
}

/** Writes the gradient of an input from that of the output and both inputs. */
export type Slope = (out: Numbers, g: Numbers, x: Numbers, y: Numbers) => void;

/** The slope of a sum: the gradient goes through as it is. */
export const through: Slope = (out, g) => out.set(g);

/** Two inputs, broadcast: a slope for each gives its gradient before the sum over its stretched axes. */
export function binary(
	name: string,
	a: Operand,
	b: Operand,
	forward: Both,
	slopeA: Slope,
	slopeB: Slope,
): Tensor {
	const noted = traced(name, [a, b]);
	if (noted) return noted;
	const [left, right] = operands(name, a, b);
	const shape = broadcastShape(name, left.shape, right.shape);
	const size = sizeOf(shape);
	const x = repeating(left.data, left.shape, shape);
	const y = repeating(right.data, right.shape, shape);
	const out = uninitialised(left.dtype, size);
	forward(out, x, y);

	const gradient = (g: Numbers, of: Tensor, slope: Slope) => {
		if (!of.requiresGrad) return undefined;
		if (slope === through) return sumTo(g, shape, of.shape);
		const full = uninitialised(of.dtype, size);
		slope(full, g, x, y);
		return sumTo(full, shape, of.shape);
	};
	const made = result(name, [left, right], out, shape, (g) => [
		gradient(g, left, slopeA),
		gradient(g, right, slopeB),
	]);
	return keptOverSteps(name, [a, b], 0, made);
}
