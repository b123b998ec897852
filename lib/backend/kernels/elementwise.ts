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
	let low = f64x2.splat(0), high = low;
	let j: usize = 0;
	for (; j < whole; j += 16) {
		const v = v128.load(x + j);
		const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
		low = f64x2.add(low, f64x2.mul(a, a));
		high = f64x2.add(high, f64x2.mul(b, b));
	}
	low = f64x2.add(low, high);
	let sum = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
	for (; j < end; j += 4) sum += <f64>load<f32>(x + j) * <f64>load<f32>(x + j);
	return sum;
}
