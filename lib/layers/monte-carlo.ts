import { expectSizes } from "../cells/cell.ts";
import { add, div } from "../ops/elementwise.ts";
import { softmax } from "../ops/softmax.ts";
import type { Random } from "../random.ts";
import { noGrad, type Tensor } from "../tensor.ts";
import type { Layer, RunOptions } from "./layer.ts";

export interface MonteCarloOptions
	extends Omit<RunOptions, "training" | "inspect"> {
	/** How many networks to draw. */
	samples: number;
	random: Random;
	/** What of the outputs is averaged; default softmax, their probabilities. */
	read?: (outputs: Tensor) => Tensor;
}

/**
 * What a network with dropout predicts on average (Gal and Ghahramani 2016, arXiv:1512.05287): the mean over `samples` runs, each with masks
 * of its own as in training, of what `read` takes from the outputs. No gradient is kept.
 * @throws when there is not at least one sample.
 */
export function monteCarlo<In>(
	model: Layer<In>,
	x: In,
	{ samples, read = softmax, ...options }: MonteCarloOptions,
): Tensor {
	expectSizes("monteCarlo", { samples });
	const drawn = () => read(model.apply(x, { ...options, training: true }));
	return noGrad(() => {
		let total = drawn();
		for (let i = 1; i < samples; i++) total = add(total, drawn());
		return div(total, samples);
	});
}
