import type { AdamRule } from "../../backend/backend.ts";
import { backendOf } from "../../backend/current.ts";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional, positive, rate as share } from "../../expect/rules.ts";
import {
	aDecay,
	addDecay,
	aRate,
	type Optimiser,
	optimiser,
	type Rate,
} from "./optimiser.ts";

export interface AdamOptions {
	/** Learning rate: a number, or one for each step; default 0.001. */
	rate?: Rate;
	/** Decay of the mean of gradients; default 0.9. */
	beta1?: number;
	/** Decay of the mean of their squares; default 0.999. */
	beta2?: number;
	/** Keeps the division finite; default 1e-8. */
	epsilon?: number;
}

const adamRules: Rules<AdamOptions> = {
	rate: optional(aRate),
	beta1: optional(share),
	beta2: optional(share),
	epsilon: optional(positive),
};

/**
 * Adam (Kingma and Ba 2015, algorithm 1): each weight's step is its mean gradient over the root of its mean square.
 * @throws when the rate or ε is not a positive number, or a decay not in [0, 1).
 */
export function adam(options: AdamOptions = {}): Required<Optimiser> {
	return decoupled("adam", expectOptions("adam", options, adamRules), 0);
}

export interface AdamWOptions extends AdamOptions {
	/** λ: takes rate · λ of each matrix away at each step, and leaves biases alone; default 0.01. */
	decay?: number;
}

/**
 * Adam with weight decay beside its step, not in its gradients (Loshchilov and Hutter 2019, arXiv:1711.05101): w ← (1 − rate · λ) · w first, for
 * matrices; biases, gains and other vectors are left alone.
 * @throws when the rate or ε is not a positive number, or a decay out of its range.
 */
export function adamW(options: AdamWOptions = {}): Required<Optimiser> {
	const { decay = 0.01, ...rest } = expectOptions("adamW", options, {
		...adamRules,
		decay: aDecay,
	});
	return decoupled("adamW", rest, decay);
}

function decoupled(
	name: string,
	{ rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
	decay: number,
): Required<Optimiser> {
	/** The rule of the t-th step: most weights have taken as many. */
	const ruleOf = (t: number): AdamRule & { t: number } => ({
		...{ t, rate: 0, beta1, beta2, epsilon },
		correction1: 1 - beta1 ** t,
		correction2: 1 - beta2 ** t,
	});
	let rule = ruleOf(1);
	return optimiser(name, {
		rate,
		parts: ["mean", "meanSquare"],
		update(w, g, { mean, meanSquare }, { rate, step, shape }) {
			if (step !== rule.t) rule = ruleOf(step);
			rule.rate = rate;
			if (decay > 0 && shape.length > 1)
				backendOf(w).scale(w, 1 - rate * decay);
			backendOf(w).adam(w, g, mean, meanSquare, rule);
		},
	});
}

export interface RmspropOptions {
	/** Learning rate: a number, or one for each step; default 0.01. */
	rate?: Rate;
	/** Decay of the mean of squared gradients; default 0.99. */
	beta?: number;
	/** Keeps the division finite; default 1e-8. */
	epsilon?: number;
	/** λ: adds λ·w to the gradient of matrices, not of biases; default 0. */
	decay?: number;
}

const rmspropRules: Rules<RmspropOptions> = {
	rate: optional(aRate),
	beta: optional(share),
	epsilon: optional(positive),
	decay: aDecay,
};

/**
 * RMSprop (Tieleman and Hinton 2012): v ← β · v + (1 − β) · g², then w ← w − rate · g / (√v + ε). It is Adam without a mean of the gradients
 * and without its corrections for the first steps.
 * @throws when the rate or ε is not a positive number, or β not in [0, 1).
 */
export function rmsprop(options: RmspropOptions = {}): Required<Optimiser> {
	const {
		rate = 0.01,
		beta = 0.99,
		epsilon = 1e-8,
		decay = 0,
	} = expectOptions("rmsprop", options, rmspropRules);
	const rule = {
		...{ beta1: 0, beta2: beta, epsilon },
		...{ correction1: 1, correction2: 1 },
	};
	return optimiser("rmsprop", {
		rate,
		parts: ["v"],
		update(w, g, { v }, { rate, shape }) {
			addDecay(g, w, decay, shape);
			backendOf(w).adam(w, g, g, v, { ...rule, rate }); // the mean is g itself
		},
	});
}

export interface AdagradOptions {
	/** Learning rate: a number, or one for each step; default 0.01. */
	rate?: Rate;
	/** Keeps the division finite; default 1e-10. */
	epsilon?: number;
	/** λ: adds λ·w to the gradient of matrices, not of biases; default 0. */
	decay?: number;
}

const adagradRules: Rules<AdagradOptions> = {
	rate: optional(aRate),
	epsilon: optional(positive),
	decay: aDecay,
};

/**
 * Adagrad (Duchi, Hazan and Singer 2011): v ← v + g², then w ← w − rate · g / (√v + ε): the steps of a weight shrink as it moves.
 *
 * Kept is the mean m of all squares so far instead of their sum v = t·m, which is Adam's rule with β₂ = 1 − 1/t.
 * @throws when the rate or ε is not a positive number.
 */
export function adagrad(options: AdagradOptions = {}): Required<Optimiser> {
	const {
		rate = 0.01,
		epsilon = 1e-10,
		decay = 0,
	} = expectOptions("adagrad", options, adagradRules);
	return optimiser("adagrad", {
		rate,
		parts: ["meanSquare"],
		update(w, g, { meanSquare }, { rate, step: t, shape }) {
			addDecay(g, w, decay, shape);
			const rule = {
				...{ rate, epsilon, beta1: 0, beta2: 1 - 1 / t },
				...{ correction1: 1, correction2: 1 / t },
			};
			backendOf(w).adam(w, g, g, meanSquare, rule);
		},
	});
}
