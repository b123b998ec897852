import { fma, PANEL } from "./simd";

/** Rows of the tile whose sums stay in registers: 12 sums, 2 columns of b and 1 of a fill the 16 of x64; without fma a product needs one more. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;

/**
 * c [R, 8] (+)= a [R, K] · panel [K, 8]: everything fast in this library goes through here.
 *
 * `a` is walked by two strides in bytes, so that it may be transposed; `R` is a constant wherever this is inlined, so each R becomes its own straight code.
 */
@inline
function tile(R: i32, K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
	let s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
	let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
	const end = panel + <usize>K * (PANEL << 2);
	while (panel < end) {
		const b0 = v128.load(panel), b1 = v128.load(panel, 16);
		const x0 = v128.load32_splat(a);
		s00 = fma(x0, b0, s00);
		s01 = fma(x0, b1, s01);
		a += aColumn;
		if (R > 1) {
			const x1 = v128.load32_splat(a1);
			s10 = fma(x1, b0, s10);
			s11 = fma(x1, b1, s11);
			a1 += aColumn;
		}
		if (R > 2) {
			const x2 = v128.load32_splat(a2);
			s20 = fma(x2, b0, s20);
			s21 = fma(x2, b1, s21);
			a2 += aColumn;
		}
		if (R > 3) {
			const x3 = v128.load32_splat(a3);
			s30 = fma(x3, b0, s30);
			s31 = fma(x3, b1, s31);
			a3 += aColumn;
		}
		if (R > 4) {
			const x4 = v128.load32_splat(a4);
			s40 = fma(x4, b0, s40);
			s41 = fma(x4, b1, s41);
			a4 += aColumn;
		}
		if (R > 5) {
			const x5 = v128.load32_splat(a5);
			s50 = fma(x5, b0, s50);
			s51 = fma(x5, b1, s51);
			a5 += aColumn;
		}
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
export function tileWhole(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(ROWS, K, a, aRow, aColumn, panel, c, cRow, add);
}

function tile5(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(5, K, a, aRow, aColumn, panel, c, cRow, add);
}
function tile4(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(4, K, a, aRow, aColumn, panel, c, cRow, add);
}
function tile3(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(3, K, a, aRow, aColumn, panel, c, cRow, add);
}
function tile2(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(2, K, a, aRow, aColumn, panel, c, cRow, add);
}
function tile1(K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	tile(1, K, a, aRow, aColumn, panel, c, cRow, add);
}

/** A tile of 1 to `ROWS` rows. */
export function tileOf(rows: i32, K: i32, a: usize, aRow: usize, aColumn: usize, panel: usize, c: usize, cRow: usize, add: bool): void {
	switch (rows) {
		case 1: return tile1(K, a, aRow, aColumn, panel, c, cRow, add);
		case 2: return tile2(K, a, aRow, aColumn, panel, c, cRow, add);
		case 3: return tile3(K, a, aRow, aColumn, panel, c, cRow, add);
		case 4: return tile4(K, a, aRow, aColumn, panel, c, cRow, add);
		case 5: return tile5(K, a, aRow, aColumn, panel, c, cRow, add);
		default: return tileWhole(K, a, aRow, aColumn, panel, c, cRow, add);
	}
}
