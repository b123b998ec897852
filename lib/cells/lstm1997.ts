import { expectOptions } from "../expect/expect.ts";
import { add, mul, sigmoid, sub } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import type { Cell } from "./cell.ts";
import { type GateWeights, gate, gateShapes } from "./gates.ts";
import {
	type LstmOptions,
	type LstmState,
	lstmCell,
	lstmRules,
} from "./lstm-family.ts";

/**
 * Long short-term memory as it was at first, without a forget gate (Hochreiter and Schmidhuber 1997, appendix A.1).
 *
 * ```text
 * i  = σ(x·Wi + h·Ui + bi)              how much to write                      [B, H]
 * g  = 4 σ(x·Wg + h·Ug + bg) − 2        what to write, from −2 to 2            [B, H]
 * o  = σ(x·Wo + h·Uo + bo)              how much of the memory to show         [B, H]
 * c′ = c + i ⊙ g                        nothing is ever forgotten              [B, H]
 * h′ = o ⊙ (2 σ(c′) − 1)                the output, from −1 to 1               [B, H]
 * ```
 *
 * Memory cells stand alone here, not in blocks that share their gates, and gates read h, not one another. Back-propagation goes through all of it; the paper cut it
 * at the gates' and cells' recurrent inputs.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function lstm1997(
	options: LstmOptions,
): Cell<LstmState, GateWeights<"i" | "g" | "o">> {
	const {
		inputs: D,
		hidden: H,
		dtype,
	} = expectOptions("lstm1997", options, lstmRules);
	const shapes = gateShapes(["i", "g", "o"], D, H);
	const weights = makeWeights("lstm1997", shapes, options);
	/** A sigmoid from −limit to limit. */
	const centred = (limit: number, x: Tensor) =>
		sub(mul(2 * limit, sigmoid(x)), limit);
	const sizes = { D, H, dtype };
	return lstmCell("lstm1997", sizes, weights, (x, { h, c }, tap, w) => {
		const past = tap("past", h);
		const i = tap("i", sigmoid(gate(x, w.Wi, past, w.Ui, w.bi)));
		const g = tap("g", centred(2, gate(x, w.Wg, past, w.Ug, w.bg)));
		const o = tap("o", sigmoid(gate(x, w.Wo, past, w.Uo, w.bo)));
		const memory = tap("c", add(c, mul(i, g)));
		return { h: tap("h", mul(o, centred(1, memory))), c: memory };
	});
}
