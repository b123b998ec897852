import { PANEL } from "../constants";
import { bytes } from "./simd";

/**
 * Packs b [K, N] into panels of 8 columns, [⌈N/8⌉][K][8]; the last panel is padded with zeros.
 *
 * The strides of b in bytes, bRow from k to k + 1 and bColumn from n to n + 1, allow it to be transposed. `panelStride` is the distance
 * between panels: a larger one leaves space to pack another matrix below.
 */
export function pack(K: i32, N: i32, b: usize, bRow: usize, bColumn: usize, out: usize, panelStride: usize): void {
	for (let n = 0; n < N; n += PANEL) {
		const from = b + <usize>n * bColumn;
		const columns = min(PANEL, N - n);
		if (columns < PANEL) packEdge(K, columns, from, bRow, bColumn, out);
		else if (bColumn == 4) packRows(K, from, bRow, out);
		else packColumns(K, from, bRow, bColumn, out);
		out += panelStride;
	}
}

/** A panel whose eight columns are adjacent in b: each row is two vectors. */
function packRows(K: i32, from: usize, bRow: usize, out: usize): void {
	for (let k = 0; k < K; k++) {
		v128.store(out, v128.load(from));
		v128.store(out, v128.load(from, 16), 16);
		from += bRow;
		out += PANEL << 2;
	}
}

/** A panel whose columns are apart, as when b is transposed: transposes blocks of 4 × 4 in registers. */
function packColumns(K: i32, from: usize, bRow: usize, bColumn: usize, out: usize): void {
	let k = 0;
	if (bRow == 4)
		for (; k + 4 <= K; k += 4) {
			turn(from, bColumn, out, PANEL << 2);
			turn(from + 4 * bColumn, bColumn, out + 16, PANEL << 2);
			from += 16;
			out += PANEL << 4;
		}
	if (k < K) packEdge(K - k, PANEL, from, bRow, bColumn, out);
}

function packEdge(K: i32, columns: i32, from: usize, bRow: usize, bColumn: usize, out: usize): void {
	for (let k = 0; k < K; k++) {
		for (let j = 0; j < columns; j++) store<f32>(out + bytes(j), load<f32>(from + <usize>j * bColumn));
		for (let j = columns; j < PANEL; j++) store<f32>(out + bytes(j), 0);
		from += bRow;
		out += PANEL << 2;
	}
}

/**
 * Copies a few rows of a [rows, K] to [K][rows]. A tile then reads memory in order, and the columns of a transposed matrix, whose
 * addresses are far apart, do not evict each other from the cache.
 */
export function gather(rows: i32, K: i32, a: usize, aRow: usize, aColumn: usize, out: usize): void {
	const step = bytes(rows);
	let k = 0;
	if (aColumn == 4 && rows >= 4)
		for (; k + 4 <= K; k += 4) {
			turn(a, aRow, out, step);
			if (rows == 6) turnPair(a + 4 * aRow, aRow, out + 16, step);
			else if (rows == 5) for (let j = 0; j < 4; j++) store<f32>(out + <usize>j * step + 16, load<f32>(a + 4 * aRow + bytes(j)));
			a += 16;
			out += 4 * step;
		}
	for (; k < K; k++) {
		if (aRow == 4 && rows >= 4) {
			v128.store(out, v128.load(a));
			if (rows == 6) store<i64>(out, load<i64>(a, 16), 16);
			else if (rows == 5) store<f32>(out, load<f32>(a, 16), 16);
		} else for (let i = 0; i < rows; i++) store<f32>(out + bytes(i), load<f32>(a + <usize>i * aRow));
		a += aColumn;
		out += step;
	}
}

/** The 4 × 4 block at `from` (rows `stride` apart) to `out`, transposed, rows `outStride` apart. */
@inline
export function turn(from: usize, stride: usize, out: usize, outStride: usize): void {
	const r0 = v128.load(from), r1 = v128.load(from + stride), r2 = v128.load(from + 2 * stride), r3 = v128.load(from + 3 * stride);
	const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
	const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
	v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
	v128.store(out + outStride, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
	v128.store(out + 2 * outStride, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
	v128.store(out + 3 * outStride, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** Two rows of four at `from` to `out`, transposed: four rows of two, `outStride` apart. */
@inline
function turnPair(from: usize, stride: usize, out: usize, outStride: usize): void {
	const r0 = v128.load(from), r1 = v128.load(from + stride);
	const low = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
	v128.store64_lane(out, low, 0);
	v128.store64_lane(out + outStride, low, 1);
	v128.store64_lane(out + 2 * outStride, high, 0);
	v128.store64_lane(out + 3 * outStride, high, 1);
}
