import { expectOptions, type Rules } from "../expect/expect.ts";
import { notNegative, optional, size } from "../expect/rules.ts";
import type { Layer, LayerState } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { noGrad } from "../tensor.ts";
import { pickState } from "./pick-state.ts";
import { numbers } from "./sample.ts";
import {
	type BatchTokenOptions,
	isBatch,
	readStart,
	readTokens,
	type TokenOptions,
	tokenRules,
} from "./tokens.ts";

interface Width {
	/** How many unfinished texts to follow at a time. 1, with `alpha` 0, is greedy. */
	width: number;
	/** α of the length normalisation: 0 (the default) prefers short texts, 1 compares the mean of the log probabilities. */
	alpha?: number;
}
export interface BeamOptions extends TokenOptions, Width {}
/** The same for B texts that are searched for side by side. */
export interface BatchBeamOptions extends BatchTokenOptions, Width {}

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
interface Beam {
	tokens: number[];
	logProbability: number;
	/** Which of the beams before it goes on from. */
	parent: number;
}

/**
 * Searches for the texts with the highest score, log p / lengthᵅ, by following the `width` likeliest beginnings at a time
 * (length normalisation: Wu et al. 2016, arXiv:1609.08144, section 7, who went on to (5 + length)ᵅ / 6ᵅ). It stops when nothing that is still under way
 * can beat the `width` best texts found, or at the limit.
 *
 * With a start for each of B texts all are searched for side by side, as `greedy` does; each finds what it would find alone.
 * @returns up to `width` hypotheses, the best first; of several texts a list of such lists.
 * @throws when there is no start or no limit, an option is out of its range, or the network puts out NaN.
 */
export function beamSearch(
	model: Layer<Ids>,
	options: BeamOptions,
): Hypothesis[];
export function beamSearch(
	model: Layer<Ids>,
	options: BatchBeamOptions,
): Hypothesis[][];
export function beamSearch(
	model: Layer<Ids>,
	options: BeamOptions | BatchBeamOptions,
): Hypothesis[] | Hypothesis[][] {
	const how = expectOptions<BeamOptions>(
		"beamSearch",
		options as BeamOptions,
		rules,
	);
	const { start } = options;
	if (isBatch(start)) return searchAll(model, start, how);
	return searchAll(model, [start], how)[0];
}

/** All texts at once: one batch for the likeliest beam of each, one for the second … so that each keeps its place in the batch. */
function searchAll(
	model: Layer<Ids>,
	starts: readonly ArrayLike<number>[],
	options: BeamOptions,
): Hypothesis[][] {
	const searches = starts.map(() => search(options));
	let readings = [readStart("beamSearch", model, starts, options.state)];
	for (let length = 1; length <= options.limit; length++) {
		const logP = readings.map(
			({ logits }) => noGrad(() => logSoftmax(numbers(logits))).data,
		);
		const K = readings[0].logits.shape[1];
		const beams = searches.map((one, b) =>
			one.advance(length, (beam) => logP[beam].subarray(b * K, (b + 1) * K)),
		);
		const most = Math.max(...beams.map((list) => list.length));
		if (most === 0) break;
		const states = readings.map(({ state }) => state);
		const before: LayerState[] = states;
		readings = Array.from({ length: most }, (_, rank) => {
			const rows = beams.map((list) => list[rank] ?? nothing);
			const state = pickState(
				before,
				rows.map(({ parent }) => parent),
			);
			const next = rows.map(({ tokens }) => tokens.at(-1) as number);
			return readTokens(model, next, state);
		});
	}
	return searches.map(({ found }) => found);
}

/** What a place of the batch reads where its text has fewer beams: it is not looked at. */
const nothing: Beam = { tokens: [0], logProbability: 0, parent: 0 };

/** The search for one text: what it has found, and the beams that it follows. */
function search({ width, limit, end, alpha = 0 }: BeamOptions) {
	const score = (logProbability: number, length: number) =>
		logProbability / length ** alpha;
	const found: Hypothesis[] = [];
	let beams: Beam[] = [{ tokens: [], logProbability: 0, parent: 0 }];
	const add = (tokens: number[], logProbability: number, ended: boolean) => {
		const length = tokens.length + (ended ? 1 : 0);
		const hypothesis = { tokens, logProbability, ended };
		found.push({ ...hypothesis, score: score(logProbability, length) });
		found.sort((a, b) => b.score - a.score);
		found.length = Math.min(found.length, width);
	};

	/** The beams that are followed once the log probabilities of what comes after each are known. */
	function advance(
		length: number,
		logP: (beam: number) => ArrayLike<number>,
	): Beam[] {
		const next: { parent: number; token: number; logProbability: number }[] =
			[];
		continuations(beams, logP).forEach((step, rank) => {
			const { parent, token, logProbability } = step;
			if (token === end || length === limit) {
				// What ends takes a place among the best; what comes after it moves up.
				if (rank < width) {
					const { tokens } = beams[parent];
					const written = token === end ? tokens : [...tokens, token];
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
		beams = hopeful.map(({ parent, token, logProbability }) => ({
			tokens: [...beams[parent].tokens, token],
			logProbability,
			parent,
		}));
		return beams;
	}
	return { found, advance };
}

/** Every beam with every token that may come after it, the likeliest first. */
function continuations(
	beams: readonly Beam[],
	logP: (beam: number) => ArrayLike<number>,
): { parent: number; token: number; logProbability: number }[] {
	return beams
		.flatMap((beam, parent) =>
			Array.from(logP(parent), (p, token) => ({
				parent,
				token,
				logProbability: beam.logProbability + p,
			})),
		)
		.filter(({ logProbability }) => logProbability > -Infinity)
		.sort((a, b) => b.logProbability - a.logProbability);
}
