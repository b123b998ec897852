import { type Nested, type Tensor, tensor, type Weights } from "unrolled";

/** A tensor in float64. */
export const f64 = (values: Nested): Tensor =>
	tensor(values, { dtype: "float64" });

export const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

/** Writes the numbers given into the weights of a cell; all of them must be named. */
export function set(
	weights: Weights,
	numbers: Readonly<Record<string, number | number[]>>,
): void {
	const missing = Object.keys(weights).filter((name) => !(name in numbers));
	if (missing.length > 0) throw new Error(`set: ${missing} left out`);
	for (const [name, values] of Object.entries(numbers))
		weights[name].data.set([values].flat());
}
