import { bytes, fma } from "./simd";

// tanh, σ and exp of four numbers. NaN gives NaN: pmin and pmax return their first operand when it is NaN.

/** Constants are loaded from memory: one instruction broadcasts one to a vector, where V8 needs four for a literal. */
const EXP = memory.data<f32>([
	89, -104.5, -88, // above, exp is infinite; below the second (the third where `precise` is false), zero
	1.44269504, 12582912, // 1 / ln 2; 1.5 · 2²³: adding it rounds to a whole number, which is then in the lowest bits
	-0.693359375, 2.1219444e-4, // ln 2 in two parts
	1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1,
]);
const ONE: i32 = 13;
const TANH = memory.data<f32>([
	-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
	1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
	1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3,
	7.90531110763549805, 1, -0.0,
]);

@inline
function constant(table: usize, index: i32): v128 {
	return v128.load32_splat(table + bytes(index));
}

/**
 * exp: x = n·ln 2 + r, a polynomial for exp(r) (Cephes' expf), times 2ⁿ.
 *
 * `precise` multiplies by 2ⁿ in two halves, which is right up to both ends of the range. Without it results above 2.4e38 are infinite,
 * and those below 1e-38 are 0.
 */
@inline
function exponential(x: v128, precise: bool): v128 {
	x = f32x4.pmax(f32x4.pmin(x, constant(EXP, 0)), constant(EXP, precise ? 1 : 2));
	const rounding = constant(EXP, 4);
	const bits = fma(x, constant(EXP, 3), rounding);
	const n = f32x4.sub(bits, rounding);
	let r = fma(n, constant(EXP, 5), x);
	r = fma(n, constant(EXP, 6), r);
	let p = fma(r, constant(EXP, 7), constant(EXP, 8));
	p = fma(r, p, constant(EXP, 9));
	p = fma(r, p, constant(EXP, 10));
	p = fma(r, p, constant(EXP, 11));
	p = fma(r, p, constant(EXP, 12));
	p = f32x4.add(fma(f32x4.mul(r, r), p, r), constant(EXP, ONE));
	if (!precise) return f32x4.mul(p, powerOf2(bits));
	const whole = i32x4.sub(bits, rounding);
	const half = i32x4.shr_s(whole, 1);
	return f32x4.mul(f32x4.mul(p, powerOf2(half)), powerOf2(i32x4.sub(whole, half)));
}

/** 2ⁿ, by adding n to the exponent of 1; n is in the lowest bits, from −127 (gives 0) to 128 (gives infinity). */
@inline
function powerOf2(n: v128): v128 {
	return i32x4.add(i32x4.shl(n, 23), constant(EXP, ONE));
}

@inline
export function exp(x: v128): v128 {
	return exponential(x, true);
}

/** σ(x) = 1 / (1 + exp(−x)) */
@inline
export function sigmoid(x: v128): v128 {
	const one = constant(EXP, ONE);
	return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x), false)));
}

/** tanh: an odd polynomial of degree 13 over an even one of degree 6 (Eigen's ptanh); ±1 from 7.9 on, where float32 is 3e-7 away from it. */
@inline
export function tanh(x: v128): v128 {
	const y = f32x4.mul(x, x);
	let p = fma(y, constant(TANH, 0), constant(TANH, 1));
	p = fma(y, p, constant(TANH, 2));
	p = fma(y, p, constant(TANH, 3));
	p = fma(y, p, constant(TANH, 4));
	p = fma(y, p, constant(TANH, 5));
	p = fma(y, p, constant(TANH, 6));
	let q = fma(y, constant(TANH, 7), constant(TANH, 8));
	q = fma(y, q, constant(TANH, 9));
	q = fma(y, q, constant(TANH, 10));
	const one = v128.bitselect(x, constant(TANH, 12), constant(TANH, 13)); // with the sign of x
	return v128.bitselect(one, f32x4.div(f32x4.mul(x, p), q), f32x4.gt(f32x4.abs(x), constant(TANH, 11)));
}

/** σ′ from y = σ(x): y · (1 − y) */
@inline
export function sigmoidSlope(y: v128): v128 {
	return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** tanh′ from y = tanh(x): 1 − y² */
@inline
export function tanhSlope(y: v128): v128 {
	return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

@inline
export function relu(x: v128): v128 {
	return f32x4.pmax(x, f32x4.splat(0));
}

/** relu′ from y = relu(x): 1 above zero */
@inline
export function reluSlope(y: v128): v128 {
	return v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.splat(1));
}

/** The natural logarithm, not vectorised: few cells use it. */
@inline
export function log(x: v128): v128 {
	let y = f32x4.splat(<f32>Math.log(f32x4.extract_lane(x, 0)));
	y = f32x4.replace_lane(y, 1, <f32>Math.log(f32x4.extract_lane(x, 1)));
	y = f32x4.replace_lane(y, 2, <f32>Math.log(f32x4.extract_lane(x, 2)));
	return f32x4.replace_lane(y, 3, <f32>Math.log(f32x4.extract_lane(x, 3)));
}

/** 1, −1, or 0 at 0 */
@inline
export function sign(x: v128): v128 {
	const zero = f32x4.splat(0), one = f32x4.splat(1);
	return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}
