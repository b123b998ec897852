import { expectSizes } from "../cells/cell.ts";
import { ones, zeros } from "../make.ts";
import { add, mul } from "../ops/elementwise.ts";
import { normalise } from "../ops/normalise.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Layer, layer } from "./layer.ts";

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, arXiv:1607.06450): y = g ⊙ (x − μ) / √(σ² + ε) + b.
 *
 * μ and σ are those of each row of x [..., size] by itself, at every step and in evaluation as in training; g [size] starts at 1, b [size] at 0.
 * Inside a cell it is `layerNormLstm`.
 * @throws when the last axis of x is not `size`.
 */
export function layerNorm({
	size,
	dtype,
	epsilon = 1e-5,
}: {
	size: number;
	dtype?: DType;
	epsilon?: number;
}): Layer<Tensor, { g: Tensor; b: Tensor }> {
	expectSizes("layerNorm", { size });
	const g = ones([size], { dtype, requiresGrad: true });
	const b = zeros([size], { dtype, requiresGrad: true });
	return layer("layerNorm", { g, b }, (x) => {
		if (x.shape.at(-1) !== size)
			throw new Error(
				`layerNorm: x must be [..., size=${size}], got [${x.shape.join(", ")}]`,
			);
		return { outputs: add(mul(g, normalise(x, epsilon)), b), state: undefined };
	});
}
