import { expectOptions, type Rules } from "../expect/expect.ts";
import { size } from "../expect/rules.ts";
import { mul, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import type { Cell } from "./cell.ts";
import { gateShapes } from "./gates.ts";
import { remember } from "./lstm.ts";
import {
	type LstmOptions,
	type LstmState,
	type LstmWeights,
	lstmCell,
	lstmGates,
	lstmRules,
	openForget,
} from "./lstm-family.ts";

export interface ProjectedLstmOptions extends LstmOptions {
	/** P: size of the output, and of what the gates read of the past. */
	projection: number;
}

const rules: Rules<ProjectedLstmOptions> = { ...lstmRules, projection: size };

export type ProjectedLstmWeights = LstmWeights & Record<"P", Tensor>;

/**
 * An LSTM with a large memory and a small output (Sak, Senior and Beaufays 2014, arXiv:1402.1128), without their peepholes and their second
 * projection, which does not recur: PyTorch's `proj_size`.
 *
 * ```text
 * i, f, g, o      as in `lstm`, from x [B, D] and h [B, P], with U [P, H]      [B, H]
 * c′ = f ⊙ c + i ⊙ g                                                           [B, H]
 * h′ = (o ⊙ tanh(c′))·P      projected at every step, so the gates read it     [B, P]
 * ```
 *
 * The forget bias starts at 1.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function projectedLstm(
	options: ProjectedLstmOptions,
): Cell<LstmState, ProjectedLstmWeights> {
	const {
		inputs: D,
		hidden: H,
		projection: R,
		dtype,
	} = expectOptions("projectedLstm", options, rules);
	const shapes: Record<keyof ProjectedLstmWeights, Shape> = {
		...gateShapes(lstmGates, D, H, R),
		P: [H, R],
	};
	const weights = makeWeights("projectedLstm", shapes, options, openForget);
	const sizes = { D, H, P: R, dtype };
	return lstmCell("projectedLstm", sizes, weights, (x, state, tap, w) => {
		const { memory, o } = remember(x, state, tap, w);
		return { h: tap("h", matmul(mul(o, tanh(memory)), w.P)), c: memory };
	});
}
