import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	notNegative,
	optional,
	positive,
	size,
	whole,
} from "../expect/rules.ts";
import { aRate, type Rate } from "./optimisers/optimiser.ts";

/** A rate that changes: from the step, counted from 1, to the rate of that step. */
export type RateSchedule = (step: number) => number;

const stepRules = {
	rate: positive,
	every: size,
	factor: optional(positive),
};

/**
 * A rate that falls in steps: rate · factor^⌊(step − 1) / every⌋, with a factor of 0.1 unless told.
 * @throws when an option is out of its range.
 */
export function stepDecay(options: {
	rate: number;
	/** After how many steps it falls. */
	every: number;
	factor?: number;
}): RateSchedule {
	const {
		rate,
		every,
		factor = 0.1,
	} = expectOptions("stepDecay", options, stepRules);
	return (step) => rate * factor ** Math.floor((step - 1) / every);
}

const cosineRules = {
	rate: positive,
	steps: size,
	last: optional(notNegative),
};

/**
 * A rate that falls along half a cosine, from `rate` at the first step to `last` (0) after `steps`, and stays there (Loshchilov and Hutter 2017,
 * arXiv:1608.03983, without restarts).
 *
 * ```text
 * last + (rate − last) · (1 + cos(π · (step − 1) / steps)) / 2
 * ```
 *
 * @throws when an option is out of its range.
 */
export function cosine(options: {
	rate: number;
	steps: number;
	last?: number;
}): RateSchedule {
	const {
		rate,
		steps,
		last = 0,
	} = expectOptions("cosine", options, cosineRules);
	return (step) => {
		const done = Math.min(1, (step - 1) / steps);
		return last + ((rate - last) * (1 + Math.cos(Math.PI * done))) / 2;
	};
}

/**
 * Begins a rate gently: step s of the first `steps` has s / steps of the rate it would have, later ones all of it.
 *
 * `adam({ rate: warmUp(cosine({ rate: 0.003, steps: 2000 }), 100) })`
 * @throws when it is no rate, or the steps are not a whole number of at least 1.
 */
export function warmUp(rate: Rate, steps: number): RateSchedule {
	expectValue("warmUp", "the rate", rate, aRate);
	expectValue("warmUp", "the steps", steps, size);
	return (step) =>
		(typeof rate === "number" ? rate : rate(step)) * Math.min(1, step / steps);
}

/** A rate that falls when a loss no longer does. */
export interface PlateauRate extends RateSchedule {
	/** Tells it the loss on the validation part; whether it has lowered the rate. */
	report(loss: number): boolean;
	/** What it remembers, to save. */
	state(): PlateauState;
	restore(state: PlateauState): void;
}

/** The rate now, the best loss so far (null before the first), and for how many reports it was not beaten. */
export interface PlateauState {
	rate: number;
	best: number | null;
	waited: number;
}

const plateauRules: Rules<{
	rate: number;
	factor?: number;
	patience?: number;
	threshold?: number;
	least?: number;
}> = {
	rate: positive,
	factor: optional({
		wanted: "a number between 0 and 1",
		fits: (value) => typeof value === "number" && value > 0 && value < 1,
	}),
	patience: optional(whole()),
	threshold: optional(notNegative),
	least: optional(notNegative),
};

const aState = {
	wanted: "what state() gave",
	fits(value: unknown) {
		const { rate, best, waited } = (value ?? {}) as Partial<PlateauState>;
		return (
			notNegative.fits(rate) &&
			(best === null || typeof best === "number") &&
			whole().fits(waited)
		);
	},
};

/**
 * A rate that is multiplied by `factor` (0.1) when the loss it is told was not beaten for more than `patience` (10) reports in a row. A loss
 * beats the best when it is below (1 − threshold) of it (threshold 1e-4).
 *
 * ```ts
 * const rate = onPlateau({ rate: 0.01, patience: 2 });
 * const optimiser = adam({ rate });
 * … rate.report(validationLoss);
 * ```
 *
 * @throws when an option is out of its range.
 */
export function onPlateau(options: {
	rate: number;
	factor?: number;
	patience?: number;
	threshold?: number;
	/** The lowest rate; default 0. */
	least?: number;
}): PlateauRate {
	const {
		factor = 0.1,
		patience = 10,
		threshold = 1e-4,
		least = 0,
		...given
	} = expectOptions("onPlateau", options, plateauRules);
	let { rate } = given;
	let best: number | null = null;
	let waited = 0;
	const now = (_step: number) => rate;
	return Object.assign(now, {
		report(loss: number) {
			expectValue("onPlateau", "the loss", loss, {
				wanted: "a number",
				fits: (value) => typeof value === "number",
			});
			if (best === null || loss < best * (1 - threshold))
				[best, waited] = [loss, 0];
			else waited++;
			if (waited <= patience) return false;
			waited = 0;
			const before = rate;
			rate = Math.max(least, rate * factor);
			return rate < before;
		},
		state: () => ({ rate, best, waited }),
		restore(state: PlateauState) {
			expectValue("onPlateau: restore", "the state", state, aState);
			({ rate, best, waited } = state);
		},
	});
}
