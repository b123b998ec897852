import { expectOptions, type Rules } from "../expect/expect.ts";
import { finite, initial, optional, size } from "../expect/rules.ts";
import { constant } from "../initialisers.ts";
import { add, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { type Initial, makeWeights, type Weights } from "../weights.ts";
import {
	type Cell,
	type CellOptions,
	cellRules,
	pass,
	stepCheck,
} from "./cell.ts";
import { mix, zeroState } from "./gates.ts";

export interface RhnOptions extends CellOptions {
	/** L: highway layers a step. */
	depth: number;
	/** Where the biases of t start; below 0 a new network mostly carries. Default −2. */
	transformBias?: number;
	/** How weights start, by name or letter; default Glorot's uniform, biases 0 but those of t. */
	initial?: Initial;
}

const rules: Rules<RhnOptions> = {
	...cellRules,
	depth: size,
	transformBias: optional(finite),
	initial: optional(initial),
};

/**
 * Recurrent highway network with coupled gates (Zilly et al. 2017, arXiv:1607.03474, section 4): L layers deep in every step.
 *
 * ```text
 * s₀ = h                                               where the step begins            [B, H]
 * gₗ = tanh([l = 1] x·Wg + sₗ₋₁·Ugₗ + bgₗ)             what to write, l = 1 … L         [B, H]
 * tₗ = σ([l = 1] x·Wt + sₗ₋₁·Utₗ + btₗ)                how much of it                   [B, H]
 * sₗ = tₗ ⊙ gₗ + (1 − tₗ) ⊙ sₗ₋₁                       the rest is carried on           [B, H]
 * h′ = s_L                                             the new state, also the output   [B, H]
 * ```
 *
 * Only the first layer reads x. Weights are Wg, Wt and, for each l, Ug1, bg1, Ut1, bt1 …
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function rhn(options: RhnOptions): Cell<Tensor> {
	const {
		inputs: D,
		hidden: H,
		depth,
		dtype,
		transformBias = -2,
	} = expectOptions("rhn", options, rules);
	const shapes: Record<string, Shape> = { Wg: [D, H], Wt: [D, H] };
	const defaults: Record<string, Initial[string]> = {};
	for (let l = 1; l <= depth; l++) {
		shapes[`Ug${l}`] = shapes[`Ut${l}`] = [H, H];
		shapes[`bg${l}`] = shapes[`bt${l}`] = [H];
		defaults[`bt${l}`] = constant(transformBias);
	}
	const weights = makeWeights("rhn", shapes, options, defaults);
	/** The pre-activation of g or t in layer l. */
	const sees = (gate: string, l: number, x: Tensor, s: Tensor, w: Weights) => {
		const own = add(matmul(s, w[`U${gate}${l}`]), w[`b${gate}${l}`]);
		return l === 1 ? add(matmul(x, w[`W${gate}`]), own) : own;
	};
	const check = stepCheck("rhn", { D }, { h: { H } });
	return {
		name: "rhn",
		inputs: D,
		hidden: H,
		weights,
		start: zeroState(H, dtype),
		step(x, h, tap = pass, w = weights) {
			check(x, { h }, tap, w);
			let s = h;
			for (let l = 1; l <= depth; l++) {
				const past = tap("past", s);
				const g = tap(`g${l}`, tanh(sees("g", l, x, past, w)));
				const t = tap(`t${l}`, sigmoid(sees("t", l, x, past, w)));
				s = mix(t, g, s);
			}
			const next = tap("h", s);
			return { output: next, state: next };
		},
	};
}
