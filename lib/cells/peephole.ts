import { expectOptions } from "../expect/expect.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import type { Cell } from "./cell.ts";
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

export type PeepholeWeights = LstmWeights & Record<"pi" | "pf" | "po", Tensor>;

/**
 * An LSTM whose gates look at the memory (Gers and Schmidhuber 2000, Recurrent nets that time and count), in the form of Graves 2013,
 * arXiv:1308.0850, section 2: in theirs the output shows c′ without the tanh.
 *
 * ```text
 * i  = σ(x·Wi + h·Ui + pi ⊙ c + bi)      [B, H]
 * f  = σ(x·Wf + h·Uf + pf ⊙ c + bf)      [B, H]
 * g  = tanh(x·Wg + h·Ug + bg)            [B, H]
 * c′ = f ⊙ c + i ⊙ g                     [B, H]
 * o  = σ(x·Wo + h·Uo + po ⊙ c′ + bo)     it looks at the new memory      [B, H]
 * h′ = o ⊙ tanh(c′)                      [B, H]
 * ```
 *
 * pi, pf and po [H] look at their own unit only; they start at 0, which is the `lstm`. The forget bias starts at 1.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function peephole(
	options: LstmOptions,
): Cell<LstmState, PeepholeWeights> {
	const {
		inputs: D,
		hidden: H,
		dtype,
	} = expectOptions("peephole", options, lstmRules);
	const shapes: Record<keyof PeepholeWeights, Shape> = {
		...gateShapes(lstmGates, D, H),
		pi: [H],
		pf: [H],
		po: [H],
	};
	const weights = makeWeights("peephole", shapes, options, openForget);
	const sizes = { D, H, dtype };
	return lstmCell("peephole", sizes, weights, (x, { h, c }, tap, w) => {
		const past = tap("past", h);
		const seen = (p: Tensor, memory: Tensor, b: Tensor) =>
			add(mul(p, memory), b);
		const i = sigmoid(gate(x, w.Wi, past, w.Ui, seen(w.pi, c, w.bi)));
		const f = sigmoid(gate(x, w.Wf, past, w.Uf, seen(w.pf, c, w.bf)));
		const g = tap("g", tanh(gate(x, w.Wg, past, w.Ug, w.bg)));
		const memory = tap("c", add(mul(tap("f", f), c), mul(tap("i", i), g)));
		const o = sigmoid(gate(x, w.Wo, past, w.Uo, seen(w.po, memory, w.bo)));
		return { h: tap("h", mul(tap("o", o), tanh(memory))), c: memory };
	});
}
