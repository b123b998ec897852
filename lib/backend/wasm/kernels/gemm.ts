import { K_BLOCK, N_BLOCK, PANEL } from "../constants";
import { gather, pack } from "./pack";
import { bytes } from "./simd";
import { ROWS, tileOf, tileWhole } from "./tile";

/** Scratch memory of this thread, set once: a gathered tile of a, [K_BLOCK][ROWS], and a tile of c that is wider than what is left of c. */
let gathered: usize = 0;
let edge: usize = 0;

export function setScratch(address: usize): void {
	gathered = address;
	edge = address + bytes(K_BLOCK * ROWS);
}

/** c [M, N] (+)= a [M, K] · panels, which are `panelStride` bytes apart, for K up to K_BLOCK. */
export function multiplyBlock(M: i32, N: i32, K: i32, a: usize, aRow: usize, aColumn: usize, panels: usize, panelStride: usize, c: usize, cRow: usize, add: bool): void {
	const whole = N & ~(PANEL - 1);
	let rows = 0;
	for (let m = 0; m < M; m += rows) {
		rows = share(M - m);
		gather(rows, K, a, aRow, aColumn, gathered);
		let panel = panels;
		let n = 0;
		if (rows == ROWS)
			for (; n < whole; n += PANEL) {
				tileWhole(K, gathered, panel, c + bytes(n), cRow, add);
				panel += panelStride;
			}
		else
			for (; n < whole; n += PANEL) {
				tileOf(rows, K, gathered, panel, c + bytes(n), cRow, add);
				panel += panelStride;
			}
		if (n < N) {
			tileOf(rows, K, gathered, panel, edge, PANEL << 2, false);
			copyEdge(rows, N - n, c + bytes(n), cRow, add);
		}
		a += <usize>rows * aRow;
		c += <usize>rows * cRow;
	}
}

/** Rows of the next tile when `left` rows are left. Tiles get equal shares: one of few rows has too few independent sums to fill the pipeline. */
@inline
function share(left: i32): i32 {
	const tiles = (left + ROWS - 1) / ROWS;
	return (left + tiles - 1) / tiles;
}

function copyEdge(rows: i32, columns: i32, c: usize, cRow: usize, add: bool): void {
	for (let i = 0; i < rows; i++) {
		for (let j = 0; j < columns; j++) {
			const value = load<f32>(edge + bytes(i * PANEL + j));
			const to = c + bytes(j);
			store<f32>(to, add ? load<f32>(to) + value : value);
		}
		c += cRow;
	}
}

/** c [M, N] (+)= a [M, K] · a matrix packed over its whole K. */
export function multiplyPacked(M: i32, N: i32, K: i32, a: usize, aRow: usize, aColumn: usize, panels: usize, c: usize, cRow: usize, add: bool): void {
	const panelStride = <usize>K * (PANEL << 2);
	for (let n = 0; n < N; n += N_BLOCK) {
		const columns = min(N_BLOCK, N - n);
		for (let k = 0; k < K; k += K_BLOCK)
			multiplyBlock(
				M, columns, min(K_BLOCK, K - k),
				a + <usize>k * aColumn, aRow, aColumn,
				panels + <usize>k * (PANEL << 2), panelStride,
				c + bytes(n), cRow, add || k > 0,
			);
		panels += <usize>(N_BLOCK / PANEL) * panelStride;
	}
}

/** c [M, N] (+)= a [M, K] · b [K, N], both by strides in bytes; `work` holds a packed block, K_BLOCK × N_BLOCK floats. */
export function multiply(M: i32, N: i32, K: i32, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, add: bool, work: usize): void {
	for (let n = 0; n < N; n += N_BLOCK) {
		const columns = min(N_BLOCK, N - n);
		for (let k = 0; k < K; k += K_BLOCK) {
			const depth = min(K_BLOCK, K - k);
			const panelStride = <usize>depth * (PANEL << 2);
			pack(depth, columns, b + <usize>k * bRow + <usize>n * bColumn, bRow, bColumn, work, panelStride);
			multiplyBlock(
				M, columns, depth,
				a + <usize>k * aColumn, aRow, aColumn,
				work, panelStride,
				c + bytes(n), cRow, add || k > 0,
			);
		}
	}
}

/** `multiply` for a thread: its thirteen arguments are 32-bit words at an address. */
export function multiplyPart(at: usize): void {
	multiply(
		load<i32>(at), load<i32>(at, 4), load<i32>(at, 8),
		load<usize>(at, 12), load<usize>(at, 16), load<usize>(at, 20),
		load<usize>(at, 24), load<usize>(at, 28), load<usize>(at, 32),
		load<usize>(at, 36), load<usize>(at, 40), load<i32>(at, 44) != 0, load<usize>(at, 48),
	);
}
