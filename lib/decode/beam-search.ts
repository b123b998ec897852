import { expectOptions, type Rules } from "../expect/expect.ts";
import { notNegative, optional, size } from "../expect/rules.ts";
import type { Layer } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { numbers } from "./sample.ts";
import {
	type Reading,
	readStart,
	readToken,
	type TokenOptions,
	tokenRules,
} from "./tokens.ts";

export interface BeamOptions extends TokenOptions {
	/** How many unfinished texts to follow at a time. 1, with `alpha` 0, is greedy. */
	width: number;
	/** α of the length normalisation: 0 (the default) prefers short texts, 1 compares the mean of the log probabilities. */
	alpha?: number;
}

const rules: Rules<BeamOptions> = {
	...tokenRules,
	limit: size,
	width: size,
	alpha: optional(notNegative),
};

/** A text that beam search has found. */
export interface Hypothesis {
	/** Without `start` and `end`. */
	tokens: number[];
	/** Σ log p of its tokens, `end` included, in nats. */
	logProbability: number;
	/** logProbability / lengthᵅ, where the length counts `end`. */
	score: number;
	/** Whether it came to its end, rather than to the limit. */
	ended: boolean;
}

/** A text under way. */
interface Beam extends Reading {
	tokens: number[];
	logProbability: number;
}

/**
 * Searches for the texts with the highest score, log p / lengthᵅ, by following the `width` likeliest beginnings at a time
 * (length normalisation: Wu et al. 2016, arXiv:1609.08144, section 7, who went on to (5 + length)ᵅ / 6ᵅ). It stops when nothing that is still under way
 * can beat the `width` best texts found, or at the limit.
 * @returns up to `width` hypotheses, the best first.
 * @throws when there is no start or no limit, an option is out of its range, or the network puts out NaN.
 */
export function beamSearch(
	model: Layer<Ids>,
	options: BeamOptions,
): Hypothesis[] {
	const {
		width,
		limit,
		end,
		alpha = 0,
	} = expectOptions("beamSearch", options, rules);
	const score = (logProbability: number, length: number) =>
		logProbability / length ** alpha;

	const found: Hypothesis[] = [];
	const add = (tokens: number[], logProbability: number, ended: boolean) => {
		const length = tokens.length + (ended ? 1 : 0);
		const hypothesis = { tokens, logProbability, ended };
		found.push({ ...hypothesis, score: score(logProbability, length) });
		found.sort((a, b) => b.score - a.score);
		found.length = Math.min(found.length, width);
	};

	const first = readStart("beamSearch", model, options);
	let beams: Beam[] = [{ ...first, tokens: [], logProbability: 0 }];
	for (let length = 1; length <= limit && beams.length > 0; length++) {
		const next: { beam: Beam; token: number; logProbability: number }[] = [];
		continuations(beams).forEach((step, rank) => {
			const { beam, token, logProbability } = step;
			if (token === end || length === limit) {
				// What ends takes a place among the best; what comes after it moves up.
				if (rank < width) {
					const written = token === end ? beam.tokens : [...beam.tokens, token];
					add(written, logProbability, token === end);
				}
			} else if (next.length < width) next.push(step);
		});
		// log p only falls, and is never divided by more than limitᵅ.
		const hopeful = next.filter(
			({ logProbability }) =>
				found.length < width ||
				score(logProbability, limit) > found[width - 1].score,
		);
		beams = hopeful.map(({ beam, token, logProbability }) => ({
			...readToken(model, token, beam.state),
			tokens: [...beam.tokens, token],
			logProbability,
		}));
	}
	return found;
}

/** Every beam with every token that may come after it, the likeliest first. */
function continuations(
	beams: readonly Beam[],
): { beam: Beam; token: number; logProbability: number }[] {
	return beams
		.flatMap((beam) =>
			Array.from(logSoftmax(numbers(beam.logits)).data, (logP, token) => ({
				beam,
				token,
				logProbability: beam.logProbability + logP,
			})),
		)
		.filter(({ logProbability }) => logProbability > -Infinity)
		.sort((a, b) => b.logProbability - a.logProbability);
}
