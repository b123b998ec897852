import { RELU, SIGMOID, TANH } from "../constants";
import { clearGates, gateGradients, packBiases, packGates, packTransposed, project, projectBack, U, W } from "./gates";
import { relu, reluSlope, sigmoid, sigmoidSlope, tanh, tanhSlope } from "./math";
import { dState, ended, rowBytes, FusedRun, state } from "./run";

// h′ = f(x·W + h·U + b), with f by run.variant.

export function elmanForward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), xRow = <usize>run.D << 2;
	packBiases(run, 1);
	if (T * B > 1) packGates(run, W, 1, run.D, run.packedW);
	if (B > 1) packGates(run, U, 1, run.H, run.packedU);
	const h = state(run, 0), ahead = run.ahead;
	for (let t = 0; t < T; t++) {
		const done = <usize>(t * B);
		const h0 = h + done * row, h1 = h0 + <usize>B * row;
		if (t % ahead == 0) project(run, W, 0, 1, min(ahead, T - t) * B, run.D, run.x + done * xRow, xRow, run.packedW, h1, row, false);
		project(run, U, 0, 1, B, run.H, h0, row, run.packedU, h1, row, true);
		for (let b = 0; b < B; b++) {
			const at = <usize>b * row;
			if (ended(run, t, b)) memory.copy(h1 + at, h0 + at, row);
			else if (run.variant == TANH) activate(TANH, h1 + at, run.biases, row);
			else if (run.variant == RELU) activate(RELU, h1 + at, run.biases, row);
			else activate(SIGMOID, h1 + at, run.biases, row);
		}
	}
}

@inline
function activate(f: i32, h: usize, bias: usize, row: usize): void {
	for (let j: usize = 0; j < row; j += 16) {
		const z = f32x4.add(v128.load(h + j), v128.load(bias + j));
		v128.store(h + j, f == TANH ? tanh(z) : f == RELU ? relu(z) : sigmoid(z));
	}
}

/** Overwrites the gradients of the outputs with those of z, the pre-activation. */
export function elmanBackward(run: FusedRun): void {
	const T = run.T, B = run.B, row = rowBytes(run), h = state(run, 0), dh = dState(run, 0);
	if (B > 1) packTransposed(run, U, 0, 1, run.H, run.packedU);
	for (let t = T - 1; t >= 0; t--) {
		const dz = run.dOutputs + <usize>(t * B) * row, h1 = h + <usize>((t + 1) * B) * row;
		for (let b = 0; b < B; b++) {
			const at = <usize>b * row;
			if (ended(run, t, b)) {
				memory.fill(dz + at, 0, row);
				continue;
			}
			if (run.variant == TANH) activateBack(TANH, h1 + at, dz + at, dh + at, row);
			else if (run.variant == RELU) activateBack(RELU, h1 + at, dz + at, dh + at, row);
			else activateBack(SIGMOID, h1 + at, dz + at, dh + at, row);
			clearGates(run, 1, dz + at);
		}
		projectBack(run, U, 0, 1, B, run.H, dz, row, run.packedU, dh, row, true);
	}
	if (run.dx) {
		if (T * B > 1) packTransposed(run, W, 0, 1, run.D, run.packedW);
		projectBack(run, W, 0, 1, T * B, run.D, run.dOutputs, row, run.packedW, run.dx, <usize>run.D << 2, false);
	}
	gateGradients(run, 0, 1, run.dOutputs, row, h);
}

@inline
function activateBack(f: i32, h: usize, dz: usize, dh: usize, row: usize): void {
	for (let j: usize = 0; j < row; j += 16) {
		const y = v128.load(h + j);
		const d = f32x4.add(v128.load(dz + j), v128.load(dh + j));
		const slope = f == TANH ? tanhSlope(y) : f == RELU ? reluSlope(y) : sigmoidSlope(y);
		v128.store(dz + j, f32x4.mul(d, slope));
		v128.store(dh + j, f32x4.splat(0));
	}
}
