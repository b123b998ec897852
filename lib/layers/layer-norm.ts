import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	aTensor,
	dtype as dtypeRule,
	optional,
	positive,
	size as sizeRule,
} from "../expect/rules.ts";
import { ones, zeros } from "../make.ts";
import { add, mul } from "../ops/elementwise.ts";
import { normalise } from "../ops/normalise.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Layer, layer } from "./layer.ts";

export interface LayerNormOptions {
	/** How many numbers a row has. */
	size: number;
	dtype?: DType;
	/** ε, above 0: keeps the division finite. Default 1e-5. */
	epsilon?: number;
}

const rules: Rules<LayerNormOptions> = {
	size: sizeRule,
	dtype: optional(dtypeRule),
	epsilon: optional(positive),
};

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv:1607.06450): y = g ⊙ (x − μ) / √(σ² + ε) + b.
 *
 * μ and σ are those of each row of x [..., size] by itself, at every step and in evaluation as in training; g [size] starts at 1, b [size] at 0.
 * Inside a cell it is `layerNormLstm`.
 * @throws when the last axis of x is not `size`.
 */
export function layerNorm(
	options: LayerNormOptions,
): Layer<Tensor, { g: Tensor; b: Tensor }> {
	const {
		size,
		dtype,
		epsilon = 1e-5,
	} = expectOptions("layerNorm", options, rules);
	const g = ones([size], { dtype, requiresGrad: true });
	const b = zeros([size], { dtype, requiresGrad: true });
	const made = layer("layerNorm", { g, b }, (x: Tensor) => {
		expectValue("layerNorm", "x", x, aTensor);
		if (x.shape.at(-1) !== size)
			throw new Error(
				`layerNorm: x must be [..., size=${size}], got [${x.shape.join(", ")}]`,
			);
		return { outputs: add(mul(g, normalise(x, epsilon)), b), state: undefined };
	});
	return { ...made, structure: { is: "layerNorm", epsilon } };
}
