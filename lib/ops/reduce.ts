import { allocate, result, type Tensor } from "../tensor.ts";
import { around, axisOf } from "./axis.ts";
import { div } from "./elementwise.ts";
import { expectTensor } from "./tensors.ts";

/**
 * Sum over one axis, which goes away, or over all numbers to a scalar [].
 * Summed in double with compensation (Neumaier 1974), so that a million float32 lose no digits.
 */
export function sum(x: Tensor, axis?: number): Tensor {
	expectTensor("sum", "x", x);
	const at = axis === undefined ? undefined : axisOf("sum", x.shape, axis);
	const { outer, length, inner } =
		at === undefined
			? { outer: 1, length: x.size, inner: 1 }
			: around(x.shape, at);
	const shape = at === undefined ? [] : x.shape.toSpliced(at, 1);
	const out = allocate(x.dtype, outer * inner);
	for (let o = 0; o < outer; o++)
		for (let j = 0; j < inner; j++) {
			let total = 0;
			let lost = 0;
			for (let i = 0; i < length; i++) {
				const next = x.data[(o * length + i) * inner + j];
				const grown = total + next;
				lost +=
					Math.abs(total) >= Math.abs(next)
						? total - grown + next
						: next - grown + total;
				total = grown;
			}
			// An infinite sum has no lost digits: ∞ − ∞ would make it NaN.
			out[o * inner + j] = Number.isFinite(total) ? total + lost : total;
		}
	return result("sum", [x], out, shape, (g) => {
		const dx = allocate(x.dtype, x.size);
		for (let o = 0; o < outer; o++)
			for (let i = 0; i < length; i++)
				for (let j = 0; j < inner; j++)
					dx[(o * length + i) * inner + j] = g[o * inner + j];
		return [dx];
	});
}

/** Mean over one axis, which goes away, or over all numbers to a scalar []. */
export function mean(x: Tensor, axis?: number): Tensor {
	expectTensor("mean", "x", x);
	const count =
		axis === undefined ? x.size : x.shape[axisOf("mean", x.shape, axis)];
	return div(sum(x, axis), count);
}
