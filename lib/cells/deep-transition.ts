import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, initial, optional, size } from "../expect/rules.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import {
	type Cell,
	type CellOptions,
	cellRules,
	pass,
	stepCheck,
} from "./cell.ts";
import { type Activation, activation, activationRule } from "./elman.ts";
import { zeroState } from "./gates.ts";

export interface DeepTransitionOptions extends CellOptions {
	/** L: layers between one state and the next; 1 is the `elman`. */
	depth: number;
	/** Whether h also reaches the last layer directly: DT(S). Default false. */
	shortcut?: boolean;
	/** φ; default tanh. */
	activation?: Activation;
	/** How weights start, by name or letter; default Glorot's uniform and 0. */
	initial?: Initial;
}

const rules: Rules<DeepTransitionOptions> = {
	...cellRules,
	depth: size,
	shortcut: optional(flag),
	activation: activationRule,
	initial: optional(initial),
};

/**
 * A network with a deep transition from state to state, DT-RNN (Pascanu et al. 2014, arXiv:1312.6026, section 3).
 *
 * ```text
 * a₁ = φ(x·W + h·U1 + b1)            the first layer reads x and the state         [B, H]
 * aₗ = φ(aₗ₋₁·Uₗ + bₗ)               l = 2 … L                                     [B, H]
 * h′ = a_L                           the new state, also the output                [B, H]
 * ```
 *
 * With `shortcut` (DT(S)-RNN) the last layer also reads h: h′ = φ(a₍L₋₁₎·U_L + h·S + b_L), so that gradients have a short way back.
 * The deep output of the same paper is `deepOutput`, a layer of its own.
 * @throws when a size is not a whole number of at least 1, a shortcut has nothing to skip, or an input does not fit.
 */
export function deepTransition(options: DeepTransitionOptions): Cell<Tensor> {
	const {
		inputs: D,
		hidden: H,
		depth,
		shortcut = false,
		dtype,
	} = expectOptions("deepTransition", options, rules);
	if (shortcut && depth < 2)
		throw new Error("deepTransition: a shortcut needs a depth of 2 or more");
	const phi = activation(options.activation);
	const shapes: Record<string, Shape> = { W: [D, H] };
	for (let l = 1; l <= depth; l++) {
		shapes[`U${l}`] = [H, H];
		shapes[`b${l}`] = [H];
	}
	if (shortcut) shapes.S = [H, H];
	const weights = makeWeights("deepTransition", shapes, options);
	const check = stepCheck("deepTransition", { D }, { h: { H } });
	return {
		name: "deepTransition",
		inputs: D,
		hidden: H,
		weights,
		start: zeroState(H, dtype),
		step(x, h, tap = pass, w = weights) {
			check(x, { h }, tap, w);
			const past = tap("past", h);
			let a = past;
			for (let l = 1; l <= depth; l++) {
				const more = l === 1 ? [matmul(x, w.W)] : [];
				if (shortcut && l === depth) more.push(matmul(past, w.S));
				a = phi(add(matmul(a, w[`U${l}`]), w[`b${l}`], ...more));
				if (l < depth) a = tap(`a${l}`, a);
			}
			const next = tap("h", a);
			return { output: next, state: next };
		},
	};
}
