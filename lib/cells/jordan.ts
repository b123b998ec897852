import { expectOptions, type Rules } from "../expect/expect.ts";
import { initial, optional, rate, size } from "../expect/rules.ts";
import { add, mul, sigmoid } from "../ops/elementwise.ts";
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
import { gate, gateShapes, zeroState } from "./gates.ts";

export interface JordanOptions extends CellOptions {
	/** K: size of y. */
	outputs: number;
	/** μ: how much of the context before stays; default 0.5. */
	decay?: number;
	/** How weights start; default Glorot's uniform and 0. */
	initial?: Initial;
}

export type JordanWeights = Record<"W" | "U" | "b" | "V" | "c", Tensor>;
export interface JordanCell extends Cell<Tensor, JordanWeights> {
	/** The context after y: s′ = μ·s + y. */
	context(s: Tensor, y: Tensor): Tensor;
}

const rules: Rules<JordanOptions> = {
	...cellRules,
	outputs: size,
	decay: optional(rate),
	initial: optional(initial),
};

/**
 * The network whose context is its own output (Jordan 1986, Serial order, ICS report 8604).
 *
 * ```text
 * h  = σ(x·W + s·U + b)      hidden, from the plan x and the context s      [B, H]
 * y  = σ(h·V + c)            the output                                     [B, K]
 * s′ = μ·s + y               the context of the next step                   [B, K]
 * ```
 *
 * with x [B, D], V [H, K], and s = 0 at first. To feed back what should have come instead of y, use `teacherForced`.
 * @throws when a size is not a whole number of at least 1, the decay is not from 0 up to 1, or an input does not fit.
 */
export function jordan(options: JordanOptions): JordanCell {
	const {
		inputs: D,
		hidden: H,
		outputs: K,
		dtype,
		decay: mu = 0.5,
	} = expectOptions("jordan", options, rules);
	const shapes = { ...gateShapes([""], D, H, K), V: [H, K], c: [K] };
	const weights = makeWeights<keyof JordanWeights>(
		"jordan",
		shapes as Record<keyof JordanWeights, Shape>,
		options,
	);
	const context = (s: Tensor, y: Tensor) => add(mul(mu, s), y);
	const check = stepCheck("jordan", { D }, { s: { K } });
	return {
		name: "jordan",
		inputs: D,
		hidden: K,
		weights,
		traits: { state: "s" },
		context,
		start: zeroState(K, dtype),
		step(x, s, tap = pass, w = weights) {
			check(x, { s }, tap, w);
			const { W, U, b, V, c } = w;
			const h = tap("h", sigmoid(gate(x, W, tap("past", s), U, b)));
			const y = tap("y", sigmoid(add(matmul(h, V), c)));
			return { output: y, state: tap("s", context(s, y)) };
		},
	};
}
