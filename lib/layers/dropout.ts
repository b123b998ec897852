import { expectValue } from "../expect/expect.ts";
import { aTensor, rate as rateRule } from "../expect/rules.ts";
import { dropoutMask, maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { chain } from "./chain.ts";
import { type Layer, layer } from "./layer.ts";

/**
 * Dropout (Srivastava et al. 2014): each number of x is 0 with probability `rate`, the others are divided by 1 − rate.
 *
 * Masked: x [T, B, D], each number by itself. A mask lives for one step of one run. Evaluation does nothing.
 * @throws when the rate is not from 0 up to 1, or when training without `random`.
 */
export function dropout(rate: number): Layer {
	return masked("dropout", rate, (shape) => shape);
}

/**
 * Dropout with one mask a sequence, the same at all its steps (the masks of Gal and Ghahramani 2016, arXiv:1512.05287; the code of Merity et al. 2018 calls it locked).
 *
 * Masked: x [T, B, D] by a mask [B, D]. A mask lives for one run. Evaluation does nothing.
 * @throws when the rate is not from 0 up to 1, or when training without `random`.
 */
export function lockedDropout(rate: number): Layer {
	return masked("lockedDropout", rate, (shape) => shape.slice(1));
}

function masked(
	name: string,
	rate: number,
	maskShape: (shape: readonly number[]) => readonly number[],
): Layer {
	expectValue(name, "the rate", rate, rateRule);
	const made = layer(name, {}, (x: Tensor, options = {}) => {
		expectValue(name, "x", x, aTensor);
		const random = maskSource(name, options);
		if (!random || rate === 0) return { outputs: x, state: undefined };
		const mask = dropoutMask(maskShape(x.shape), rate, random, x.dtype);
		return { outputs: mul(x, mask), state: undefined };
	});
	return { ...made, structure: { is: "training" } };
}

/**
 * Layers with dropout on the way up only, never from step to step (Pham et al. 2014, arXiv:1312.4569): before each layer and after the last,
 * where Zaremba, Sutskever and Vinyals 2014, arXiv:1409.2329, place it.
 *
 * Masked: what goes into each layer and what leaves the top, by `dropout`. A mask lives for one step. Evaluation does nothing.
 * Weights are those of the chain dropout, layer, dropout, …: the first layer's have `1.` before them, the second's `3.`.
 * @throws when the rate is not from 0 up to 1, or when training without `random`.
 */
export function pham(rate: number, ...layers: Layer[]): Layer {
	return chain(
		dropout(rate),
		...layers.flatMap((inner) => [inner, dropout(rate)]),
	);
}
