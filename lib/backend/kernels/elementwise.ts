import { exp, sigmoid, tanh } from "./math";
import { bytes, loadOne, storeOne } from "./simd";

// Over flat arrays of n numbers; the tail goes one number at a time through the same functions.

export function tanhOf(n: i32, x: usize, out: usize): void {
	const whole = bytes(n & ~3), end = bytes(n);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(out + j, tanh(v128.load(x + j)));
	for (; j < end; j += 4) storeOne(out + j, tanh(loadOne(x + j)));
}

export function sigmoidOf(n: i32, x: usize, out: usize): void {
	const whole = bytes(n & ~3), end = bytes(n);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(out + j, sigmoid(v128.load(x + j)));
	for (; j < end; j += 4) storeOne(out + j, sigmoid(loadOne(x + j)));
}

export function expOf(n: i32, x: usize, out: usize): void {
	const whole = bytes(n & ~3), end = bytes(n);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(out + j, exp(v128.load(x + j)));
	for (; j < end; j += 4) storeOne(out + j, exp(loadOne(x + j)));
}

/** out ← out + x */
export function accumulate(n: i32, x: usize, out: usize): void {
	const whole = bytes(n & ~3), end = bytes(n);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(out + j, f32x4.add(v128.load(out + j), v128.load(x + j)));
	for (; j < end; j += 4) store<f32>(out + j, load<f32>(out + j) + load<f32>(x + j));
}

/** x ← x · factor */
export function scale(n: i32, factor: f32, x: usize): void {
	const whole = bytes(n & ~3), end = bytes(n), k = f32x4.splat(factor);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(x + j, f32x4.mul(v128.load(x + j), k));
	for (; j < end; j += 4) store<f32>(x + j, load<f32>(x + j) * factor);
}

/** Σ x², each square and the sum in double. */
export function squaredNorm(n: i32, x: usize): f64 {
	const whole = bytes(n & ~3), end = bytes(n);
	let sums = f64x2.splat(0);
	let j: usize = 0;
	for (; j < whole; j += 16) sums = addSquares(sums, v128.load(x + j));
	for (; j < end; j += 4) sums = addSquares(sums, loadOne(x + j));
	return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Σ (y − target)² likewise; d ← factor · (y − target) */
export function squaredError(n: i32, y: usize, target: usize, factor: f32, d: usize): f64 {
	const whole = bytes(n & ~3), end = bytes(n), k = f32x4.splat(factor);
	let sums = f64x2.splat(0);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		const off = f32x4.sub(v128.load(y + j), v128.load(target + j));
		v128.store(d + j, f32x4.mul(off, k));
		sums = addSquares(sums, off);
	}
	for (; j < end; j += 4) {
		const off = f32x4.sub(loadOne(y + j), loadOne(target + j));
		storeOne(d + j, f32x4.mul(off, k));
		sums = addSquares(sums, off);
	}
	return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

@inline
function addSquares(sums: v128, v: v128): v128 {
	const low = f64x2.promote_low_f32x4(v), high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
	return f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
}
