import { readNumbers } from "./points.ts";

/** Rows of numbers, or a tensor [rows, columns]. */
export type Matrix =
	| readonly ArrayLike<number>[]
	| {
			readonly shape: readonly number[];
			readonly data: ArrayLike<number>;
	  };

/** A matrix as rows of its own, checked against the names of its sides. `place` is what an error names. */
export function readMatrix(
	place: string,
	matrix: Matrix,
	rowLabels?: readonly string[],
	columnLabels?: readonly string[],
): number[][] {
	const table =
		"shape" in matrix
			? fromTensor(place, matrix)
			: Array.from(matrix, (row, r) =>
					readNumbers(`${place}: values[${r}]`, row),
				);
	const R = rowLabels?.length ?? table.length;
	const C = columnLabels?.length ?? table[0]?.length ?? 0;
	if (R === 0 || C === 0)
		throw new Error(
			`${place} needs at least one row and one column, got [${R}, ${C}]`,
		);
	const wrong = table.find((row) => row.length !== C);
	if (table.length !== R || wrong)
		throw new Error(
			`${place}: values must be [rows=${R}, columns=${C}], got [${table.length}, ${(wrong ?? table[0])?.length ?? 0}]`,
		);
	return table;
}

function fromTensor(
	place: string,
	{ shape, data }: { shape: readonly number[]; data: ArrayLike<number> },
): number[][] {
	if (shape.length !== 2)
		throw new Error(
			`${place}: values must be [rows, columns], got [${shape.join(", ")}]`,
		);
	const [R, C] = shape;
	const numbers = readNumbers(`${place}: values`, data);
	return Array.from({ length: R }, (_, r) => numbers.slice(r * C, (r + 1) * C));
}

/**
 * At most `finest` rows and columns: of each block of `rows` × `columns` cells the value farthest from 0 (a value that is no number
 * before any other, so that it is not lost).
 */
export function pooled(
	table: readonly (readonly number[])[],
	finest: number,
): { values: number[][]; rows: number; columns: number } {
	const rows = Math.ceil(table.length / finest);
	const columns = Math.ceil(table[0].length / finest);
	const stronger = (a: number, b: number) =>
		!Number.isFinite(a) || Math.abs(a) >= Math.abs(b) ? a : b;
	const values = Array.from(
		{ length: Math.ceil(table.length / rows) },
		(_, r) =>
			Array.from({ length: Math.ceil(table[0].length / columns) }, (_, c) =>
				table
					.slice(r * rows, (r + 1) * rows)
					.flatMap((row) => row.slice(c * columns, (c + 1) * columns))
					.reduce(stronger),
			),
	);
	return { values, rows, columns };
}
