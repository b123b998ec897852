import { expectOptions, type Rules } from "../expect/expect.ts";
import { initial, oneOf, optional } from "../expect/rules.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { type Initial, makeWeights, type Weights } from "../weights.ts";
import { withKernel } from "./all-steps.ts";
import {
	type Cell,
	type CellOptions,
	cellRules,
	pass,
	stepCheck,
} from "./cell.ts";
import { gate, gateShapes, mix, zeroState } from "./gates.ts";

export interface GruOptions extends CellOptions {
	/** Whether the reset gate works before the recurrent product (Cho et al., version 3; the default) or after it (their version 1, PyTorch, cuDNN). */
	reset?: "before" | "after";
	/** How weights start, by name or letter; default Glorot's uniform, biases 0. */
	initial?: Initial;
}

const rules: Rules<GruOptions> = {
	...cellRules,
	reset: optional(oneOf("before", "after")),
	initial: optional(initial),
};

/**
 * Gated recurrent unit, with the reset gate before the recurrent product (Cho et al. 2014, arXiv:1406.1078v3).
 *
 * ```text
 * r  = σ(x·Wr + h·Ur + br)             what of the past the candidate may see   [B, H]
 * z  = σ(x·Wz + h·Uz + bz)             how much of the past to keep             [B, H]
 * h̃  = tanh(x·W + (r ⊙ h)·U + b)       what to write instead                    [B, H]
 * h′ = z ⊙ h + (1 − z) ⊙ h̃             the new state, also the output           [B, H]
 * ```
 *
 * PyTorch and cuDNN apply r after the product with U, which then has a bias of its own, c [H]: that is `reset: "after"`,
 *
 * ```text
 * h̃  = tanh(x·W + b + r ⊙ (h·U + c))
 * ```
 *
 * and weights of one do not fit the other. Where a library says z for what is new, its Wz, Uz and bz are ours with the sign turned.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function gru(options: GruOptions): Cell<Tensor> {
	const {
		inputs: D,
		hidden: H,
		dtype,
		reset = "before",
	} = expectOptions("gru", options, rules);
	const shapes: Record<string, Shape> = gateShapes(["r", "z", ""], D, H);
	if (reset === "after") shapes.c = [H];
	const weights: Weights = makeWeights("gru", shapes, options);

	const before = (x: Tensor, r: Tensor, h: Tensor, w: Weights) =>
		gate(x, w.W, mul(r, h), w.U, w.b);
	const after = (x: Tensor, r: Tensor, h: Tensor, w: Weights) =>
		add(matmul(x, w.W), w.b, mul(r, add(matmul(h, w.U), w.c)));
	const proposal = reset === "after" ? after : before;
	const check = stepCheck("gru", { D }, { h: { H } });
	return withKernel(`gru-${reset}`, {
		name: "gru",
		inputs: D,
		hidden: H,
		weights,
		traits: { candidate: "candidate" },
		start: zeroState(H, dtype),
		step(x, h, tap = pass, w = weights) {
			check(x, { h }, tap, w);
			const past = tap("past", h);
			const r = tap("r", sigmoid(gate(x, w.Wr, past, w.Ur, w.br)));
			const z = tap("z", sigmoid(gate(x, w.Wz, past, w.Uz, w.bz)));
			const fresh = tap("candidate", tanh(proposal(x, r, past, w)));
			const next = tap("h", mix(z, h, fresh));
			return { output: next, state: next };
		},
	});
}
