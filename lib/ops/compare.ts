import { expectValue } from "../expect/expect.ts";
import { Tensor } from "../tensor.ts";
import type { Operand } from "./broadcast.ts";
import { binary, each, pairs, type Slope, unary } from "./pointwise.ts";
import { expectTensor } from "./tensors.ts";

/** |x|; its derivative is the sign of x, and 0 at 0. */
export function abs(x: Tensor): Tensor {
	return unary("abs", x, each(Math.abs), (out, g) =>
		pairs((g, v) => g * Math.sign(v))(out, g, x.data),
	);
}

/** The larger of a and b, elementwise with broadcasting. The gradient goes to the larger; where they are equal, half to each. */
export function maximum(a: Operand, b: Operand): Tensor {
	return chosen("maximum", a, b, Math.max, (x, y) => x - y);
}

/** The smaller of a and b, elementwise with broadcasting. The gradient goes to the smaller; where they are equal, half to each. */
export function minimum(a: Operand, b: Operand): Tensor {
	return chosen("minimum", a, b, Math.min, (x, y) => y - x);
}

/** Of two the one that wins, which gets the gradient: `lead` is positive where a wins, 0 where both do. */
function chosen(
	name: string,
	a: Operand,
	b: Operand,
	best: (x: number, y: number) => number,
	lead: (x: number, y: number) => number,
): Tensor {
	const share =
		(sign: 1 | -1): Slope =>
		(out, g, x, y) => {
			pairs((p, q) => (1 + sign * Math.sign(lead(p, q))) / 2)(out, x, y);
			for (let i = 0; i < out.length; i++) out[i] *= g[i];
		};
	return binary(name, a, b, pairs(best), share(1), share(-1));
}

/** Each number of x put between `low` and `high`. The gradient goes through where nothing was changed, and is 0 elsewhere. */
export function clip(x: Tensor, low: number, high: number): Tensor {
	expectTensor("clip", "x", x);
	expectValue("clip", "low", low, aNumber);
	expectValue("clip", "high", high, aNumber);
	if (low > high)
		throw new Error(`clip: low must not be above high, got ${low} and ${high}`);
	return unary(
		"clip",
		x,
		each((v) => Math.min(high, Math.max(low, v))),
		(out, g) =>
			pairs((g, v) => (v >= low && v <= high ? g : 0))(out, g, x.data),
	);
}

const aNumber = {
	wanted: "a number",
	fits: (value: unknown) => typeof value === "number" && !Number.isNaN(value),
};

/**
 * xᵖ, elementwise with broadcasting; p may be a tensor too. Its derivatives are p·xᵖ⁻¹ and xᵖ·ln x, the second taken as 0 where x is 0.
 * A negative x has a power where p is whole only, elsewhere it is NaN.
 */
export function pow(x: Operand, p: Operand): Tensor {
	return binary(
		"pow",
		x,
		p,
		pairs((v, p) => v ** p),
		(out, g, v, p) => {
			pairs((v, p) => (p === 0 ? 0 : p * v ** (p - 1)))(out, v, p);
			for (let i = 0; i < out.length; i++) out[i] *= g[i];
		},
		(out, g, v, p) => {
			pairs((v, p) => (v === 0 ? 0 : v ** p * Math.log(v)))(out, v, p);
			for (let i = 0; i < out.length; i++) out[i] *= g[i];
		},
	);
}

/** 1 where a is greater than b, 0 elsewhere, with broadcasting: a mask for `where`. No gradient flows through it. */
export function greater(a: Operand, b: Operand): Tensor {
	return mask("greater", a, b, (x, y) => x > y);
}

/** 1 where a is less than b, 0 elsewhere, with broadcasting: a mask for `where`. No gradient flows through it. */
export function less(a: Operand, b: Operand): Tensor {
	return mask("less", a, b, (x, y) => x < y);
}

/** 1 where a equals b, 0 elsewhere, with broadcasting: a mask for `where`. No gradient flows through it. */
export function equal(a: Operand, b: Operand): Tensor {
	return mask("equal", a, b, (x, y) => x === y);
}

function mask(
	name: string,
	a: Operand,
	b: Operand,
	holds: (x: number, y: number) => boolean,
): Tensor {
	const cut = (x: Operand) => (x instanceof Tensor ? x.detach() : x);
	const nothing: Slope = (out) => out.fill(0);
	const test = pairs((x, y) => (holds(x, y) ? 1 : 0));
	return binary(name, cut(a), cut(b), test, nothing, nothing);
}
