import { bytes, fma, loadOne, storeOne, total } from "./simd";

// A vector times a matrix that is not packed: for one row, packing would cost more than the product.

/** y [N] (+)= x [K] · w [K, N]: adds eight rows of w to y in each pass. */
export function vectorTimes(K: i32, N: i32, x: usize, w: usize, y: usize, add: bool): void {
	if (!add) memory.fill(y, 0, bytes(N));
	const row = bytes(N);
	let k = 0;
	for (; k + 8 <= K; k += 8) {
		addEight(N, x, w, y);
		x += 32;
		w += 8 * row;
	}
	for (; k < K; k++) {
		addOne(N, x, w, y);
		x += 4;
		w += row;
	}
}

function addEight(N: i32, x: usize, w: usize, y: usize): void {
	const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x, 4), x2 = v128.load32_splat(x, 8), x3 = v128.load32_splat(x, 12);
	const x4 = v128.load32_splat(x, 16), x5 = v128.load32_splat(x, 20), x6 = v128.load32_splat(x, 24), x7 = v128.load32_splat(x, 28);
	const w1 = w + bytes(N), w2 = w1 + bytes(N), w3 = w2 + bytes(N), w4 = w3 + bytes(N);
	const w5 = w4 + bytes(N), w6 = w5 + bytes(N), w7 = w6 + bytes(N);
	const whole = bytes(N & ~3);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		let even = fma(x0, v128.load(w + j), v128.load(y + j));
		let odd = f32x4.mul(x1, v128.load(w1 + j));
		even = fma(x2, v128.load(w2 + j), even);
		odd = fma(x3, v128.load(w3 + j), odd);
		even = fma(x4, v128.load(w4 + j), even);
		odd = fma(x5, v128.load(w5 + j), odd);
		even = fma(x6, v128.load(w6 + j), even);
		odd = fma(x7, v128.load(w7 + j), odd);
		v128.store(y + j, f32x4.add(even, odd));
	}
	for (; j < bytes(N); j += 4) {
		let sum = fma(x0, loadOne(w + j), loadOne(y + j));
		sum = fma(x1, loadOne(w1 + j), sum);
		sum = fma(x2, loadOne(w2 + j), sum);
		sum = fma(x3, loadOne(w3 + j), sum);
		sum = fma(x4, loadOne(w4 + j), sum);
		sum = fma(x5, loadOne(w5 + j), sum);
		sum = fma(x6, loadOne(w6 + j), sum);
		storeOne(y + j, fma(x7, loadOne(w7 + j), sum));
	}
}

function addOne(N: i32, x: usize, w: usize, y: usize): void {
	const x0 = v128.load32_splat(x);
	const whole = bytes(N & ~3);
	let j: usize = 0;
	for (; j < whole; j += 16) v128.store(y + j, fma(x0, v128.load(w + j), v128.load(y + j)));
	for (; j < bytes(N); j += 4) storeOne(y + j, fma(x0, loadOne(w + j), loadOne(y + j)));
}

/** y [N] (+)= w [N, K] · x [K]: a dot product for each number of y. */
export function timesVector(N: i32, K: i32, w: usize, x: usize, y: usize, add: bool): void {
	for (let n = 0; n < N; n++) {
		const value = dot(K, w, x);
		store<f32>(y, add ? load<f32>(y) + value : value);
		w += bytes(K);
		y += 4;
	}
}

function dot(K: i32, a: usize, b: usize): f32 {
	let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
	const blocks = bytes(K & ~15), whole = bytes(K & ~3);
	let k: usize = 0;
	for (; k < blocks; k += 64) {
		s0 = fma(v128.load(a + k), v128.load(b + k), s0);
		s1 = fma(v128.load(a + k, 16), v128.load(b + k, 16), s1);
		s2 = fma(v128.load(a + k, 32), v128.load(b + k, 32), s2);
		s3 = fma(v128.load(a + k, 48), v128.load(b + k, 48), s3);
	}
	for (; k < whole; k += 16) s0 = fma(v128.load(a + k), v128.load(b + k), s0);
	for (; k < bytes(K); k += 4) s1 = fma(loadOne(a + k), loadOne(b + k), s1);
	return total(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}
