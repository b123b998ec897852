import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aLayer, anything, flag, optional, source } from "../expect/rules.ts";
import type { Layer, LayerState } from "../layers/layer.ts";
import { concat, slice } from "../ops/arrange.ts";
import { flatIds, type Ids } from "../ops/select.ts";
import type { Random } from "../random.ts";
import type { Tensor } from "../tensor.ts";
import { likeliest } from "./sample.ts";

export interface ScheduledSamplingOptions {
	/** How likely a step reads what the network itself has just said, instead of what it should have said: 0 is teacher forcing. */
	own: number;
	random: Random;
	/** The state to begin in; default the decoder's own. */
	state?: LayerState;
	/** Whether dropout and its like are on. Default: off. */
	training?: boolean;
}

const share = {
	wanted: "a number in [0, 1]",
	fits: (value: unknown) =>
		typeof value === "number" && value >= 0 && value <= 1,
};
const rules: Rules<ScheduledSamplingOptions> = {
	own: share,
	random: source,
	state: anything,
	training: optional(flag),
};

/**
 * Runs a decoder so that it meets its own mistakes in training (Bengio et al. 2015, Scheduled Sampling, arXiv:1506.03099): at each step after the first
 * each sequence reads, with probability `own`, the likeliest token of the step before instead of the target's.
 *
 * ```ts
 * const logits = scheduledSampling(model.encode(source), tokens, { own: step / steps, random });
 * const loss = softmaxCrossEntropy(logits, targets);
 * ```
 *
 * `own` grows over training, from 0. No gradient flows through the choice of a token.
 * @param decoder reads ids [T, B] and puts out logits [T, B, K]: a language model, or what `encode` of an encoder–decoder gives
 * @param tokens [T, B]: what it reads with teacher forcing, the start token first
 * @returns logits [T, B, K]
 * @throws when tokens are not [T, B] with a step, or an option is out of its range.
 */
export function scheduledSampling(
	decoder: Layer<Ids>,
	tokens: Ids,
	options: ScheduledSamplingOptions,
): Tensor {
	const place = "scheduledSampling";
	const { own, random, state, training } = expectOptions(place, options, rules);
	expectValue(place, "the decoder", decoder, aLayer);
	const { ids, shape } = flatIds(`${place}: tokens`, tokens);
	const [T, B] = shape;
	if (shape.length !== 2 || T === 0)
		throw new Error(
			`${place}: tokens must be [T, B] with at least one step, got [${shape.join(", ")}]`,
		);
	const outputs: Tensor[] = [];
	let kept = state;
	for (let t = 0; t < T; t++) {
		const before = outputs.at(-1);
		const row = Array.from(ids.subarray(t * B, (t + 1) * B), (id, b) =>
			before && random.uniform() < own
				? likeliest(slice(before, 1, b, b + 1).detach())
				: id,
		);
		const run = decoder.run([row], {
			state: kept,
			...(training === undefined ? {} : { training, random }),
		});
		outputs.push(run.outputs);
		kept = run.state;
	}
	return concat(outputs);
}
