import { expectValue } from "../expect/expect.ts";
import { aLayer, rate as rateRule } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import { flatIds, type Ids } from "../ops/select.ts";
import type { Tensor } from "../tensor.ts";
import { type Layer, layer, type Weights } from "./layer.ts";

/**
 * An embedding of which whole words drop out (Gal and Ghahramani 2016, arXiv:1512.05287, section 4.2): a word that is gone is gone wherever it occurs.
 *
 * Masked: the vectors of ids [T, B], all of one word in one sequence alike; those that stay are divided by 1 − rate. A mask lives for
 * one run, each sequence has its own. Evaluation does nothing.
 * @throws when the rate is not from 0 up to 1, or when training without `random`.
 */
export function wordDropout<W extends Weights>(
	embedding: Layer<Ids, W>,
	rate: number,
): Layer<Ids, W> {
	expectValue("wordDropout", "the embedding", embedding, aLayer);
	expectValue("wordDropout", "the rate", rate, rateRule);
	const { weights } = embedding;
	const made = layer("wordDropout", weights, (ids: Ids, options = {}) => {
		const run = embedding.run(ids, options);
		const random = maskSource("wordDropout", options);
		if (!random || rate === 0) return run;
		const { ids: words, shape } = flatIds("wordDropout: ids", ids);
		const B = shape[1] ?? 1;
		const kept = new Map<number, number>();
		const mask: Tensor = zeros([...shape, 1], { dtype: run.outputs.dtype });
		words.forEach((word, i) => {
			const key = word * B + (i % B);
			if (!kept.has(key))
				kept.set(key, random.uniform() < rate ? 0 : 1 / (1 - rate));
			mask.data[i] = kept.get(key) as number;
		});
		return { ...run, outputs: mul(run.outputs, mask) };
	});
	return { ...made, structure: { is: "training", inner: embedding } };
}
