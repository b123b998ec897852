import {
	allocate,
	result,
	room,
	type Shape,
	sizeOf,
	type Tensor,
} from "../tensor.ts";
import {
	broadcastShape,
	type Operand,
	operands,
	repeating,
	sumTo,
} from "./broadcast.ts";

/** Whole numbers nested in arrays: token ids, class labels. */
export type Ids = number | readonly Ids[];

/** Nested whole numbers as a flat array with their shape. */
export function flatIds(
	name: string,
	ids: Ids,
): { ids: Int32Array; shape: Shape } {
	const shape: number[] = [];
	for (let part = ids; typeof part !== "number"; part = part[0]) {
		shape.push(part.length);
		if (part.length === 0) break;
	}
	const flat = new Int32Array(sizeOf(shape));
	let next = 0;
	const fill = (part: Ids, axis: number): void => {
		if (
			typeof part === "number" &&
			axis === shape.length &&
			Number.isInteger(part)
		)
			flat[next++] = part;
		else if (typeof part !== "number" && part.length === shape[axis])
			for (const inner of part) fill(inner, axis + 1);
		else
			throw new Error(
				`${name}: wanted whole numbers in nested arrays of one length, the first ones have [${shape.join(", ")}]`,
			);
	};
	fill(ids, 0);
	return { ids: flat, shape };
}

/**
 * Rows of a table [V, D] by their numbers: ids [T, B] give [T, B, D]. An embedding is this with a learnt table.
 * @throws when an id is not one of 0 … V − 1.
 */
export function gather(table: Tensor, ids: Ids): Tensor {
	if (table.shape.length !== 2)
		throw new Error(`gather: table must be [V, D], got [${table.shape}]`);
	const [V, D] = table.shape;
	const picked = flatIds("gather", ids);
	const out = room(table.dtype, picked.ids.length * D);
	picked.ids.forEach((id, i) => {
		if (id < 0 || id >= V)
			throw new Error(`gather: id ${id} is not one of 0 … ${V - 1}`);
		out.set(table.data.subarray(id * D, (id + 1) * D), i * D);
	});
	return result("gather", [table], out, [...picked.shape, D], (g) => [
		(dTable) =>
			picked.ids.forEach((id, i) => {
				for (let j = 0; j < D; j++) dTable[id * D + j] += g[i * D + j];
			}),
	]);
}

/** a where the mask is not zero, else b; all three broadcast. No gradient flows to the mask. */
export function where(mask: Tensor, a: Operand, b: Operand): Tensor {
	const [left, right] = operands("where", a, b);
	const inner = broadcastShape("where", left.shape, right.shape);
	const shape = broadcastShape("where", mask.shape, inner);
	const size = sizeOf(shape);
	const [m, x, y] = [mask, left, right].map((t) =>
		repeating(t.data, t.shape, shape),
	);
	const out = room(left.dtype, size);
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
