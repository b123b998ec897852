import { expectOptions } from "../expect/expect.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import { withKernel } from "./all-steps.ts";
import type { Cell, Tap } from "./cell.ts";
import { gate, gateShapes } from "./gates.ts";
import {
	type LstmOptions,
	type LstmState,
	type LstmWeights,
	lstmCell,
	lstmGates,
	lstmRules,
	openForget,
} from "./lstm-family.ts";

/**
 * Long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000).
 *
 * ```text
 * i  = σ(x·Wi + h·Ui + bi)         how much to write                  [B, H]
 * f  = σ(x·Wf + h·Uf + bf)         how much of the memory to keep     [B, H]
 * g  = tanh(x·Wg + h·Ug + bg)      what to write                      [B, H]
 * o  = σ(x·Wo + h·Uo + bo)         how much of the memory to show     [B, H]
 * c′ = f ⊙ c + i ⊙ g               the new memory                     [B, H]
 * h′ = o ⊙ tanh(c′)                the output                         [B, H]
 * ```
 *
 * Both papers squash by scaled logistic functions where tanh stands here, as `lstm1997` does. The forget bias starts at 1, so that a new
 * network remembers (Jozefowicz, Zaremba and Sutskever 2015; Gers et al. start it above 0).
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function lstm(options: LstmOptions): Cell<LstmState, LstmWeights> {
	const {
		inputs: D,
		hidden: H,
		dtype,
	} = expectOptions("lstm", options, lstmRules);
	const shapes = gateShapes(lstmGates, D, H);
	const weights = makeWeights("lstm", shapes, options, openForget);
	const sizes = { D, H, dtype };
	const cell = lstmCell("lstm", sizes, weights, (x, state, tap, w) => {
		const { memory, o } = remember(x, state, tap, w);
		return { h: tap("h", mul(o, tanh(memory))), c: memory };
	});
	return withKernel("lstm", cell);
}

/** What an LSTM does before it shows its memory: the new c′ [B, H], and o that says how much of it to show. */
export function remember(
	x: Tensor,
	{ h, c }: LstmState,
	tap: Tap,
	w: LstmWeights,
): { memory: Tensor; o: Tensor } {
	const past = tap("past", h);
	const i = tap("i", sigmoid(gate(x, w.Wi, past, w.Ui, w.bi)));
	const f = tap("f", sigmoid(gate(x, w.Wf, past, w.Uf, w.bf)));
	const g = tap("g", tanh(gate(x, w.Wg, past, w.Ug, w.bg)));
	const o = tap("o", sigmoid(gate(x, w.Wo, past, w.Uo, w.bo)));
	return { memory: tap("c", add(mul(f, c), mul(i, g))), o };
}
