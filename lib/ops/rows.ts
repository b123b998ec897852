import type { Numbers } from "../backend/backend.ts";
import { allocate, type DType, result, type Tensor } from "../tensor.ts";

/** One row of one of several tables. */
export interface Place {
	table: number;
	row: number;
}

/**
 * Rows out of several tables [.., D]: a row of zeros where there is no place. A row picked more than once sums its gradients.
 * Unlike `gather` it needs no table of all rows, so the tables may grow one after the other; `table` gives one by its number.
 */
export function pickRows(
	table: (number: number) => Tensor,
	places: readonly (Place | null)[],
	columns: number,
	dtype: DType,
): Tensor {
	// Only the tables in use are inputs: the others need no gradient.
	const inputs = new Map<number, Tensor>();
	/** Of each table where its rows start, there and in `out`. */
	const rows = new Map<number, { from: number; to: number }[]>();
	const out = allocate(dtype, places.length * columns);
	places.forEach((place, i) => {
		if (!place) return;
		const { table: number, row } = place;
		const t = inputs.get(number) ?? table(number);
		const moved = { from: row * columns, to: i * columns };
		out.set(t.data.subarray(moved.from, moved.from + columns), moved.to);
		const others = rows.get(number);
		if (others) others.push(moved);
		else {
			inputs.set(number, t);
			rows.set(number, [moved]);
		}
	});
	return result(
		"pickRows",
		[...inputs.values()],
		out,
		[places.length, columns],
		(g) =>
			Array.from(rows.values(), (moved) => (sum: Numbers) => {
				for (const { from, to } of moved)
					for (let j = 0; j < columns; j++) sum[from + j] += g[to + j];
			}),
	);
}

/** Sums of rows by group: row e of x [E, D] is added to row `groups[e]` of the result [count, D]; a group without rows is zeros. */
export function sumRows(
	x: Tensor,
	groups: readonly number[],
	count: number,
): Tensor {
	const into = groups.slice(); // the way back reads them again
	const D = x.shape[1];
	const out = allocate(x.dtype, count * D);
	into.forEach((row, e) => {
		for (let j = 0; j < D; j++) out[row * D + j] += x.data[e * D + j];
	});
	return result("sumRows", [x], out, [count, D], (g) => {
		const dx = allocate(x.dtype, x.size);
		into.forEach((row, e) => {
			dx.set(g.subarray(row * D, (row + 1) * D), e * D);
		});
		return [dx];
	});
}
