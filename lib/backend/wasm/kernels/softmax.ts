import { scale } from "./elementwise";
import { exp } from "./math";
import { bytes, loadOne, storeOne, total } from "./simd";

// Over rows of n numbers. The largest of a row is subtracted first, so that no exponential overflows.

/** `out` may be `x`, here and below. */
export function softmax(rows: i32, n: i32, x: usize, out: usize): void {
	for (let r = 0; r < rows; r++) {
		const sum = exponentials(n, x, largest(n, x), out);
		scale(n, <f32>(1 / sum), out);
		x += bytes(n);
		out += bytes(n);
	}
}

/** The gradient of x, from y = softmax(x) and its gradient g: y ⊙ (g − Σ g ⊙ y). */
export function softmaxBack(n: i32, g: usize, y: usize, out: usize, add: bool): void {
	const end = bytes(n);
	let dot: f64 = 0;
	for (let j: usize = 0; j < end; j += 4) dot += <f64>load<f32>(g + j) * <f64>load<f32>(y + j);
	const mean = <f32>dot;
	for (let j: usize = 0; j < end; j += 4) {
		const d = load<f32>(y + j) * (load<f32>(g + j) - mean);
		store<f32>(out + j, add ? load<f32>(out + j) + d : d);
	}
}

export function logSoftmax(rows: i32, n: i32, x: usize, out: usize): void {
	const whole = bytes(n & ~3), end = bytes(n);
	for (let r = 0; r < rows; r++) {
		const top = largest(n, x);
		// x − top first: top + log Σ would lose the digits of the logarithm where top is large
		const log = <f32>(isFinite(top) ? Math.log(exponentials(n, x, top, 0)) : 0);
		const first = f32x4.splat(top), second = f32x4.splat(log);
		let j: usize = 0;
		for (; j < whole; j += 16) v128.store(out + j, f32x4.sub(f32x4.sub(v128.load(x + j), first), second));
		for (; j < end; j += 4) store<f32>(out + j, load<f32>(x + j) - top - log);
		x += end;
		out += end;
	}
}

/**
 * Σ over rows of −log softmax(x)[target], rows with a negative target left out. Where `gradient` is not 0 it is filled
 * with softmax − one-hot, zeros for rows left out. Where the largest is infinite or NaN, it is the logarithm of the sum, as in the plain backend.
 */
export function crossEntropy(rows: i32, n: i32, x: usize, targets: usize, gradient: usize): f64 {
	let loss: f64 = 0;
	for (let r = 0; r < rows; r++) {
		const target = load<i32>(targets + bytes(r));
		if (target >= 0) {
			const top = largest(n, x);
			let sum = exponentials(n, x, top, gradient);
			if (!isFinite(top)) sum = 1;
			loss += (<f64>top - <f64>load<f32>(x + bytes(target))) + Math.log(sum);
			if (gradient) {
				scale(n, <f32>(1 / sum), gradient);
				const hit = gradient + bytes(target);
				store<f32>(hit, load<f32>(hit) - 1);
			}
		} else if (gradient) memory.fill(gradient, 0, bytes(n));
		x += bytes(n);
		if (gradient) gradient += bytes(n);
	}
	return loss;
}

/** The largest of a row; NaN when one is. */
function largest(n: i32, x: usize): f32 {
	const whole = bytes(n & ~3), end = bytes(n);
	let four = f32x4.splat(-Infinity);
	let j: usize = 0;
	for (; j < whole; j += 16) four = f32x4.max(four, v128.load(x + j));
	let top = max(max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1)), max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)));
	for (; j < end; j += 4) top = max(top, load<f32>(x + j));
	return top;
}

/** Σ exp(x − top) in double over blocks of 256; the exponentials go to `out` unless that is 0. */
function exponentials(n: i32, x: usize, top: f32, out: usize): f64 {
	const whole = bytes(n & ~3), end = bytes(n), minus = f32x4.splat(top);
	let sum: f64 = 0;
	let j: usize = 0;
	while (j < whole) {
		const stop = min(whole, j + bytes(256));
		let four = f32x4.splat(0);
		for (; j < stop; j += 16) {
			const e = exp(f32x4.sub(v128.load(x + j), minus));
			if (out) v128.store(out + j, e);
			four = f32x4.add(four, e);
		}
		sum += total(four);
	}
	for (; j < end; j += 4) {
		const e = exp(f32x4.sub(loadOne(x + j), minus));
		if (out) storeOne(out + j, e);
		sum += f32x4.extract_lane(e, 0);
	}
	return sum;
}
