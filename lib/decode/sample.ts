import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	aTensor,
	notNegative,
	optional,
	share,
	size,
	source,
} from "../expect/rules.ts";
import type { Random } from "../random.ts";
import type { Tensor } from "../tensor.ts";

export interface SampleOptions {
	random: Random;
	/** Divides the logits: below 1 safer, above 1 bolder, 0 the likeliest always. Default 1. */
	temperature?: number;
	/** Draws among this many of the likeliest only (Fan, Lewis and Dauphin 2018, arXiv:1805.04833). Default: all. */
	top?: number;
	/** Draws among the fewest of the likeliest that together have at least this probability (Holtzman et al. 2020, arXiv:1904.09751). Default 1: all. */
	nucleus?: number;
}

export const sampleRules: Rules<SampleOptions> = {
	random: source,
	temperature: optional(notNegative),
	top: optional(size),
	nucleus: optional(share),
};

/**
 * Draws one of K classes from logits [K] (or [1, …, K]): the temperature first, then `top`, then `nucleus` of what is left.
 * @throws when an option is out of its range, the logits are not those of one choice, or one is NaN.
 */
export function sample(logits: Tensor, options: SampleOptions): number {
	if (!surelyFine(options)) expectOptions("sample", options, sampleRules);
	const { random, temperature = 1, top, nucleus } = options;
	const best = likeliest(logits);
	if (temperature === 0) return best;
	const x = logits.data;
	const weights = Float64Array.from(x, (v) =>
		Math.exp((v - x[best]) / temperature),
	);
	if (top !== undefined) keepTop(weights, top);
	if (nucleus !== undefined) keepNucleus(weights, nucleus);
	return random.choice(weights);
}

/** Whether a source and a temperature, which keep the rules, are all there is: it is asked for each token. */
function surelyFine(options: SampleOptions): boolean {
	if (typeof options !== "object" || options === null) return false;
	for (const name in options)
		if (name === "temperature") {
			const { temperature } = options;
			if (temperature !== undefined && !notNegative.fits(temperature))
				return false;
		} else if (name !== "random") return false;
	return source.fits(options.random);
}

/** The class with the largest logit, the first of several. @throws when the logits are not those of one choice, or hold NaN. */
export function likeliest(logits: Tensor): number {
	expectValue("sample", "logits", logits, aTensor);
	const K = logits.shape.at(-1) ?? 0;
	if (logits.size !== K || K === 0)
		throw new Error(
			`sample: logits must be [K], got [${logits.shape.join(", ")}]`,
		);
	const { data } = numbers(logits);
	let best = 0;
	for (let k = 1; k < K; k++) if (data[k] > data[best]) best = k;
	return best;
}

/** The logits, all of them numbers. @throws when one is NaN: a network that has diverged chooses nothing. */
export function numbers(logits: Tensor): Tensor {
	const { data } = logits;
	for (let i = 0; i < data.length; i++)
		if (Number.isNaN(data[i]))
			throw new Error(
				"the network's outputs are NaN: it has diverged, or its input holds NaN",
			);
	return logits;
}

function keepTop(weights: Float64Array, top: number): void {
	for (const k of ranked(weights).slice(top)) weights[k] = 0;
}

function keepNucleus(weights: Float64Array, nucleus: number): void {
	const total = weights.reduce((sum, w) => sum + w);
	let covered = 0;
	for (const k of ranked(weights)) {
		if (covered >= nucleus * total) weights[k] = 0;
		else covered += weights[k];
	}
}

/** The classes, heaviest first; of equal ones the first first. */
function ranked(weights: Float64Array): number[] {
	return [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
}
