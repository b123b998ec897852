import { backendOf } from "../../backend/current.ts";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional, rate as share } from "../../expect/rules.ts";
import {
	aDecay,
	addDecay,
	aRate,
	type Optimiser,
	optimiser,
	type Rate,
} from "./optimiser.ts";

export interface SgdOptions {
	/** Learning rate: a number, or one for each step. */
	rate: Rate;
	/** How much of the last step goes on; default 0. */
	momentum?: number;
	/** λ: adds λ·w to the gradient of matrices, not of biases; default 0. */
	decay?: number;
}

const rules: Rules<SgdOptions> = {
	rate: aRate,
	momentum: optional(share),
	decay: aDecay,
};

/**
 * Gradient descent, w ← w − rate · v with v ← momentum · v + g.
 * @throws when the rate is not a positive number, or the momentum not in [0, 1).
 */
export function sgd(options: SgdOptions): Required<Optimiser> {
	const {
		rate,
		momentum = 0,
		decay = 0,
	} = expectOptions("sgd", options, rules);
	return optimiser("sgd", {
		rate,
		parts: momentum === 0 ? [] : ["v"],
		update(w, g, { v }: { v?: typeof w }, { rate, shape }) {
			addDecay(g, w, decay, shape);
			backendOf(w).sgd(w, g, v, rate, momentum);
		},
	});
}

export interface NesterovOptions extends SgdOptions {
	/** How much of the last step goes on, such as 0.9. */
	momentum: number;
}

const nesterovRules: Rules<NesterovOptions> = { ...rules, momentum: share };

/**
 * Nesterov's momentum (Sutskever et al. 2013, section 2): v ← momentum · v + g, then w ← w − rate · (g + momentum · v), as if the gradient were taken
 * where the momentum leads.
 * @throws when the rate is not a positive number, or the momentum not in [0, 1).
 */
export function nesterov(options: NesterovOptions): Required<Optimiser> {
	const {
		rate,
		momentum,
		decay = 0,
	} = expectOptions("nesterov", options, nesterovRules);
	return optimiser("nesterov", {
		rate,
		parts: ["v"],
		update(w, g, { v }, { rate, shape }) {
			addDecay(g, w, decay, shape);
			backendOf(w).sgd(w, g, v, rate * momentum, momentum); // v, and the part of it
			backendOf(w).sgd(w, g, undefined, rate, 0);
		},
	});
}
