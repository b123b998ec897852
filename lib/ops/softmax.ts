import { backendOf } from "../backend/current.ts";
import { described } from "../expect/words.ts";
import { result, type Tensor, traced, uninitialised } from "../tensor.ts";
import { expectTensor } from "./tensors.ts";

/** eˣ / Σ eˣ over the last axis: positive numbers that sum to 1. */
export function softmax(x: Tensor, ...axis: []): Tensor {
	expectLast("softmax", axis);
	const { rows, columns } = lastAxis("softmax", x);
	const noted = traced("softmax", [x]);
	if (noted) return noted;
	const y = uninitialised(x.dtype, x.size);
	backendOf(y).softmax(rows, columns, x.data, y);
	return result("softmax", [x], y, x.shape, (g) => {
		// dx = y ⊙ (g − Σ g⊙y)
		const dx = uninitialised(x.dtype, x.size);
		for (let from = 0; from < y.length; from += columns) {
			let dot = 0;
			for (let j = from; j < from + columns; j++) dot += g[j] * y[j];
			for (let j = from; j < from + columns; j++) dx[j] = y[j] * (g[j] - dot);
		}
		return [dx];
	});
}

/** log softmax over the last axis, without the overflow of taking the two apart. */
export function logSoftmax(x: Tensor, ...axis: []): Tensor {
	expectLast("logSoftmax", axis);
	const { rows, columns } = lastAxis("logSoftmax", x);
	const y = uninitialised(x.dtype, x.size);
	backendOf(y).logSoftmax(rows, columns, x.data, y);
	return result("logSoftmax", [x], y, x.shape, (g) => {
		// dx = g − softmax ⊙ Σ g
		const dx = uninitialised(x.dtype, x.size);
		for (let from = 0; from < y.length; from += columns) {
			let total = 0;
			for (let j = from; j < from + columns; j++) total += g[j];
			for (let j = from; j < from + columns; j++)
				dx[j] = g[j] - Math.exp(y[j]) * total;
		}
		return [dx];
	});
}

/** @throws when an axis is given: elsewhere that is the second argument. (`map` gives two more, an index and a list.) */
function expectLast(name: string, axis: readonly unknown[]): void {
	if (axis.length === 1 && axis[0] !== undefined)
		throw new Error(
			`${name}: takes a tensor alone and works over its last axis, got ${described(axis[0])} as well; transpose brings another axis to the end`,
		);
}

/** A tensor as rows along its last axis. */
export function lastAxis(
	name: string,
	x: Tensor,
): { rows: number; columns: number } {
	expectTensor(name, "x", x);
	if (x.shape.length === 0)
		throw new Error(`${name}: wanted at least one axis, got a scalar []`);
	const columns = x.shape[x.shape.length - 1];
	return { rows: columns === 0 ? 0 : x.size / columns, columns };
}
