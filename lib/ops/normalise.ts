import type { Shape, Tensor } from "../tensor.ts";
import { reshape } from "./arrange.ts";
import { add, div, sqrt, square, sub } from "./elementwise.ts";
import { mean } from "./reduce.ts";

/** (x − μ) / √(σ² + ε) over the last axis: mean 0 and variance 1 there. */
export function normalise(x: Tensor, epsilon = 1e-5): Tensor {
	const rows: Shape = [...x.shape.slice(0, -1), 1];
	const centred = sub(x, reshape(mean(x, -1), rows));
	const variance = reshape(mean(square(centred), -1), rows);
	return div(centred, sqrt(add(variance, epsilon)));
}
