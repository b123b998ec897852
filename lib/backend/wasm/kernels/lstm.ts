import { clearGates, gateGradients, packBiases, packGates, packTransposed, project, projectBack, U, W } from "./gates";
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from "./math";
import { dState, ended, rowBytes, slot, FusedRun, state, stateStep } from "./run";
import { fma } from "./simd";

// i, f, o = σ(x·W + h·U + b), g = tanh(x·W + h·U + b);  c′ = f ⊙ c + i ⊙ g;  h′ = o ⊙ tanh(c′). Gates in the order i f g o; run.extra is tanh c.
const GATES: i32 = 4;
/** The order of the states. */
const STATE_H: i32 = 0;
const STATE_C: i32 = 1;

export function lstmForward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), zRow = row * GATES;
	packBiases(run, GATES);
	if (T * B > 1) packGates(run, W, GATES, run.D, run.packedW);
	if (B > 1) packGates(run, U, GATES, run.H, run.packedU);
	const h = state(run, STATE_H), ahead = run.ahead;
	for (let t = 0; t < T; t++) {
		const done = <usize>(t * B);
		const z = run.gates + slot(run, t) * zRow;
		if (t % ahead == 0) {
			const xRow = <usize>run.D << 2;
			project(run, W, 0, GATES, min(ahead, T - t) * B, run.D, run.x + done * xRow, xRow, run.packedW, z, zRow, false);
		}
		project(run, U, 0, GATES, B, run.H, h + done * row, row, run.packedU, z, zRow, true);
		step(run, t);
	}
}

function step(run: FusedRun, t: i32): void {
	const B = <usize>run.B, row = rowBytes(run), bias = run.biases;
	const pastH = state(run, STATE_H), pastC = state(run, STATE_C), cStep = stateStep(run, STATE_C);
	for (let b: usize = 0; b < B; b++) {
		const at = (<usize>t * B + b) * row, kept = (slot(run, t) + b) * row;
		const c0 = pastC + <usize>t * cStep + b * row, c1 = c0 + cStep, h0 = pastH + at, h1 = h0 + B * row;
		if (ended(run, t, <i32>b)) {
			memory.copy(h1, h0, row);
			memory.copy(c1, c0, row);
			continue;
		}
		const z = run.gates + kept * GATES, tanhC = run.extra + kept;
		for (let j: usize = 0; j < row; j += 16) {
			const zi = z + j, zf = zi + row, zg = zf + row, zo = zg + row;
			const bi = bias + j, bf = bi + row, bg = bf + row, bo = bg + row;
			const i = sigmoid(f32x4.add(v128.load(zi), v128.load(bi)));
			const f = sigmoid(f32x4.add(v128.load(zf), v128.load(bf)));
			const g = tanh(f32x4.add(v128.load(zg), v128.load(bg)));
			const o = sigmoid(f32x4.add(v128.load(zo), v128.load(bo)));
			const c = fma(f, v128.load(c0 + j), f32x4.mul(i, g));
			const tc = tanh(c);
			v128.store(zi, i);
			v128.store(zf, f);
			v128.store(zg, g);
			v128.store(zo, o);
			v128.store(c1 + j, c);
			v128.store(tanhC + j, tc);
			v128.store(h1 + j, f32x4.mul(o, tc));
		}
	}
}

export function lstmBackward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), zRow = row * GATES;
	if (B > 1) packTransposed(run, U, 0, GATES, run.H, run.packedU);
	for (let t = T - 1; t >= 0; t--) {
		stepBack(run, t);
		projectBack(run, U, 0, GATES, B, run.H, run.gates + <usize>(t * B) * zRow, zRow, run.packedU, dState(run, STATE_H), row, true);
	}
	if (run.dx) {
		if (T * B > 1) packTransposed(run, W, 0, GATES, run.D, run.packedW);
		projectBack(run, W, 0, GATES, T * B, run.D, run.gates, zRow, run.packedW, run.dx, <usize>run.D << 2, false);
	}
	gateGradients(run, 0, GATES, run.gates, zRow, state(run, STATE_H));
}

/** From dh and dc after step t to those before it, without the part of dh that comes through the gates. Overwrites the gates with their gradients. */
function stepBack(run: FusedRun, t: i32): void {
	const B = <usize>run.B, row = rowBytes(run), zero = f32x4.splat(0);
	const pastC = state(run, STATE_C), dH = dState(run, STATE_H), dC = dState(run, STATE_C);
	for (let b: usize = 0; b < B; b++) {
		const at = (<usize>t * B + b) * row;
		const z = run.gates + at * GATES;
		if (ended(run, t, <i32>b)) {
			memory.fill(z, 0, row * GATES);
			continue;
		}
		const c0 = pastC + at, tanhC = run.extra + at, dOut = run.dOutputs + at, dh = dH + b * row, dc = dC + b * row;
		for (let j: usize = 0; j < row; j += 16) {
			const zi = z + j, zf = zi + row, zg = zf + row, zo = zg + row;
			const i = v128.load(zi), f = v128.load(zf), g = v128.load(zg), o = v128.load(zo), tc = v128.load(tanhC + j);
			const d = f32x4.add(v128.load(dOut + j), v128.load(dh + j));
			const q = fma(f32x4.mul(d, o), tanhSlope(tc), v128.load(dc + j));
			v128.store(zi, f32x4.mul(f32x4.mul(q, g), sigmoidSlope(i)));
			v128.store(zf, f32x4.mul(f32x4.mul(q, v128.load(c0 + j)), sigmoidSlope(f)));
			v128.store(zg, f32x4.mul(f32x4.mul(q, i), tanhSlope(g)));
			v128.store(zo, f32x4.mul(f32x4.mul(d, tc), sigmoidSlope(o)));
			v128.store(dh + j, zero);
			v128.store(dc + j, f32x4.mul(q, f));
		}
		clearGates(run, GATES, z);
	}
}
