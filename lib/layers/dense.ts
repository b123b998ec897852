import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	aTensor,
	dtype,
	initial,
	optional,
	size,
	source,
} from "../expect/rules.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import { type Layer, layer } from "./layer.ts";

export interface DenseOptions {
	inputs: number;
	outputs: number;
	random: Random;
	dtype?: DType;
	/** How W and b start; default Glorot's uniform and 0. */
	initial?: Initial;
}

const rules: Rules<DenseOptions> = {
	inputs: size,
	outputs: size,
	random: source,
	dtype: optional(dtype),
	initial: optional(initial),
};

/**
 * y = x·W + b for each row of x: x [..., D], W [D, K], b [K], y [..., K].
 * @throws when the last axis of x is not D.
 */
export function dense(
	options: DenseOptions,
): Layer<Tensor, { W: Tensor; b: Tensor }> {
	const { inputs: D, outputs: K } = expectOptions("dense", options, rules);
	const weights = makeWeights("dense", { W: [D, K], b: [K] }, options);
	const { W, b } = weights;
	const made = layer("dense", weights, (x: Tensor) => {
		expectValue("dense", "x", x, aTensor);
		if (x.shape.at(-1) !== D)
			throw new Error(
				`dense: x must be [..., D=${D}], got [${x.shape.join(", ")}]`,
			);
		return { outputs: add(matmul(x, W), b), state: undefined };
	});
	return { ...made, structure: { is: "dense" } };
}
