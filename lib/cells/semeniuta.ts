import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aCell, oneOf, optional, rate as rateRule } from "../expect/rules.ts";
import { dropoutMask, maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { type Cell, type CellState, pass, prepared } from "./cell.ts";

const rules: Rules<{ per?: "step" | "sequence" }> = {
	per: optional(oneOf("step", "sequence")),
};

/**
 * Recurrent dropout without memory loss (Semeniuta, Severyn and Barth 2016, arXiv:1603.05118): what is proposed drops out, never what is kept.
 *
 * ```text
 * LSTM:  c′ = f ⊙ c + i ⊙ d(g)               GRU:  h′ = z ⊙ h + (1 − z) ⊙ d(h̃)
 * ```
 *
 * Masked: the candidate [B, H] of a cell that adds it to a memory. A mask lives for one step, or with `per: "sequence"` for one run.
 * What stays is divided by 1 − rate; evaluation does nothing.
 * @throws when the rate is not from 0 up to 1, the cell has no candidate (an Elman network overwrites its state), or when training without `random`.
 */
export function semeniuta<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	rate: number,
	options: { per?: "step" | "sequence" } = {},
): Cell<S, W> {
	expectValue("semeniuta", "the cell", cell, aCell);
	expectValue("semeniuta", "the rate", rate, rateRule);
	const { per = "step" } = expectOptions("semeniuta", options, rules);
	const candidate = cell.traits?.candidate;
	if (!candidate)
		throw new Error(
			`semeniuta: ${cell.name} has no candidate that it adds to a memory`,
		);
	return {
		...cell,
		prepare(run) {
			const inner = prepared(cell, run);
			const random = maskSource("semeniuta", run);
			if (!random || rate === 0) return inner;
			let held: Tensor | undefined;
			const mask = (g: Tensor): Tensor => {
				if (per === "step" || !held)
					held = dropoutMask(g.shape, rate, random, run.dtype);
				return held;
			};
			return {
				...inner,
				step: (x, state, tap = pass, w = inner.weights) =>
					inner.step(
						x,
						state,
						(name, value) =>
							tap(name, name === candidate ? mul(value, mask(value)) : value),
						w,
					),
			};
		},
	};
}
