import { expectValue } from "../expect/expect.ts";
import { callable } from "../expect/rules.ts";
import type { Tensor } from "../tensor.ts";
import { type Layer, layer, type Weights, weightsRule } from "./layer.ts";

/**
 * A function with weights of its own, as a layer for `chain` and wherever a layer may stand:
 *
 * ```ts
 * const s = weight([8], constant(1), random);
 * chain(unroll(cell), withWeights({ s }, (x, { s }) => mul(x, s)), dense(…))
 * ```
 *
 * The chain has them by the function's place, here `1.s`. A function that only uses a weight from outside would hide it from training.
 */
export function withWeights<W extends Weights>(
	weights: W,
	f: (x: Tensor, weights: W) => Tensor,
): Layer<Tensor, W> {
	expectValue("withWeights", "the weights", weights, weightsRule);
	expectValue("withWeights", "the function", f, callable);
	const own = { ...weights };
	return layer(f.name || "withWeights", own, (x) => ({
		outputs: f(x, own),
		state: undefined,
	}));
}
