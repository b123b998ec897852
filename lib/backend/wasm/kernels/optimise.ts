import { bytes, fma, loadOne, storeOne } from "./simd";

/** v ← momentum · v + g;  w ← w − rate · v. Without `v` (0): w ← w − rate · g. */
export function sgd(n: i32, w: usize, g: usize, v: usize, rate: f32, momentum: f32): void {
	const whole = bytes(n & ~3), end = bytes(n), minusRate = f32x4.splat(-rate), keep = f32x4.splat(momentum);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		let step = v128.load(g + j);
		if (v) {
			step = fma(keep, v128.load(v + j), step);
			v128.store(v + j, step);
		}
		v128.store(w + j, fma(minusRate, step, v128.load(w + j)));
	}
	for (; j < end; j += 4) {
		let step = loadOne(g + j);
		if (v) {
			step = fma(keep, loadOne(v + j), step);
			storeOne(v + j, step);
		}
		storeOne(w + j, fma(minusRate, step, loadOne(w + j)));
	}
}

/**
 * m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²;  w ← w − step · m / (√v · root + ε)
 *
 * with step = rate / (1 − β₁ᵗ) and root = 1 / √(1 − β₂ᵗ).
 */
export function adam(n: i32, w: usize, g: usize, m: usize, v: usize, beta1: f32, beta2: f32, rest1: f32, rest2: f32, step: f32, root: f32, epsilon: f32): void {
	const whole = bytes(n & ~3), end = bytes(n);
	const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), r1 = f32x4.splat(rest1), r2 = f32x4.splat(rest2);
	const minusStep = f32x4.splat(-step), k = f32x4.splat(root), e = f32x4.splat(epsilon);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		const gradient = v128.load(g + j);
		const mean = fma(b1, v128.load(m + j), f32x4.mul(r1, gradient));
		const square = fma(b2, v128.load(v + j), f32x4.mul(r2, f32x4.mul(gradient, gradient)));
		v128.store(m + j, mean);
		v128.store(v + j, square);
		v128.store(w + j, fma(minusStep, f32x4.div(mean, fma(f32x4.sqrt(square), k, e)), v128.load(w + j)));
	}
	for (; j < end; j += 4) {
		const gradient = loadOne(g + j);
		const mean = fma(b1, loadOne(m + j), f32x4.mul(r1, gradient));
		const square = fma(b2, loadOne(v + j), f32x4.mul(r2, f32x4.mul(gradient, gradient)));
		storeOne(m + j, mean);
		storeOne(v + j, square);
		storeOne(w + j, fma(minusStep, f32x4.div(mean, fma(f32x4.sqrt(square), k, e)), loadOne(w + j)));
	}
}
