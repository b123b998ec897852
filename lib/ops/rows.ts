import {
	allocate,
	allocateLike,
	type DType,
	result,
	type Tensor,
} from "../tensor.ts";

/** One row of one of several tables. */
export interface Place {
	table: number;
	row: number;
}

/**
 * Rows out of several tables [.., D]: a row of zeros where there is no place. A row picked more than once sums its gradients.
 * Unlike `gather` it needs no table of all rows, so the tables may grow one after the other.
 */
export function pickRows(
	tables: readonly Tensor[],
	places: readonly (Place | null)[],
	columns: number,
	dtype: DType,
): Tensor {
	// Only the tables in use are inputs: the others need no gradient.
	const used = [...new Set(places.flatMap((place) => place?.table ?? []))];
	const inputs = used.map((table) => tables[table]);
	const slots = new Map(used.map((table, slot) => [table, slot]));
	const out = allocate(dtype, places.length * columns);
	/** Calls `visit` for each place there is, with its table among the inputs, where its row starts there, and where in `out`. */
	const each = (visit: (slot: number, from: number, to: number) => void) =>
		places.forEach((place, i) => {
			if (!place) return;
			const slot = slots.get(place.table) as number;
			visit(slot, place.row * columns, i * columns);
		});
	each((slot, from, to) => {
		out.set(inputs[slot].data.subarray(from, from + columns), to);
	});
	return result("pickRows", inputs, out, [places.length, columns], (g) => {
		const back = inputs.map(({ data, size }) => allocateLike(data, size));
		each((slot, from, to) => {
			for (let j = 0; j < columns; j++) back[slot][from + j] += g[to + j];
		});
		return back;
	});
}

/** Sums of rows by group: row e of x [E, D] is added to row `into[e]` of the result [count, D]; a group without rows is zeros. */
export function sumRows(
	x: Tensor,
	into: readonly number[],
	count: number,
): Tensor {
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
