import { ADD, MUL, SIGMOID_BACK, SUB, TANH_BACK } from "../constants";
import { exp, sigmoid, sigmoidSlope, tanh, tanhSlope } from "./math";
import { bytes, loadOne, storeOne } from "./simd";

// Over flat arrays of n numbers, four at a time; the rest go through the same functions one by one.

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

/** out [n] ← x ∘ y; the shorter of the two repeats. */
export function combine(how: i32, n: i32, x: usize, xCount: i32, y: usize, yCount: i32, out: usize): void {
	if (how == ADD) combineRows(ADD, n, x, xCount, y, yCount, out);
	else if (how == SUB) combineRows(SUB, n, x, xCount, y, yCount, out);
	else if (how == MUL) combineRows(MUL, n, x, xCount, y, yCount, out);
	else if (how == TANH_BACK) combineRows(TANH_BACK, n, x, xCount, y, yCount, out);
	else combineRows(SIGMOID_BACK, n, x, xCount, y, yCount, out);
}

/** Row by row, where the shorter operand is a row; in one loop where it is a single number. */
@inline
function combineRows(how: i32, n: i32, x: usize, xCount: i32, y: usize, yCount: i32, out: usize): void {
	if (xCount == 1 || yCount == 1) {
		const xStep: usize = xCount == 1 ? 0 : 4, yStep: usize = yCount == 1 ? 0 : 4;
		const whole = n & ~3;
		let i = 0;
		for (; i < whole; i += 4) {
			const a = xStep ? v128.load(x) : v128.load32_splat(x), b = yStep ? v128.load(y) : v128.load32_splat(y);
			v128.store(out, together(how, a, b));
			x += xStep << 2;
			y += yStep << 2;
			out += 16;
		}
		for (; i < n; i++) {
			storeOne(out, together(how, loadOne(x), loadOne(y)));
			x += xStep;
			y += yStep;
			out += 4;
		}
		return;
	}
	const row = min(xCount, yCount), whole = bytes(row & ~3), end = bytes(row);
	const xStep: usize = xCount == row ? 0 : end, yStep: usize = yCount == row ? 0 : end;
	for (let i = 0; i < n; i += row) {
		let j: usize = 0;
		for (; j < whole; j += 16) v128.store(out + j, together(how, v128.load(x + j), v128.load(y + j)));
		for (; j < end; j += 4) storeOne(out + j, together(how, loadOne(x + j), loadOne(y + j)));
		x += xStep;
		y += yStep;
		out += end;
	}
}

@inline
function together(how: i32, a: v128, b: v128): v128 {
	return how == ADD ? f32x4.add(a, b)
		: how == SUB ? f32x4.sub(a, b)
		: how == MUL ? f32x4.mul(a, b)
		: f32x4.mul(a, how == TANH_BACK ? tanhSlope(b) : sigmoidSlope(b));
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

/** Σ (y − target)², each square and the sum in double; d ← factor · (y − target) */
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
