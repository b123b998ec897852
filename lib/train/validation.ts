import { expectOptions, type Rules } from "../expect/expect.ts";
import { callable, optional, size } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { noGrad, Tensor } from "../tensor.ts";
import { copyWeights, restoreWeights, type WeightSet } from "./weights.ts";

/** When to look how good the network is on data that it does not learn from, and when to stop. */
export interface Validation {
	/** The loss on the validation part; lower is better. It is run without gradients, and a network in it without dropout unless told. */
	loss: () => number | Tensor;
	/** After how many steps it is taken each time. */
	every: number;
	/**
	 * Stops when this many validations in a row have not beaten the best, and leaves the weights of the best. Default: all steps are taken, and the
	 * last weights stay.
	 */
	patience?: number;
}

const rules: Rules<Validation> = {
	loss: callable,
	every: size,
	patience: optional(size),
};

/** What a validation found. */
export interface Validated {
	validation: number;
	/** Whether it was the best so far. */
	best: boolean;
	/** Whether enough were not. */
	stop: boolean;
}

/** Validates after the steps whose turn it is, and keeps the best weights. */
export function validating(given: Validation | undefined, weights: WeightSet) {
	if (given === undefined)
		return { after: (_step: number) => undefined, finish: () => {} };
	const { loss, every, patience } = expectOptions(
		"fit: validation",
		given,
		rules,
	);
	let best = Infinity;
	let waited = 0;
	let kept: Record<string, Tensor> | undefined;
	return {
		after(step: number): Validated | undefined {
			if (step % every !== 0) return undefined;
			const found = noGrad(loss);
			const validation = found instanceof Tensor ? found.item() : found;
			if (typeof validation !== "number")
				throw new Error(
					`fit: the validation loss must be a number or a Tensor with one number, got ${described(found)} after step ${step}`,
				);
			const better = validation < best;
			if (better) {
				[best, waited] = [validation, 0];
				if (patience !== undefined) kept = copyWeights(weights);
			} else waited++;
			const stop = patience !== undefined && waited >= patience;
			return { validation, best: better, stop };
		},
		finish() {
			if (kept) restoreWeights(weights, kept);
		},
	};
}
