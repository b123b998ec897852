import { expectOptions } from "../expect/expect.ts";
import { constant } from "../initialisers.ts";
import { concat, split } from "../ops/arrange.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { normalise } from "../ops/normalise.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import type { Cell } from "./cell.ts";
import { gateShapes } from "./gates.ts";
import {
	type LstmOptions,
	type LstmState,
	type LstmWeights,
	lstmCell,
	lstmGates,
	lstmRules,
	openForget,
} from "./lstm-family.ts";

export type LayerNormLstmWeights = LstmWeights &
	Record<"aW" | "aU" | "ac" | "bc", Tensor>;

/**
 * An LSTM with layer normalisation inside (Ba, Kiros and Hinton 2016, arXiv:1607.06450, eq. 20 to 22).
 *
 * ```text
 * [i f g o] = aW ⊙ N(x·W) + aU ⊙ N(h·U) + b      the four pre-activations side by side      [B, 4H]
 * c′ = σ(f) ⊙ c + σ(i) ⊙ tanh(g)                                                             [B, H]
 * h′ = σ(o) ⊙ tanh(ac ⊙ N(c′) + bc)                                                          [B, H]
 * ```
 *
 * N(v) = (v − μ) / √(σ² + ε) with ε = 10⁻⁵ takes mean and variance over a row: of all four gates together, or of the memory. The gains aW, aU [4H] and ac [H] start at 1, bc at 0;
 * b stands for the paper's b + β₁ + β₂.
 * The forget bias starts at 1. A letter in `initial` reaches all weights that begin with it: `{ b: … }` also `bc`, and `{ a: … }` all three gains.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function layerNormLstm(
	options: LstmOptions,
): Cell<LstmState, LayerNormLstmWeights> {
	const {
		inputs: D,
		hidden: H,
		dtype,
	} = expectOptions("layerNormLstm", options, lstmRules);
	const shapes: Record<keyof LayerNormLstmWeights, Shape> = {
		...gateShapes(lstmGates, D, H),
		aW: [4 * H],
		aU: [4 * H],
		ac: [H],
		bc: [H],
	};
	const defaults = { ...openForget, a: constant(1) };
	const weights = makeWeights("layerNormLstm", shapes, options, defaults);
	const sizes = { D, H, dtype };
	return lstmCell("layerNormLstm", sizes, weights, (x, { h, c }, tap, w) => {
		const all = (letter: "W" | "U", v: Tensor) =>
			concat(
				lstmGates.map((gate) => matmul(v, w[`${letter}${gate}`])),
				1,
			);
		const sees = add(
			mul(w.aW, normalise(all("W", x))),
			mul(w.aU, normalise(all("U", tap("past", h)))),
			concat(lstmGates.map((gate) => w[`b${gate}`])),
		);
		const [si, sf, sg, so] = split(sees, [H, H, H, H], 1);
		const i = tap("i", sigmoid(si));
		const f = tap("f", sigmoid(sf));
		const g = tap("g", tanh(sg));
		const o = tap("o", sigmoid(so));
		const memory = tap("c", add(mul(f, c), mul(i, g)));
		const shown = add(mul(w.ac, normalise(memory)), w.bc);
		return { h: tap("h", mul(o, tanh(shown))), c: memory };
	});
}
