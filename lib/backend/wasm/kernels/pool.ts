import { sigmoid, sigmoidSlope } from "./math";
import { bytes, fma, loadOne, storeOne } from "./simd";

// f = σ(u + v ⊙ c);  c′ = f ⊙ c + (1 − f) ⊙ z, or with `added` f ⊙ c + z: the recurrence of QRNN and SRU, over T steps of B sequences of H numbers.

@inline
function ended(lengths: usize, t: i32, b: i32): bool {
	return lengths != 0 && t >= load<i32>(lengths + bytes(b));
}

export function pool(T: i32, B: i32, H: i32, lengths: usize, added: bool, u: usize, z: usize, v: usize, start: usize, f: usize, c: usize): void {
	const row = bytes(H);
	for (let t = 0; t < T; t++) {
		for (let b = 0; b < B; b++) {
			const at = <usize>(t * B + b) * row;
			const past = t == 0 ? start + <usize>b * row : c + at - <usize>B * row;
			if (ended(lengths, t, b)) memory.copy(c + at, past, row);
			else if (added) step(true, H, u + at, z + at, v, past, f + at, c + at);
			else step(false, H, u + at, z + at, v, past, f + at, c + at);
		}
	}
}

@inline
function step(added: bool, H: i32, u: usize, z: usize, v: usize, past: usize, f: usize, c: usize): void {
	const whole = bytes(H & ~3), end = bytes(H);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		const old = v128.load(past + j), fresh = v128.load(z + j);
		const keep = sigmoid(fma(v128.load(v + j), old, v128.load(u + j)));
		v128.store(f + j, keep);
		v128.store(c + j, pooled(added, keep, old, fresh));
	}
	for (; j < end; j += 4) {
		const old = loadOne(past + j), fresh = loadOne(z + j);
		const keep = sigmoid(fma(loadOne(v + j), old, loadOne(u + j)));
		storeOne(f + j, keep);
		storeOne(c + j, pooled(added, keep, old, fresh));
	}
}

/** f ⊙ c + (1 − f) ⊙ z = z + f ⊙ (c − z) */
@inline
function pooled(added: bool, keep: v128, old: v128, fresh: v128): v128 {
	return fma(keep, added ? old : f32x4.sub(old, fresh), fresh);
}

/** From dc, the gradients of u, z and v, and of the memory before the first step (dStart). */
export function poolBack(T: i32, B: i32, H: i32, lengths: usize, added: bool, z: usize, v: usize, start: usize, f: usize, c: usize, dc: usize, du: usize, dz: usize, dv: usize, dStart: usize): void {
	const row = bytes(H);
	memory.fill(dv, 0, row);
	memory.fill(dStart, 0, <usize>B * row);
	for (let t = T - 1; t >= 0; t--) {
		for (let b = 0; b < B; b++) {
			const at = <usize>(t * B + b) * row, carried = dStart + <usize>b * row;
			const past = t == 0 ? start + <usize>b * row : c + at - <usize>B * row;
			if (ended(lengths, t, b)) pass(H, dc + at, carried, du + at, dz + at);
			else if (added) stepBack(true, H, z + at, v, past, f + at, dc + at, du + at, dz + at, dv, carried);
			else stepBack(false, H, z + at, v, past, f + at, dc + at, du + at, dz + at, dv, carried);
		}
	}
}

/** Past a sequence's end the gradient of c passes on unchanged, and those of u and z are 0. */
function pass(H: i32, dc: usize, carried: usize, du: usize, dz: usize): void {
	const row = bytes(H);
	for (let j: usize = 0; j < row; j += 4) store<f32>(carried + j, load<f32>(carried + j) + load<f32>(dc + j));
	memory.fill(du, 0, row);
	memory.fill(dz, 0, row);
}

@inline
function stepBack(added: bool, H: i32, z: usize, v: usize, past: usize, f: usize, dc: usize, du: usize, dz: usize, dv: usize, carried: usize): void {
	const whole = bytes(H & ~3), end = bytes(H), one = f32x4.splat(1);
	let j: usize = 0;
	for (; j < whole; j += 16) {
		const old = v128.load(past + j), keep = v128.load(f + j), d = f32x4.add(v128.load(dc + j), v128.load(carried + j));
		const gate = f32x4.mul(f32x4.mul(d, added ? old : f32x4.sub(old, v128.load(z + j))), sigmoidSlope(keep));
		v128.store(du + j, gate);
		v128.store(dz + j, added ? d : f32x4.mul(d, f32x4.sub(one, keep)));
		v128.store(dv + j, fma(gate, old, v128.load(dv + j)));
		v128.store(carried + j, fma(d, keep, f32x4.mul(gate, v128.load(v + j))));
	}
	for (; j < end; j += 4) {
		const old = loadOne(past + j), keep = loadOne(f + j), d = f32x4.add(loadOne(dc + j), loadOne(carried + j));
		const gate = f32x4.mul(f32x4.mul(d, added ? old : f32x4.sub(old, loadOne(z + j))), sigmoidSlope(keep));
		storeOne(du + j, gate);
		storeOne(dz + j, added ? d : f32x4.mul(d, f32x4.sub(one, keep)));
		storeOne(dv + j, fma(gate, old, loadOne(dv + j)));
		storeOne(carried + j, fma(d, keep, f32x4.mul(gate, loadOne(v + j))));
	}
}
