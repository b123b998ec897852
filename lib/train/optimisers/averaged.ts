import { expectOptions, expectValue, type Rules } from "../../expect/expect.ts";
import { optional, whole as wholeRule } from "../../expect/rules.ts";
import { Tensor } from "../../tensor.ts";
import { namedWeights, type WeightSet } from "../weights.ts";
import { anOptimiser, type Optimiser } from "./optimiser.ts";

/** An optimiser that also keeps the mean of the weights it has written. */
export interface AveragedOptimiser extends Optimiser {
	/**
	 * The mean of each weight over the steps since `after`, by name, for `restoreWeights`; where no such step was taken, the weight as it is.
	 */
	average(weights: WeightSet): Record<string, Tensor>;
}

const rules: Rules<{ after?: number }> = { after: optional(wholeRule()) };

/**
 * Averages the weights over the steps of another optimiser (Polyak and Juditsky 1992): the mean lies nearer to the minimum than the last step does, where
 * gradients are noisy. `averaged(sgd({ rate }))` is averaged SGD, as AWD-LSTM ends its training (Merity et al. 2018, arXiv:1708.02182).
 *
 * ```ts
 * const optimiser = averaged(sgd({ rate: 1 }), { after: 1000 });
 * …
 * restoreWeights(model, optimiser.average(model));
 * ```
 *
 * @throws when it is given no optimiser.
 */
export function averaged(
	inner: Optimiser,
	options: {
		/** How many steps to take before the first that counts; default 0. */
		after?: number;
	} = {},
): AveragedOptimiser {
	expectValue("averaged", "the optimiser", inner, anOptimiser);
	const { after = 0 } = expectOptions("averaged", options, rules);
	const means = new WeakMap<Tensor, { mean: Float64Array; count: number }>();
	let steps = 0;
	return {
		get rate() {
			return inner.rate;
		},
		step(weights) {
			inner.step(weights);
			if (++steps <= after) return;
			for (const w of namedWeights("averaged", weights).values()) {
				const kept = means.get(w) ?? {
					mean: new Float64Array(w.size),
					count: 0,
				};
				kept.count++;
				for (let i = 0; i < w.size; i++)
					kept.mean[i] += (w.data[i] - kept.mean[i]) / kept.count;
				means.set(w, kept);
			}
		},
		average(weights) {
			return Object.fromEntries(
				Array.from(namedWeights("average", weights), ([name, w]) => {
					const data = w.data.slice();
					const kept = means.get(w);
					if (kept) data.set(kept.mean);
					return [name, new Tensor(data, w.shape)];
				}),
			);
		},
	};
}
