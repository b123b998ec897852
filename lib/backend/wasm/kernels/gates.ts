import { K_BLOCK, N_BLOCK, PANEL } from "../constants";
import { multiplyBlock, multiplyPacked } from "./gemm";
import { timesVector, vectorTimes } from "./gemv";
import { pack } from "./pack";
import { clearPadding, copyRow, copyRows, gradient, rowBytes, FusedRun, weight } from "./run";
import { bytes, padded } from "./simd";

// The products of the gates. Each gate has its own W [D, H], U [H, H] and b [H], which follow one another in the table of weights.
// Packed, the matrices of all gates are side by side, so that one product computes all gates.

export const W: i32 = 0;
export const U: i32 = 1;
const B: i32 = 2;

@inline
export function weightOf(run: FusedRun, gate: i32, which: i32): usize {
	return weight(run, 3 * gate + which);
}

@inline
export function gradientOf(run: FusedRun, gate: i32, which: i32): usize {
	return gradient(run, 3 * gate + which);
}

/** The gates' W or U [K, H] side by side, as panels [gates·P/8][K][8]. */
export function packGates(run: FusedRun, which: i32, gates: i32, K: i32, out: usize): void {
	for (let g = 0; g < gates; g++) {
		pack(K, run.H, weightOf(run, g, which), bytes(run.H), 4, out, <usize>K * (PANEL << 2));
		out += <usize>K * rowBytes(run);
	}
}

/** The transposes of some gates' W or U [N, H] one below the other, as panels [N/8][gates·P][8]. */
export function packTransposed(run: FusedRun, which: i32, first: i32, gates: i32, N: i32, out: usize): void {
	const panelStride = <usize>gates * padded(run.H) * (PANEL << 2);
	if (run.H % PANEL) memory.fill(out, 0, panelStride * (padded(N) / PANEL));
	for (let g = 0; g < gates; g++)
		pack(run.H, N, weightOf(run, first + g, which), 4, bytes(run.H), out + <usize>g * rowBytes(run) * PANEL, panelStride);
}

/** The gates' biases [gates, P]. */
export function packBiases(run: FusedRun, gates: i32): void {
	for (let g = 0; g < gates; g++)
		copyRow(run.H, weightOf(run, g, B), run.biases + <usize>g * rowBytes(run), rowBytes(run));
}

/**
 * z [rows, gates, P] (+)= a [rows, K] · W or U of `gates` gates from `first`.
 *
 * For a single row the matrices are read as they are; for more rows the packed copies are faster.
 */
export function project(run: FusedRun, which: i32, first: i32, gates: i32, rows: i32, K: i32, a: usize, aRow: usize, packed: usize, z: usize, zRow: usize, add: bool): void {
	const row = rowBytes(run);
	if (rows == 1)
		for (let g = 0; g < gates; g++) vectorTimes(K, run.H, a, weightOf(run, first + g, which), z + <usize>g * row, add);
	else multiplyPacked(rows, gates * padded(run.H), K, a, aRow, 4, packed + <usize>(first * K) * row, z, zRow, add);
}

/** da [rows, N] (+)= dz [rows, gates, P] · Wᵀ or Uᵀ of `gates` gates from `first`; `packed` is what `packTransposed` wrote. */
export function projectBack(run: FusedRun, which: i32, first: i32, gates: i32, rows: i32, N: i32, dz: usize, dzRow: usize, packed: usize, da: usize, daRow: usize, add: bool): void {
	const row = rowBytes(run);
	if (rows == 1)
		for (let g = 0; g < gates; g++) timesVector(N, run.H, weightOf(run, first + g, which), dz + <usize>g * row, da, add || g > 0);
	else multiplyPacked(rows, N, gates * padded(run.H), dz, dzRow, 4, packed, da, daRow, add);
}

/**
 * The gradients of the weights of `gates` gates from `first`, summed over all steps: ∂W = xᵀ·dz and ∂U = pastᵀ·dz, which share the
 * packed blocks of dz [T·B, gates, P], and ∂b, its column sums. `past` [T·B, P] is what U was multiplied by.
 *
 * The gates' gradients are computed side by side, where the packed matrices were, then copied to the gradient of each weight.
 */
export function gateGradients(run: FusedRun, first: i32, gates: i32, dz: usize, dzRow: usize, past: usize): void {
	const D = run.D, H = run.H, rows = run.T * run.B, N = gates * padded(H), row = rowBytes(run), out = bytes(N);
	for (let n = 0; n < N; n += N_BLOCK) {
		const columns = min(N_BLOCK, N - n);
		for (let k = 0; k < rows; k += K_BLOCK) {
			const depth = min(K_BLOCK, rows - k);
			const block = dz + <usize>k * dzRow + bytes(n), panelStride = <usize>depth * (PANEL << 2);
			pack(depth, columns, block, dzRow, 4, run.work, panelStride);
			multiplyBlock(D, columns, depth, run.x + <usize>k * bytes(D), 4, bytes(D), run.work, panelStride, run.packedW + bytes(n), out, k > 0);
			multiplyBlock(H, columns, depth, past + <usize>k * row, 4, row, run.work, panelStride, run.packedU + bytes(n), out, k > 0);
			columnSums(depth, columns, block, dzRow, run.biases + bytes(n), k > 0);
		}
	}
	for (let g = 0; g < gates; g++) {
		const at = <usize>g * row;
		copyRows(1, D, H, run.packedW + at, 0, out, gradientOf(run, first + g, W), 0, bytes(H));
		copyRows(1, H, H, run.packedU + at, 0, out, gradientOf(run, first + g, U), 0, bytes(H));
		copyRow(H, run.biases + at, gradientOf(run, first + g, B), bytes(H));
	}
}

/** out [N] (+)= Σ over rows of z [rows, N], four rows at a time */
export function columnSums(rows: i32, N: i32, z: usize, zRow: usize, out: usize, add: bool): void {
	if (!add) memory.fill(out, 0, bytes(N));
	const whole = bytes(N & ~3), end = bytes(N);
	let r = 0;
	for (; r + 4 <= rows; r += 4) {
		const z1 = z + zRow, z2 = z1 + zRow, z3 = z2 + zRow;
		let j: usize = 0;
		for (; j < whole; j += 16) {
			const left = f32x4.add(v128.load(z + j), v128.load(z1 + j)), right = f32x4.add(v128.load(z2 + j), v128.load(z3 + j));
			v128.store(out + j, f32x4.add(v128.load(out + j), f32x4.add(left, right)));
		}
		for (; j < end; j += 4) store<f32>(out + j, load<f32>(out + j) + (load<f32>(z + j) + load<f32>(z1 + j) + (load<f32>(z2 + j) + load<f32>(z3 + j))));
		z = z3 + zRow;
	}
	for (; r < rows; r++) {
		for (let j: usize = 0; j < end; j += 4) store<f32>(out + j, load<f32>(out + j) + load<f32>(z + j));
		z += zRow;
	}
}

/** Clears the padding of each gate's gradient in a row [gates, P]. */
export function clearGates(run: FusedRun, gates: i32, dz: usize): void {
	for (let g = 0; g < gates; g++) clearPadding(run, dz + <usize>g * rowBytes(run));
}
