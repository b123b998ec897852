import { at, Code, put, putFour, putOne } from "./instruction";
import { bytes, fma, loadOne, storeOne, total } from "./simd";

/** out ← (a − μ) / √(σ² + ε), each row; ε lies at b, and 1 / √(σ² + ε) of each row goes to c. */
export function normalise(code: Code, B: i32, t: i32): void {
	const n = code.width, wide = bytes(n & ~15), end = bytes(n);
	const epsilon = <f64>load<f32>(code.b);
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), c = at(code.c, code.cStep, code.cRow, t);
	for (let r = 0; r < B; r++) {
		// four sums, so that none waits for the other
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
		let j: usize = 0;
		for (; j < wide; j += 64) {
			s0 = f32x4.add(s0, v128.load(a + j));
			s1 = f32x4.add(s1, v128.load(a + j, 16));
			s2 = f32x4.add(s2, v128.load(a + j, 32));
			s3 = f32x4.add(s3, v128.load(a + j, 48));
		}
		for (; j < end; j += 4) s0 = f32x4.add(s0, loadOne(a + j));
		const mean = four(s0, s1, s2, s3) / <f32>n, centre = f32x4.splat(mean);
		s0 = s1 = s2 = s3 = f32x4.splat(0);
		for (j = 0; j < wide; j += 64) {
			const d0 = f32x4.sub(v128.load(a + j), centre), d1 = f32x4.sub(v128.load(a + j, 16), centre);
			const d2 = f32x4.sub(v128.load(a + j, 32), centre), d3 = f32x4.sub(v128.load(a + j, 48), centre);
			s0 = fma(d0, d0, s0);
			s1 = fma(d1, d1, s1);
			s2 = fma(d2, d2, s2);
			s3 = fma(d3, d3, s3);
		}
		let squares = four(s0, s1, s2, s3);
		for (; j < end; j += 4) {
			const d = load<f32>(a + j) - mean;
			squares += d * d;
		}
		const scale = <f32>(1 / Math.sqrt(<f64>squares / <f64>n + epsilon));
		store<f32>(c, scale);
		const factor = f32x4.splat(scale);
		for (j = 0; j < wide; j += 64)
			putFour(
				false, out + j,
				f32x4.mul(f32x4.sub(v128.load(a + j), centre), factor), f32x4.mul(f32x4.sub(v128.load(a + j, 16), centre), factor),
				f32x4.mul(f32x4.sub(v128.load(a + j, 32), centre), factor), f32x4.mul(f32x4.sub(v128.load(a + j, 48), centre), factor),
			);
		for (; j < end; j += 4) store<f32>(out + j, (load<f32>(a + j) - mean) * scale);
		out += code.outRow;
		a += code.aRow;
		c += code.cRow;
	}
}

/** The sum of sixteen lanes. */
@inline
function four(a: v128, b: v128, c: v128, d: v128): f32 {
	return total(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
}

/** From a, the gradient of y, and b, y itself, that of x; c holds the scales. Where y was multiplied by a row, a is the gradient of that. */
export function normaliseBack(code: Code, B: i32, t: i32): void {
	if (code.splat) normaliseBackRows(true, code, B, t);
	else normaliseBackRows(false, code, B, t);
}

@inline
function normaliseBackRows(scaled: bool, code: Code, B: i32, t: i32): void {
	const n = code.width, wide = bytes(n & ~15), whole = bytes(n & ~3), end = bytes(n), row = <usize>code.splat, add = code.add != 0;
	let out = at(code.out, code.outStep, code.outRow, t), a = at(code.a, code.aStep, code.aRow, t), b = at(code.b, code.bStep, code.bRow, t), c = at(code.c, code.cStep, code.cRow, t);
	for (let r = 0; r < B; r++) {
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, d0 = s0, d1 = s0, d2 = s0, d3 = s0;
		let j: usize = 0;
		for (; j < wide; j += 64) {
			const y = b + j;
			const g0 = gradient(scaled, a + j, row + j), g1 = gradient(scaled, a + j + 16, row + j + 16);
			const g2 = gradient(scaled, a + j + 32, row + j + 32), g3 = gradient(scaled, a + j + 48, row + j + 48);
			s0 = f32x4.add(s0, g0);
			s1 = f32x4.add(s1, g1);
			s2 = f32x4.add(s2, g2);
			s3 = f32x4.add(s3, g3);
			d0 = fma(g0, v128.load(y), d0);
			d1 = fma(g1, v128.load(y, 16), d1);
			d2 = fma(g2, v128.load(y, 32), d2);
			d3 = fma(g3, v128.load(y, 48), d3);
		}
		for (; j < end; j += 4) {
			const g = gradientOne(scaled, a + j, row + j);
			s0 = f32x4.add(s0, g);
			d0 = f32x4.add(d0, f32x4.mul(g, loadOne(b + j)));
		}
		const mean = f32x4.splat(four(s0, s1, s2, s3) / <f32>n), along = f32x4.splat(four(d0, d1, d2, d3) / <f32>n), scale = v128.load32_splat(c);
		for (j = 0; j < whole; j += 16) put(add, out + j, straighten(gradient(scaled, a + j, row + j), v128.load(b + j), mean, along, scale));
		for (; j < end; j += 4) putOne(add, out + j, straighten(gradientOne(scaled, a + j, row + j), loadOne(b + j), mean, along, scale));
		out += code.outRow;
		a += code.aRow;
		b += code.bRow;
		c += code.cRow;
	}
}

@inline
function gradient(scaled: bool, at: usize, row: usize): v128 {
	return scaled ? f32x4.mul(v128.load(at), v128.load(row)) : v128.load(at);
}

@inline
function gradientOne(scaled: bool, at: usize, row: usize): v128 {
	return scaled ? f32x4.mul(loadOne(at), loadOne(row)) : loadOne(at);
}

/** A gradient without what moves the mean, or the length along y: the norm takes that back. */
@inline
function straighten(g: v128, y: v128, mean: v128, along: v128, scale: v128): v128 {
	return f32x4.mul(scale, f32x4.sub(f32x4.sub(g, mean), f32x4.mul(along, y)));
}
