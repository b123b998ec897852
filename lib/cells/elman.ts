import { expectOptions, type Rules } from "../expect/expect.ts";
import { finite, initial, oneOf, optional } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { relu, sigmoid, tanh } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import { withKernel } from "./all-steps.ts";
import {
	type Cell,
	type CellOptions,
	cellRules,
	pass,
	stepCheck,
} from "./cell.ts";
import { gate, gateShapes } from "./gates.ts";

const activations = { tanh, sigmoid, relu };
/** The function of a simple recurrent unit, by its name. */
export type Activation = keyof typeof activations;

export const activationRule = optional(oneOf(...Object.keys(activations)));

/** The function of that name, tanh unless told. */
export function activation(name: Activation = "tanh") {
	return activations[name];
}

export interface ElmanOptions extends CellOptions {
	/** f; default tanh. Elman used σ. */
	activation?: Activation;
	/** Every number of the state before the first step; default 0. Elman used 0.5. */
	context?: number;
	/** How W, U and b start; default Glorot's uniform and 0. */
	initial?: Initial;
}

export const elmanRules: Rules<ElmanOptions> = {
	...cellRules,
	activation: activationRule,
	context: optional(finite),
	initial: optional(initial),
};

/**
 * The simple recurrent network (Elman 1990, Finding structure in time, Cognitive Science 14): its context is the hidden state of the step before.
 *
 * ```text
 * h′ = f(x·W + h·U + b)      the new state, which is also the output      [B, H]
 * ```
 *
 * with x [B, D], h [B, H], W [D, H], U [H, H], b [H]. Elman cut the gradient at h; here it flows through (BPTT), and
 * `detach` cuts it where that is wanted.
 * @throws when a size is not a whole number of at least 1, the context is not a finite number, the activation is unknown, or an input does not fit.
 */
export function elman(
	options: ElmanOptions,
): Cell<Tensor, { W: Tensor; U: Tensor; b: Tensor }> {
	const {
		inputs: D,
		hidden: H,
		dtype,
		context = 0,
	} = expectOptions("elman", options, elmanRules);
	const f = activation(options.activation);
	const weights = makeWeights("elman", gateShapes([""], D, H), options);
	const check = stepCheck("elman", { D }, { h: { H } });
	return withKernel(`elman-${options.activation ?? "tanh"}`, {
		name: "elman",
		inputs: D,
		hidden: H,
		weights,
		start(B) {
			const h = zeros([B, H], { dtype });
			h.data.fill(context);
			return h;
		},
		step(x, h, tap = pass, w = weights) {
			check(x, { h }, tap, w);
			const { W, U, b } = w;
			const next = tap("h", f(gate(x, W, tap("past", h), U, b)));
			return { output: next, state: next };
		},
	});
}
