import { fma } from "./simd";

// tanh, σ and exp of four numbers. NaN goes through: pmin and pmax return their first operand when it is NaN.

/** exp: x = n·ln 2 + r, a polynomial for exp(r) (Cephes' expf), then 2ⁿ in two halves, so that both ends of the range round as they should. */
@inline
export function exp(x: v128): v128 {
	x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104.5));
	const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
	let r = fma(n, f32x4.splat(-0.693359375), x); // ln 2 in two parts
	r = fma(n, f32x4.splat(2.1219444e-4), r);
	let p = fma(r, f32x4.splat(1.98756915e-4), f32x4.splat(1.3981999507e-3));
	p = fma(r, p, f32x4.splat(8.3334519073e-3));
	p = fma(r, p, f32x4.splat(4.1665795894e-2));
	p = fma(r, p, f32x4.splat(1.6666665459e-1));
	p = fma(r, p, f32x4.splat(5.0000001201e-1));
	p = f32x4.add(fma(f32x4.mul(r, r), p, r), f32x4.splat(1));
	const whole = i32x4.trunc_sat_f32x4_s(n);
	const half = i32x4.shr_s(whole, 1);
	return f32x4.mul(f32x4.mul(p, powerOf2(half)), powerOf2(i32x4.sub(whole, half)));
}

/** 2ⁿ for whole n from −126 to 127, written into the exponent's bits. */
@inline
function powerOf2(n: v128): v128 {
	return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** σ(x) = 1 / (1 + exp(−x)) */
@inline
export function sigmoid(x: v128): v128 {
	const one = f32x4.splat(1);
	return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** tanh: an odd polynomial of degree 13 over an even one of degree 6 (Eigen's ptanh); ±1 from 7.9 on, where float32 is 3e-7 away from it. */
@inline
export function tanh(x: v128): v128 {
	const y = f32x4.mul(x, x);
	let p = fma(y, f32x4.splat(-2.76076847742355e-16), f32x4.splat(2.00018790482477e-13));
	p = fma(y, p, f32x4.splat(-8.60467152213735e-11));
	p = fma(y, p, f32x4.splat(5.12229709037114e-8));
	p = fma(y, p, f32x4.splat(1.48572235717979e-5));
	p = fma(y, p, f32x4.splat(6.37261928875436e-4));
	p = fma(y, p, f32x4.splat(4.89352455891786e-3));
	let q = fma(y, f32x4.splat(1.19825839466702e-6), f32x4.splat(1.18534705686654e-4));
	q = fma(y, q, f32x4.splat(2.268434632439e-3));
	q = fma(y, q, f32x4.splat(4.89352518554385e-3));
	const one = v128.bitselect(x, f32x4.splat(1), f32x4.splat(-0.0)); // with the sign of x
	return v128.bitselect(one, f32x4.div(f32x4.mul(x, p), q), f32x4.gt(f32x4.abs(x), f32x4.splat(7.90531110763549805)));
}

/** σ′ by its value: y · (1 − y) */
@inline
export function sigmoidSlope(y: v128): v128 {
	return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** tanh′ by its value: 1 − y² */
@inline
export function tanhSlope(y: v128): v128 {
	return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

@inline
export function relu(x: v128): v128 {
	return f32x4.pmax(x, f32x4.splat(0));
}

/** relu′ by its value: 1 above zero */
@inline
export function reluSlope(y: v128): v128 {
	return v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.splat(1));
}
