import { flatten } from "../expect/lists.ts";
import type { Rule } from "../expect/rules.ts";
import {
	allocate,
	result,
	type Shape,
	sizeOf,
	type Tensor,
	traced,
	uninitialised,
} from "../tensor.ts";
import {
	broadcastShape,
	type Operand,
	operands,
	repeating,
	sumTo,
} from "./broadcast.ts";
import { expectTensor } from "./tensors.ts";

/** Whole numbers nested in lists, arrays or typed arrays: token ids, class labels. */
export type Ids = number | ArrayLike<number> | readonly Ids[];

const wholeNumbers: Rule = {
	wanted: "whole numbers",
	// also false for what 32 bits do not hold
	fits: (value) => typeof value === "number" && (value | 0) === value,
};

/** Nested whole numbers as a flat array with their shape; `place` is what an error names: `gather: ids`. */
export function flatIds(
	place: string,
	ids: Ids,
): { ids: Int32Array; shape: Shape } {
	const make = (size: number) => new Int32Array(size);
	const { data, shape } = flatten(place, ids, make, wholeNumbers);
	return { ids: data, shape };
}

/**
 * Rows of a table [V, D] by their numbers: ids [T, B] give [T, B, D]. An embedding is this with a learnt table.
 * @throws when an id is not one of 0 … V − 1.
 */
export function gather(table: Tensor, ids: Ids): Tensor {
	expectTensor("gather", "the table", table);
	if (table.shape.length !== 2)
		throw new Error(`gather: table must be [V, D], got [${table.shape}]`);
	const [V, D] = table.shape;
	const picked = flatIds("gather: ids", ids);
	const out = uninitialised(table.dtype, picked.ids.length * D);
	picked.ids.forEach((id, i) => {
		if (id < 0 || id >= V)
			throw new Error(`gather: id ${id} is not one of 0 … ${V - 1}`);
		out.set(table.data.subarray(id * D, (id + 1) * D), i * D);
	});
	return result("gather", [table], out, [...picked.shape, D], (g) => [
		(dTable) => {
			// Rows that are read often are summed in double: float32 would lose the digits of long sums.
			const sums =
				picked.ids.length > 4 * V ? Float64Array.from(dTable) : dTable;
			picked.ids.forEach((id, i) => {
				for (let j = 0; j < D; j++) sums[id * D + j] += g[i * D + j];
			});
			if (sums !== dTable) dTable.set(sums);
		},
	]);
}

/** a where the mask is not zero, else b; all three broadcast. No gradient flows to the mask. */
export function where(mask: Tensor, a: Operand, b: Operand): Tensor {
	expectTensor("where", "the mask", mask);
	const noted = traced("where", [mask, a, b]);
	if (noted) return noted;
	const [left, right] = operands("where", a, b);
	const inner = broadcastShape("where", left.shape, right.shape);
	const shape = broadcastShape("where", mask.shape, inner);
	const size = sizeOf(shape);
	const [m, x, y] = [mask, left, right].map((t) =>
		repeating(t.data, t.shape, shape),
	);
	const out = uninitialised(left.dtype, size);
	for (let i = 0, o = 0, p = 0, q = 0; i < size; i++) {
		out[i] = m[o] !== 0 ? x[p] : y[q];
		if (++o === m.length) o = 0;
		if (++p === x.length) p = 0;
		if (++q === y.length) q = 0;
	}
	const kept = (g: typeof out, t: Tensor, wanted: boolean) => {
		if (!t.requiresGrad) return undefined;
		const full = allocate(t.dtype, size);
		for (let i = 0, o = 0; i < size; i++) {
			if ((m[o] !== 0) === wanted) full[i] = g[i];
			if (++o === m.length) o = 0;
		}
		return sumTo(full, shape, t.shape);
	};
	return result("where", [left, right], out, shape, (g) => [
		kept(g, left, true),
		kept(g, right, false),
	]);
}
