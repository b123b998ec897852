import { bytes, fma, loadOne, storeOne, total } from "./simd";

// Attention of one sequence over S rows of n numbers, which follow one another in memory.

/** out [S] (+)= the dot products of q [n] with each of the rows. */
export function dots(S: i32, n: i32, q: usize, rows: usize, out: usize, add: bool): void {
	const two = bytes(n & ~7), end = bytes(n);
	for (let s = 0; s < S; s++) {
		let first = f32x4.splat(0), second = first;
		let j: usize = 0;
		for (; j < two; j += 32) {
			first = fma(v128.load(q + j), v128.load(rows + j), first);
			second = fma(v128.load(q + j, 16), v128.load(rows + j, 16), second);
		}
		for (; j < end; j += 4) first = fma(loadOne(q + j), loadOne(rows + j), first);
		const sum = total(f32x4.add(first, second));
		store<f32>(out, add ? load<f32>(out) + sum : sum);
		out += 4;
		rows += end;
	}
}

/** out [n] (+)= the sum of the rows weighted by w [S]. */
export function mix(S: i32, n: i32, w: usize, rows: usize, out: usize, add: bool): void {
	const four = bytes(n & ~15), whole = bytes(n & ~3), end = bytes(n);
	let j: usize = 0;
	for (; j < four; j += 64) {
		let a = f32x4.splat(0), b = a, c = a, d = a;
		let row = rows + j;
		for (let s = 0; s < S; s++) {
			const weight = v128.load32_splat(w + bytes(s));
			a = fma(weight, v128.load(row), a);
			b = fma(weight, v128.load(row, 16), b);
			c = fma(weight, v128.load(row, 32), c);
			d = fma(weight, v128.load(row, 48), d);
			row += end;
		}
		if (add) {
			a = f32x4.add(v128.load(out + j), a);
			b = f32x4.add(v128.load(out + j, 16), b);
			c = f32x4.add(v128.load(out + j, 32), c);
			d = f32x4.add(v128.load(out + j, 48), d);
		}
		v128.store(out + j, a);
		v128.store(out + j, b, 16);
		v128.store(out + j, c, 32);
		v128.store(out + j, d, 48);
	}
	for (; j < whole; j += 16) {
		let a = add ? v128.load(out + j) : f32x4.splat(0);
		let row = rows + j;
		for (let s = 0; s < S; s++) {
			a = fma(v128.load32_splat(w + bytes(s)), v128.load(row), a);
			row += end;
		}
		v128.store(out + j, a);
	}
	for (; j < end; j += 4) {
		let a = add ? loadOne(out + j) : f32x4.splat(0);
		let row = rows + j;
		for (let s = 0; s < S; s++) {
			a = fma(loadOne(w + bytes(s)), loadOne(row), a);
			row += end;
		}
		storeOne(out + j, a);
	}
}

/** out [S, n] (+)= the outer product of w [S] and q [n]. */
export function outer(S: i32, n: i32, w: usize, q: usize, out: usize, add: bool): void {
	const whole = bytes(n & ~3), end = bytes(n);
	for (let s = 0; s < S; s++) {
		const weight = v128.load32_splat(w);
		let j: usize = 0;
		for (; j < whole; j += 16) {
			const sum = add ? v128.load(out + j) : f32x4.splat(0);
			v128.store(out + j, fma(weight, v128.load(q + j), sum));
		}
		for (; j < end; j += 4) {
			const sum = add ? loadOne(out + j) : f32x4.splat(0);
			storeOne(out + j, fma(weight, loadOne(q + j), sum));
		}
		w += 4;
		out += end;
	}
}
