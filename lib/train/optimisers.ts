import type { AdamRule, Numbers } from "../backend/backend.ts";
import { allocateLasting, backendOf } from "../backend/current.ts";
import { whole } from "../backend/turns.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, positive, rate as share } from "../expect/rules.ts";
import { changed, nameWeight, type Tensor } from "../tensor.ts";
import { expectFiniteGradients } from "./finite.ts";
import { namedWeights, type WeightSet, weightList } from "./weights.ts";

/** Changes weights by their gradients. */
export interface Optimiser {
	/**
	 * One step on every weight that has a gradient. The gradients are used up: `grad` is null afterwards.
	 * @throws when no weight has one, or one is not finite: then nothing is written.
	 */
	step(weights: WeightSet): void;
}

export interface SgdOptions {
	/** Learning rate. */
	rate: number;
	/** How much of the last step goes on; default 0. */
	momentum?: number;
}

const sgdRules: Rules<SgdOptions> = {
	rate: positive,
	momentum: optional(share),
};

/**
 * Gradient descent, w ← w − rate · v with v ← momentum · v + g.
 * @throws when the rate is not a positive number, or the momentum not in [0, 1).
 */
export function sgd(options: SgdOptions): Optimiser {
	const { rate, momentum = 0 } = expectOptions("sgd", options, sgdRules);
	return optimiser(
		"sgd",
		({ dtype, size }) => ({
			v: momentum === 0 ? undefined : allocateLasting(dtype, size),
		}),
		(w, g, { v }) => backendOf(w.data).sgd(w.data, g, v, rate, momentum),
	);
}

export interface AdamOptions {
	/** Learning rate; default 0.001. */
	rate?: number;
	/** Decay of the mean of gradients; default 0.9. */
	beta1?: number;
	/** Decay of the mean of their squares; default 0.999. */
	beta2?: number;
	/** Keeps the division finite; default 1e-8. */
	epsilon?: number;
}

const adamRules: Rules<AdamOptions> = {
	rate: optional(positive),
	beta1: optional(share),
	beta2: optional(share),
	epsilon: optional(positive),
};

/**
 * Adam (Kingma and Ba 2015, algorithm 1): each weight's step is its mean gradient over the root of its mean square.
 * @throws when the rate or ε is not a positive number, or a decay not in [0, 1).
 */
export function adam(options: AdamOptions = {}): Optimiser {
	const {
		rate = 0.001,
		beta1 = 0.9,
		beta2 = 0.999,
		epsilon = 1e-8,
	} = expectOptions("adam", options, adamRules);
	/** The rule of the t-th step: most weights have taken as many. */
	const ruleOf = (t: number): AdamRule & { t: number } => ({
		...{ t, rate, beta1, beta2, epsilon },
		correction1: 1 - beta1 ** t,
		correction2: 1 - beta2 ** t,
	});
	let rule = ruleOf(1);
	return optimiser(
		"adam",
		({ dtype, size }) => ({
			mean: allocateLasting(dtype, size),
			meanSquare: allocateLasting(dtype, size),
			steps: 0,
		}),
		(w, g, kept) => {
			kept.steps++;
			if (kept.steps !== rule.t) rule = ruleOf(kept.steps);
			backendOf(w.data).adam(w.data, g, kept.mean, kept.meanSquare, rule);
		},
	);
}

/** `begin` makes what is remembered of a weight. A step is made ready first; then all its updates are one piece of work. */
function optimiser<Memory>(
	name: string,
	begin: (w: Tensor) => Memory,
	update: (w: Tensor, gradient: Numbers, memory: Memory) => void,
): Optimiser {
	const memories = new WeakMap<Tensor, Memory>();
	/** Remembers weights that are new, and gives them their names. */
	function meet(weights: WeightSet): void {
		for (const [place, w] of namedWeights(name, weights)) {
			nameWeight(w, place);
			if (w.grad && !memories.has(w)) memories.set(w, begin(w));
		}
	}
	return {
		step(weights) {
			const list = weightList(name, weights);
			const ready = list.filter((w) => w.grad);
			if (ready.length === 0)
				throw new Error(
					`${name}: no weight has a gradient; call loss.backward() first`,
				);
			expectFiniteGradients(name, weights, list);
			let kept = ready.map((w) => memories.get(w));
			if (kept.includes(undefined)) {
				meet(weights);
				kept = ready.map((w) => memories.get(w));
			}
			whole(() => {
				for (let i = 0; i < ready.length; i++) {
					const w = ready[i];
					update(w, (w.grad as Tensor).data, kept[i] as Memory);
					changed(w);
					w.grad = null;
				}
			});
		},
	};
}
