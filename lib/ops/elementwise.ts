import type { Combination, Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { result, room, sizeOf, type Tensor } from "../tensor.ts";
import {
	broadcastShape,
	type Operand,
	operands,
	repeating,
	sumTo,
} from "./broadcast.ts";
import { expectTensor } from "./tensors.ts";

/** Sum of two or more, elementwise with broadcasting: `add(matmul(x, W), matmul(h, U), b)`. */
export function add(a: Operand, b: Operand, ...more: Operand[]): Tensor {
	const sum = binary("add", a, b, combine("add"), through, through);
	return more.reduce<Tensor>((total, next) => add(total, next), sum);
}

/** a − b, elementwise with broadcasting. */
export function sub(a: Operand, b: Operand): Tensor {
	const negative: Slope = (out, g) => {
		for (let i = 0; i < out.length; i++) out[i] = -g[i];
	};
	return binary("sub", a, b, combine("sub"), through, negative);
}

/** a ⊙ b, elementwise with broadcasting. */
export function mul(a: Operand, b: Operand): Tensor {
	const product = combine("mul");
	return binary(
		"mul",
		a,
		b,
		product,
		(out, g, _, y) => product(out, g, y),
		(out, g, x) => product(out, g, x),
	);
}

/** a / b, elementwise with broadcasting. */
export function div(a: Operand, b: Operand): Tensor {
	return binary(
		"div",
		a,
		b,
		pairs((x, y) => x / y),
		(out, g, _, y) => pairs((g, y) => g / y)(out, g, y),
		(out, g, x, y) => {
			pairs((g, x) => -g * x)(out, g, x);
			pairs((p, y) => p / (y * y))(out, out, y);
		},
	);
}

/** −x */
export function neg(x: Tensor): Tensor {
	return unary(
		"neg",
		x,
		each((v) => -v),
		pairs((g) => -g),
	);
}

/** tanh x; its derivative is 1 − tanh² x. */
export function tanh(x: Tensor): Tensor {
	return unary("tanh", x, by("tanh"), combine("tanhBack"));
}

/** σ(x) = 1 / (1 + e⁻ˣ); its derivative is σ(x)(1 − σ(x)). */
export function sigmoid(x: Tensor): Tensor {
	return unary("sigmoid", x, by("sigmoid"), combine("sigmoidBack"));
}

/** max(0, x); its derivative is 1 above zero and 0 elsewhere. */
export function relu(x: Tensor): Tensor {
	return unary(
		"relu",
		x,
		each((v) => Math.max(0, v)),
		pairs((g, y) => (y > 0 ? g : 0)),
	);
}

/** eˣ */
export function exp(x: Tensor): Tensor {
	return unary("exp", x, by("exp"), combine("mul"));
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
	return unary("log", x, each(Math.log), (out, g) =>
		pairs((g, v) => g / v)(out, g, x.data),
	);
}

/** √x */
export function sqrt(x: Tensor): Tensor {
	return unary(
		"sqrt",
		x,
		each(Math.sqrt),
		pairs((g, y) => g / (2 * y)),
	);
}

/** x² */
export function square(x: Tensor): Tensor {
	return unary(
		"square",
		x,
		each((v) => v * v),
		(out, g) => pairs((g, v) => 2 * g * v)(out, g, x.data),
	);
}

/** Writes `out` from two arrays, of which the shorter repeats. */
type Both = (out: Numbers, x: Numbers, y: Numbers) => void;

/** out ← how(x), by the backend. */
const by =
	(how: "tanh" | "sigmoid" | "exp") =>
	(x: Numbers, out: Numbers): void =>
		backendOf(out)[how](x, out);

const combine =
	(how: Combination): Both =>
	(out, x, y) =>
		backendOf(out).combine(how, x, y, out);

const pairs =
	(f: (x: number, y: number) => number): Both =>
	(out, x, y) => {
		for (let i = 0, p = 0, q = 0; i < out.length; i++) {
			out[i] = f(x[p], y[q]);
			if (++p === x.length) p = 0;
			if (++q === y.length) q = 0;
		}
	};

function each(f: (value: number) => number) {
	return (x: Numbers, out: Numbers): void => {
		for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
	};
}

/** One input: `slope` writes its gradient from that of the output and the output y. */
function unary(
	name: string,
	x: Tensor,
	forward: (x: Numbers, out: Numbers) => void,
	slope: Both,
): Tensor {
	expectTensor(name, "x", x);
	const y = room(x.dtype, x.size);
	forward(x.data, y);
	return result(name, [x], y, x.shape, (g) => {
		const dx = room(x.dtype, x.size);
		slope(dx, g, y);
		return [dx];
	});
}

/** Writes the gradient of an input from that of the output and both inputs. */
type Slope = (out: Numbers, g: Numbers, x: Numbers, y: Numbers) => void;

/** The slope of a sum: the gradient goes through as it is. */
const through: Slope = (out, g) => out.set(g);

/** Two inputs, broadcast: a slope for each gives its gradient before the sum over its stretched axes. */
function binary(
	name: string,
	a: Operand,
	b: Operand,
	forward: Both,
	slopeA: Slope,
	slopeB: Slope,
): Tensor {
	const [left, right] = operands(name, a, b);
	const shape = broadcastShape(name, left.shape, right.shape);
	const size = sizeOf(shape);
	const x = repeating(left.data, left.shape, shape);
	const y = repeating(right.data, right.shape, shape);
	const out = room(left.dtype, size);
	forward(out, x, y);

	const gradient = (g: Numbers, of: Tensor, slope: Slope) => {
		if (!of.requiresGrad) return undefined;
		if (slope === through) return sumTo(g, shape, of.shape);
		const full = room(of.dtype, size);
		slope(full, g, x, y);
		return sumTo(full, shape, of.shape);
	};
	return result(name, [left, right], out, shape, (g) => [
		gradient(g, left, slopeA),
		gradient(g, right, slopeB),
	]);
}
