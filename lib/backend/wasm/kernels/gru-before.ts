import { gateGradients, packBiases, packGates, packTransposed, project, projectBack, U, W } from "./gates";
import { clearPadding, dState, ended, rowBytes, slot, FusedRun, state } from "./run";
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from "./math";
import { bytes, fma, padded } from "./simd";

// r, z = σ(x·W + h·U + b);  h̃ = tanh(x·W + (r ⊙ h)·U + b);  h′ = z ⊙ h + (1 − z) ⊙ h̃. Gates in the order r z h̃; run.extra is r ⊙ h.
const GATES: i32 = 3;
const CANDIDATE: i32 = 2;

export function gruBeforeForward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), zRow = row * GATES, xRow = <usize>run.D << 2;
	packBiases(run, GATES);
	if (T * B > 1) packGates(run, W, GATES, run.D, run.packedW);
	if (B > 1) packGates(run, U, GATES, run.H, run.packedU);
	const past = state(run, 0), ahead = run.ahead;
	for (let t = 0; t < T; t++) {
		const done = <usize>(t * B), kept = slot(run, t);
		const z = run.gates + kept * zRow, reset = run.extra + kept * row;
		if (t % ahead == 0) project(run, W, 0, GATES, min(ahead, T - t) * B, run.D, run.x + done * xRow, xRow, run.packedW, z, zRow, false);
		project(run, U, 0, CANDIDATE, B, run.H, past + done * row, row, run.packedU, z, zRow, true);
		for (let b = 0; b < B; b++) openGates(run, past + (done + b) * row, z + <usize>b * zRow, reset + <usize>b * row);
		project(run, U, CANDIDATE, 1, B, run.H, reset, row, run.packedU, z + row * CANDIDATE, zRow, true);
		for (let b = 0; b < B; b++) {
			const h = past + (done + b) * row, next = h + <usize>B * row;
			if (ended(run, t, b)) memory.copy(next, h, row);
			else mix(run, h, z + <usize>b * zRow, next);
		}
	}
}

/** r, z and r ⊙ h of one sequence, whose gates are at r0. */
function openGates(run: FusedRun, h: usize, r0: usize, reset: usize): void {
	const row = rowBytes(run), z0 = r0 + row, bias = run.biases;
	for (let j: usize = 0; j < row; j += 16) {
		const r = sigmoid(f32x4.add(v128.load(r0 + j), v128.load(bias + j)));
		v128.store(r0 + j, r);
		v128.store(z0 + j, sigmoid(f32x4.add(v128.load(z0 + j), v128.load(bias + row + j))));
		v128.store(reset + j, f32x4.mul(r, v128.load(h + j)));
	}
}

/** h̃ and the new state of one sequence. */
function mix(run: FusedRun, h: usize, r0: usize, next: usize): void {
	const row = rowBytes(run), z0 = r0 + row, g0 = z0 + row, bias = run.biases + 2 * row;
	for (let j: usize = 0; j < row; j += 16) {
		const g = tanh(f32x4.add(v128.load(g0 + j), v128.load(bias + j)));
		v128.store(g0 + j, g);
		// z ⊙ h + (1 − z) ⊙ h̃ = h̃ + z ⊙ (h − h̃)
		v128.store(next + j, fma(v128.load(z0 + j), f32x4.sub(v128.load(h + j), g), g));
	}
}

export function gruBeforeBackward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), zRow = row * GATES;
	const packedCandidate = run.packedU + <usize>(CANDIDATE * padded(run.H)) * row, h = state(run, 0), dh = dState(run, 0);
	if (B > 1) {
		packTransposed(run, U, 0, CANDIDATE, run.H, run.packedU);
		packTransposed(run, U, CANDIDATE, 1, run.H, packedCandidate);
	}
	const drh = run.spare; // [B, P], the gradient of r ⊙ h
	for (let t = T - 1; t >= 0; t--) {
		const done = <usize>(t * B);
		const dz = run.gates + done * zRow;
		for (let b = 0; b < B; b++) {
			const at = (done + b) * row;
			if (ended(run, t, b)) memory.fill(run.gates + at * GATES, 0, zRow);
			else unmix(run, at, h + at, dh + <usize>b * row);
		}
		projectBack(run, U, CANDIDATE, 1, B, run.H, dz + row * CANDIDATE, zRow, packedCandidate, drh, row, false);
		for (let b = 0; b < B; b++) {
			const at = (done + b) * row;
			if (!ended(run, t, b)) closeReset(run, at, h + at, drh + <usize>b * row, dh + <usize>b * row);
		}
		projectBack(run, U, 0, CANDIDATE, B, run.H, dz, zRow, run.packedU, dh, row, true);
	}
	if (run.dx) {
		if (T * B > 1) packTransposed(run, W, 0, GATES, run.D, run.packedW);
		projectBack(run, W, 0, GATES, T * B, run.D, run.gates, zRow, run.packedW, run.dx, bytes(run.D), false);
	}
	gateGradients(run, 0, CANDIDATE, run.gates, zRow, h);
	gateGradients(run, CANDIDATE, 1, run.gates + 2 * row, zRow, run.extra);
}

/** Overwrites z and h̃ with their gradients; in dh remains the part that reaches the earlier state without the gates. */
function unmix(run: FusedRun, at: usize, h: usize, dh: usize): void {
	const row = rowBytes(run), z0 = run.gates + at * GATES + row, g0 = z0 + row, one = f32x4.splat(1);
	for (let j: usize = 0; j < row; j += 16) {
		const z = v128.load(z0 + j), g = v128.load(g0 + j);
		const d = f32x4.add(v128.load(run.dOutputs + at + j), v128.load(dh + j));
		v128.store(z0 + j, f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(h + j), g)), sigmoidSlope(z)));
		v128.store(g0 + j, f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), tanhSlope(g)));
		v128.store(dh + j, f32x4.mul(d, z));
	}
	clearPadding(run, z0);
	clearPadding(run, g0);
}

/** From the gradient of r ⊙ h those of r, which overwrites r, and of h, which is added to dh. */
function closeReset(run: FusedRun, at: usize, h: usize, drh: usize, dh: usize): void {
	const row = rowBytes(run), r0 = run.gates + at * GATES;
	for (let j: usize = 0; j < row; j += 16) {
		const r = v128.load(r0 + j), d = v128.load(drh + j);
		v128.store(r0 + j, f32x4.mul(f32x4.mul(d, v128.load(h + j)), sigmoidSlope(r)));
		v128.store(dh + j, fma(d, r, v128.load(dh + j)));
	}
	clearPadding(run, r0);
}
