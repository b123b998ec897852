import { MOST_ROWS, PANEL } from "../constants";
import { fma } from "./simd";

/** Rows of the largest tile whose sums stay in registers. x64 has 16 vectors: 12 sums, 2 of b, 1 of a, and without fma one more for the product. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? MOST_ROWS : MOST_ROWS - 1;

/**
 * c [R, 8] (+)= a · panel [K][8], with a gathered as [K][R]: the inner loop of all products of matrices.
 *
 * `R` is a constant where this is inlined, so that the compiler drops the branches for other numbers of rows.
 */
@inline
function tile(R: i32, K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
	let s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
	const end = panel + <usize>K * (PANEL << 2);
	while (panel < end) {
		const b0 = v128.load(panel), b1 = v128.load(panel, 16);
		const x0 = v128.load32_splat(a);
		s00 = fma(x0, b0, s00);
		s01 = fma(x0, b1, s01);
		if (R > 1) {
			const x1 = v128.load32_splat(a, 4);
			s10 = fma(x1, b0, s10);
			s11 = fma(x1, b1, s11);
		}
		if (R > 2) {
			const x2 = v128.load32_splat(a, 8);
			s20 = fma(x2, b0, s20);
			s21 = fma(x2, b1, s21);
		}
		if (R > 3) {
			const x3 = v128.load32_splat(a, 12);
			s30 = fma(x3, b0, s30);
			s31 = fma(x3, b1, s31);
		}
		if (R > 4) {
			const x4 = v128.load32_splat(a, 16);
			s40 = fma(x4, b0, s40);
			s41 = fma(x4, b1, s41);
		}
		if (R > 5) {
			const x5 = v128.load32_splat(a, 20);
			s50 = fma(x5, b0, s50);
			s51 = fma(x5, b1, s51);
		}
		a += R << 2;
		panel += PANEL << 2;
	}
	if (add) {
		addRow(c, s00, s01);
		if (R > 1) addRow(c + cRow, s10, s11);
		if (R > 2) addRow(c + 2 * cRow, s20, s21);
		if (R > 3) addRow(c + 3 * cRow, s30, s31);
		if (R > 4) addRow(c + 4 * cRow, s40, s41);
		if (R > 5) addRow(c + 5 * cRow, s50, s51);
	} else {
		putRow(c, s00, s01);
		if (R > 1) putRow(c + cRow, s10, s11);
		if (R > 2) putRow(c + 2 * cRow, s20, s21);
		if (R > 3) putRow(c + 3 * cRow, s30, s31);
		if (R > 4) putRow(c + 4 * cRow, s40, s41);
		if (R > 5) putRow(c + 5 * cRow, s50, s51);
	}
}

@inline
function putRow(c: usize, left: v128, right: v128): void {
	v128.store(c, left);
	v128.store(c, right, 16);
}

@inline
function addRow(c: usize, left: v128, right: v128): void {
	putRow(c, f32x4.add(v128.load(c), left), f32x4.add(v128.load(c, 16), right));
}

/** A tile of `ROWS` rows, the case that matters. */
export function tileWhole(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(ROWS, K, a, panel, c, cRow, add);
}

function tile5(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(5, K, a, panel, c, cRow, add);
}
function tile4(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(4, K, a, panel, c, cRow, add);
}
function tile3(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(3, K, a, panel, c, cRow, add);
}
function tile2(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(2, K, a, panel, c, cRow, add);
}
function tile1(K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(1, K, a, panel, c, cRow, add);
}

/** A tile of 1 to `ROWS` rows. */
export function tileOf(rows: i32, K: i32, a: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	switch (rows) {
		case 1: return tile1(K, a, panel, c, cRow, add);
		case 2: return tile2(K, a, panel, c, cRow, add);
		case 3: return tile3(K, a, panel, c, cRow, add);
		case 4: return tile4(K, a, panel, c, cRow, add);
		case 5: return tile5(K, a, panel, c, cRow, add);
		default: return tileWhole(K, a, panel, c, cRow, add);
	}
}
