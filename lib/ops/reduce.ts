import { allocate, result, type Tensor } from "../tensor.ts";
import { around, axisOf } from "./axis.ts";
import { expectTensor } from "./tensors.ts";

/**
 * Sum over one axis, which goes away, or over all numbers to a scalar [].
 * Summed in double with compensation (Neumaier 1974), so that a million float32 lose no digits.
 * @throws when there is no such axis.
 */
export function sum(x: Tensor, axis?: number): Tensor {
	return reduce("sum", x, axis);
}

/**
 * Mean over one axis, which goes away, or over all numbers to a scalar []. It is summed as `sum` is, and rounded once.
 * @throws when there is no such axis.
 */
export function mean(x: Tensor, axis?: number): Tensor {
	return reduce("mean", x, axis);
}

function reduce(
	name: "sum" | "mean",
	x: Tensor,
	axis: number | undefined,
): Tensor {
	expectTensor(name, "x", x);
	const at = axis === undefined ? undefined : axisOf(name, x.shape, axis);
	const { outer, length, inner } =
		at === undefined
			? { outer: 1, length: x.size, inner: 1 }
			: around(x.shape, at);
	const shape = at === undefined ? [] : x.shape.toSpliced(at, 1);
	const out = allocate(x.dtype, outer * inner);
	const share = name === "mean" ? length : 1;
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
			const all = Number.isFinite(total) ? total + lost : total;
			out[o * inner + j] = all / share;
		}
	return result(name, [x], out, shape, (g) => {
		const dx = allocate(x.dtype, x.size);
		for (let o = 0; o < outer; o++)
			for (let i = 0; i < length; i++)
				for (let j = 0; j < inner; j++)
					dx[(o * length + i) * inner + j] = g[o * inner + j] / share;
		return [dx];
	});
}
