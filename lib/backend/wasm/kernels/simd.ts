import { PANEL } from "../constants";

// Four float32 numbers at a time. Addresses are bytes, sizes are numbers; a row of n numbers is n << 2 bytes long.

/** n rounded up to whole panels: the width of every row inside a fused run. */
@inline
export function padded(n: i32): i32 {
	return (n + PANEL - 1) & ~(PANEL - 1);
}

/** How many bytes n numbers take. */
@inline
export function bytes(n: i32): usize {
	return <usize>n << 2;
}

/** a · b + c: one instruction and one rounding with relaxed SIMD, two without. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
	if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
	return f32x4.add(c, f32x4.mul(a, b));
}

/** One number in the first lane, zeros in the others, so that the end of a row runs through the same functions as its vectors. */
@inline
export function loadOne(at: usize): v128 {
	return v128.load32_zero(at);
}

@inline
export function storeOne(at: usize, v: v128): void {
	v128.store32_lane(at, v, 0);
}

/** The sum of the four lanes. */
@inline
export function total(v: v128): f32 {
	return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
