import type { Tensor } from "../tensor.ts";
import type { Operand } from "./broadcast.ts";
import {
	binary,
	by,
	combine,
	each,
	pairs,
	type Slope,
	through,
	unary,
} from "./pointwise.ts";

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
