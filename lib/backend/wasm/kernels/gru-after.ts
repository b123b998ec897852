import { clearGates, columnSums, gateGradients, packBiases, packGates, packTransposed, project, projectBack, U, W } from "./gates";
import { multiply } from "./gemm";
import { sigmoid, sigmoidSlope, tanh, tanhSlope } from "./math";
import { clearPadding, copyRow, dState, ended, gradient, rowBytes, slot, FusedRun, state, weight } from "./run";
import { bytes, fma, padded } from "./simd";

// r, z = σ(x·W + h·U + b);  u = h·U + c;  h̃ = tanh(x·W + b + r ⊙ u);  h′ = z ⊙ h + (1 − z) ⊙ h̃. Gates in the order r z h̃; run.extra is u.
const GATES: i32 = 3;
const CANDIDATE: i32 = 2;
/** The index of c among the cell's weights: after the three of each gate. */
const C: i32 = 9;

export function gruAfterForward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), zRow = row * GATES, xRow = <usize>run.D << 2;
	packBiases(run, GATES);
	copyRow(run.H, weight(run, C), run.biases + row * GATES, row);
	if (T * B > 1) packGates(run, W, GATES, run.D, run.packedW);
	if (B > 1) packGates(run, U, GATES, run.H, run.packedU);
	const past = state(run, 0), ahead = run.ahead;
	for (let t = 0; t < T; t++) {
		const done = <usize>(t * B), kept = slot(run, t);
		const z = run.gates + kept * zRow, u = run.extra + kept * row, h = past + done * row;
		if (t % ahead == 0) project(run, W, 0, GATES, min(ahead, T - t) * B, run.D, run.x + done * xRow, xRow, run.packedW, z, zRow, false);
		project(run, U, 0, CANDIDATE, B, run.H, h, row, run.packedU, z, zRow, true);
		project(run, U, CANDIDATE, 1, B, run.H, h, row, run.packedU, u, row, false);
		for (let b = 0; b < B; b++) {
			const at = h + <usize>b * row, next = at + <usize>B * row;
			if (ended(run, t, b)) memory.copy(next, at, row);
			else step(run, at, z + <usize>b * zRow, u + <usize>b * row, next);
		}
	}
}

/** The gates of one sequence, at r0, and its new state. */
function step(run: FusedRun, h: usize, r0: usize, u0: usize, next: usize): void {
	const row = rowBytes(run), z0 = r0 + row, g0 = z0 + row;
	const br = run.biases, bz = br + row, bg = bz + row, c = bg + row;
	for (let j: usize = 0; j < row; j += 16) {
		const r = sigmoid(f32x4.add(v128.load(r0 + j), v128.load(br + j)));
		const z = sigmoid(f32x4.add(v128.load(z0 + j), v128.load(bz + j)));
		const u = f32x4.add(v128.load(u0 + j), v128.load(c + j));
		const g = tanh(fma(r, u, f32x4.add(v128.load(g0 + j), v128.load(bg + j))));
		v128.store(r0 + j, r);
		v128.store(z0 + j, z);
		v128.store(g0 + j, g);
		v128.store(u0 + j, u);
		// z ⊙ h + (1 − z) ⊙ h̃ = h̃ + z ⊙ (h − h̃)
		v128.store(next + j, fma(z, f32x4.sub(v128.load(h + j), g), g));
	}
}

export function gruAfterBackward(run: FusedRun): void {
	const T = run.T, B = run.B, H = run.H, row = rowBytes(run), zRow = row * GATES;
	const packedCandidate = run.packedU + <usize>(CANDIDATE * padded(H)) * row, h = state(run, 0), dh = dState(run, 0);
	if (B > 1) {
		packTransposed(run, U, 0, CANDIDATE, H, run.packedU);
		packTransposed(run, U, CANDIDATE, 1, H, packedCandidate);
	}
	for (let t = T - 1; t >= 0; t--) {
		const done = <usize>(t * B);
		for (let b = 0; b < B; b++) {
			const at = (done + b) * row;
			if (ended(run, t, b)) {
				memory.fill(run.gates + at * GATES, 0, zRow);
				memory.fill(run.extra + at, 0, row);
			} else stepBack(run, at, h + at, dh + <usize>b * row);
		}
		projectBack(run, U, 0, CANDIDATE, B, H, run.gates + done * zRow, zRow, run.packedU, dh, row, true);
		projectBack(run, U, CANDIDATE, 1, B, H, run.extra + done * row, row, packedCandidate, dh, row, true);
	}
	if (run.dx) {
		if (T * B > 1) packTransposed(run, W, 0, GATES, run.D, run.packedW);
		projectBack(run, W, 0, GATES, T * B, run.D, run.gates, zRow, run.packedW, run.dx, bytes(run.D), false);
	}
	gateGradients(run, 0, CANDIDATE, run.gates, zRow, h);
	candidateGradients(run, run.gates + 2 * row, zRow);
}

/** Overwrites the gates and u with their gradients; in dh remains the part that reaches the earlier state without the gates. */
function stepBack(run: FusedRun, at: usize, h: usize, dh: usize): void {
	const row = rowBytes(run), r0 = run.gates + at * GATES, z0 = r0 + row, g0 = z0 + row, u0 = run.extra + at, one = f32x4.splat(1);
	for (let j: usize = 0; j < row; j += 16) {
		const r = v128.load(r0 + j), z = v128.load(z0 + j), g = v128.load(g0 + j), u = v128.load(u0 + j);
		const d = f32x4.add(v128.load(run.dOutputs + at + j), v128.load(dh + j));
		const dg = f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), tanhSlope(g));
		v128.store(r0 + j, f32x4.mul(f32x4.mul(dg, u), sigmoidSlope(r)));
		v128.store(z0 + j, f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(h + j), g)), sigmoidSlope(z)));
		v128.store(g0 + j, dg);
		v128.store(u0 + j, f32x4.mul(dg, r));
		v128.store(dh + j, f32x4.mul(d, z));
	}
	clearGates(run, GATES, r0);
	clearPadding(run, u0);
}

/** For the candidate's weights: those of W and b come from the gradient of h̃, those of U and c from that of u. */
function candidateGradients(run: FusedRun, dg: usize, zRow: usize): void {
	const D = run.D, H = run.H, rows = run.T * run.B, row = rowBytes(run), out = bytes(H);
	multiply(D, H, rows, run.x, 4, bytes(D), dg, zRow, 4, gradient(run, 3 * CANDIDATE), out, false, run.work);
	multiply(H, H, rows, state(run, 0), 4, row, run.extra, row, 4, gradient(run, 3 * CANDIDATE + 1), out, false, run.work);
	columnSums(rows, H, dg, zRow, gradient(run, 3 * CANDIDATE + 2), false);
	columnSums(rows, H, run.extra, row, gradient(run, C), false);
}
