import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aLayer, callable, optional, size, source } from "../expect/rules.ts";
import { tensor } from "../make.ts";
import { softmax } from "../ops/softmax.ts";
import type { Random } from "../random.ts";
import { noGrad, type Tensor } from "../tensor.ts";
import { type Layer, type RunOptions, runRules } from "./layer.ts";

export interface MonteCarloOptions
	extends Omit<RunOptions, "training" | "inspect"> {
	/** How many networks to draw. */
	samples: number;
	random: Random;
	/** What of the outputs is averaged; default softmax, their probabilities. */
	read?: (outputs: Tensor) => Tensor;
}

const { training: _, inspect: __, ...shared } = runRules;
const rules: Rules<MonteCarloOptions> = {
	...shared,
	samples: size,
	random: source,
	read: optional(callable),
};

/**
 * What a network with dropout predicts on average (Gal and Ghahramani 2016, arXiv:1512.05287): the mean over `samples` runs, each with masks
 * of its own as in training, of what `read` takes from the outputs. No gradient is kept.
 * @throws when there is not at least one sample.
 */
export function monteCarlo<In>(
	model: Layer<In>,
	x: In,
	options: MonteCarloOptions,
): Tensor {
	expectValue("monteCarlo", "the model", model, aLayer);
	const {
		samples,
		read = softmax,
		...how
	} = expectOptions("monteCarlo", options, rules);
	const drawn = () => read(model.apply(x, { ...how, training: true }));
	return noGrad(() => {
		const { shape, dtype, data } = drawn();
		const sums = Float64Array.from(data);
		for (let i = 1; i < samples; i++)
			drawn().data.forEach((value, at) => {
				sums[at] += value;
			});
		return tensor(
			sums.map((sum) => sum / samples),
			{ shape, dtype },
		);
	});
}
