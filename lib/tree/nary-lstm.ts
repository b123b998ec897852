import { pass } from "../cells/cell.ts";
import { gate, gateShapes } from "../cells/gates.ts";
import { openForget } from "../cells/lstm-family.ts";
import { expectOptions } from "../expect/expect.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import type { Shape } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import type { TreeCell } from "./cell.ts";
import { type PlacesOptions, placesRules, sideBySide } from "./recursive.ts";

/**
 * The N-ary Tree-LSTM (Tai, Socher and Manning 2015, arXiv:1503.00075, equations 9 to 14): each place for a child has weights of its own, and
 * the forget gate of a child sees all of them.
 *
 * ```text
 * i  = σ(x·Wi + [h₁ … h_N]·Ui + bi)           how much to write                [B, H]
 * f_k = σ(x·Wf + [h₁ … h_N]·Ufk + bf)         how much of child k to keep      [B, H]
 * o  = σ(x·Wo + [h₁ … h_N]·Uo + bo)           how much to show                 [B, H]
 * u  = tanh(x·Wu + [h₁ … h_N]·Uu + bu)        what to write                    [B, H]
 * c  = i ⊙ u + Σ_k f_k ⊙ c_k                  the memory of the node           [B, H]
 * h  = o ⊙ tanh(c)                            its output                       [B, H]
 * ```
 *
 * with W [D, H], the children's h_k [B, H] side by side, U [N·H, H] (N matrices, one below the other) and Uf1 … UfN for the children's forget
 * gates. A missing child has h = c = 0. The forget bias starts at 1.
 * @throws when a size is not a whole number of at least 1.
 */
export function naryLstm(options: PlacesOptions): TreeCell {
	const {
		inputs: D,
		hidden: H,
		places: N = 2,
	} = expectOptions("naryLstm", options, placesRules);
	const places = Array.from({ length: N }, (_, k) => k + 1);
	const shapes: Record<string, Shape> = {
		...gateShapes(["i", "o", "u"], D, H, N * H),
		Wf: [D, H],
		...Object.fromEntries(places.map((k) => [`Uf${k}`, [N * H, H]])),
		bf: [H],
	};
	const weights = makeWeights("naryLstm", shapes, options, openForget);
	return {
		name: "naryLstm",
		inputs: D,
		hidden: H,
		places: N,
		state: ["h", "c"],
		weights,
		step(x, children, tap = pass) {
			const w = weights;
			const below = sideBySide(children, N);
			const i = tap("i", sigmoid(gate(x, w.Wi, below, w.Ui, w.bi)));
			const kept = places.map((k) => {
				const f = sigmoid(gate(x, w.Wf, below, w[`Uf${k}`], w.bf));
				return mul(tap(`f${k}`, f), children.at(k - 1, "c"));
			});
			const o = tap("o", sigmoid(gate(x, w.Wo, below, w.Uo, w.bo)));
			const u = tap("u", tanh(gate(x, w.Wu, below, w.Uu, w.bu)));
			const c = tap(
				"c",
				kept.reduce((sum, next) => add(sum, next), mul(i, u)),
			);
			return { h: tap("h", mul(o, tanh(c))), c };
		},
	};
}
