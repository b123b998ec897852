import { loadOne, storeOne } from "./simd";

/**
 * An instruction. An operand is an address, how many bytes further it lies at the next step, and at the next row: 0 where all steps or
 * rows read the same. A step that is odd, one more than the bytes, counts from the first step of a block of steps: such an operand has room
 * for one block. The host (program/code.ts) writes these 32-bit fields in this order.
 */
@unmanaged
export class Code {
	op: i32;
	/** Columns. */
	width: i32;
	/** Whether the result is added to what is there. Where `outRow` is 0 the rows are summed so. */
	add: i32;
	/** Which operands are one number a row: 1 for a, 2 for b, 4 for c. Of a product, and of what reads rows side by side, the K of its a, or of a row. Of `NormaliseBack` the address of a row that the gradient is multiplied by first, or 0. */
	splat: i32;
	out: usize;
	outStep: i32;
	outRow: usize;
	a: usize;
	aStep: i32;
	aRow: usize;
	b: usize;
	bStep: i32;
	bRow: usize;
	c: usize;
	cStep: i32;
	cRow: usize;
}

/** The first step of the block of steps, and the first of the rows that instructions work on now. */
let firstStep: i32 = 0;
export let firstRow: usize = 0;

export function setFirstStep(t: i32): void {
	firstStep = t;
}

export function setFirstRow(row: i32): void {
	firstRow = <usize>row;
}

/** Where an operand lies at step t. */
@inline
export function at(address: usize, step: i32, row: usize, t: i32): usize {
	return address + (t - (step & 1) * firstStep) * (step & ~1) + firstRow * row;
}

@inline
export function put(add: bool, out: usize, v: v128): void {
	v128.store(out, add ? f32x4.add(v128.load(out), v) : v);
}

@inline
export function putOne(add: bool, out: usize, v: v128): void {
	storeOne(out, add ? f32x4.add(loadOne(out), v) : v);
}

/** Four vectors. */
@inline
export function putFour(add: bool, out: usize, v: v128, w: v128, x: v128, y: v128): void {
	v128.store(out, add ? f32x4.add(v128.load(out), v) : v);
	v128.store(out, add ? f32x4.add(v128.load(out, 16), w) : w, 16);
	v128.store(out, add ? f32x4.add(v128.load(out, 32), x) : x, 32);
	v128.store(out, add ? f32x4.add(v128.load(out, 48), y) : y, 48);
}
