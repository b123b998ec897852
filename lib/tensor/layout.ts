import { type Shape, sizeOf } from "./numbers.ts";

/** The first axis behind those of a batch of B: 1 in [B, n], 2 in [1, B, n]; undefined where no first axes hold B. */
export function afterBatch(shape: Shape, B: number): number | undefined {
	let rows = 1;
	let axis = 0;
	while (rows !== B && axis < shape.length) rows *= shape[axis++];
	return rows === B ? axis : undefined;
}

/**
 * An operand of shape `own` that is broadcast to a result of shape `whole`, seen as rows: B of them, or one for all sequences. Its columns
 * repeat until they fill the result's row. Undefined where it is broadcast in another way.
 */
export function asRows(
	own: Shape,
	whole: Shape,
	B: number,
): { rows: number; columns: number } | undefined {
	const inner = afterBatch(whole, B);
	if (inner === undefined) return undefined;
	const offset = whole.length - own.length;
	const size = (axis: number) => (axis < offset ? 1 : own[axis - offset]);
	let rows = 1;
	for (let axis = 0; axis < inner; axis++) rows *= size(axis);
	if (rows !== 1 && rows !== B) return undefined;
	let axis = inner;
	while (axis < whole.length && size(axis) === 1) axis++;
	let columns = 1;
	for (; axis < whole.length; axis++) {
		if (size(axis) !== whole[axis]) return undefined;
		columns *= size(axis);
	}
	return { rows, columns };
}

/** The shape without its axes of size 1. */
export const withoutOnes = (shape: Shape): Shape =>
	shape.filter((n) => n !== 1);

/** How many columns a row of a batch has. */
export const columnsOf = (shape: Shape, B: number): number => sizeOf(shape) / B;
