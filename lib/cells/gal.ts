import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aCell, optional, rate } from "../expect/rules.ts";
import { dropoutMask, maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { type Cell, type CellState, pass, prepared } from "./cell.ts";

/** How often inputs, state and outputs are dropped; default 0. */
export interface GalRates {
	inputs?: number;
	state?: number;
	outputs?: number;
}

const rules: Rules<GalRates> = {
	inputs: optional(rate),
	state: optional(rate),
	outputs: optional(rate),
};

/**
 * Variational dropout (Gal and Ghahramani 2016, arXiv:1512.05287): a sequence is read by one thinned network from start to end.
 *
 * Masked: x [B, D]; the state as the products with U read it [B, H] (what a gate carries over unread stays whole, so does the memory c);
 * the output [B, H]. A mask lives for one run and is the same for all gates ("tied"); each sequence has its own. What stays is divided
 * by 1 − rate. Evaluation does nothing, or is `monteCarlo`. Words are dropped by `wordDropout`.
 * @throws when a rate is not from 0 up to 1 or not one of these, or when training without `random` or with a rate for a state that no
 * product reads (`sru`, `qrnn`).
 */
export function gal<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	rates: GalRates,
): Cell<S, W> {
	expectValue("gal", "the cell", cell, aCell);
	const {
		inputs = 0,
		state: states = 0,
		outputs = 0,
	} = expectOptions("gal", rates, rules);
	return {
		...cell,
		masksOutput: cell.masksOutput || outputs > 0,
		prepare(run) {
			const inner = prepared(cell, run);
			const random = maskSource("gal", run);
			if (!random) return inner;
			/** Multiplies by a mask that is drawn at the first step. */
			const masked = (rate: number) => {
				let mask: Tensor | undefined;
				return (value: Tensor): Tensor => {
					if (rate === 0) return value;
					mask ??= dropoutMask(value.shape, rate, random, run.dtype);
					return mul(value, mask);
				};
			};
			const [onInputs, onState, onOutputs] = [inputs, states, outputs].map(
				masked,
			);
			return {
				...inner,
				whole: undefined,
				step(x, state, tap = pass, w = inner.weights) {
					let reads = states === 0;
					const look: typeof tap = (name, value) => {
						if (name !== "past") return tap(name, value);
						reads = true;
						return tap(name, onState(value));
					};
					const next = inner.step(onInputs(x), state, look, w);
					if (!reads)
						throw new Error(
							`gal: no product of ${cell.name} reads its state, so there is nothing for a rate of it to drop`,
						);
					return { output: onOutputs(next.output), state: next.state };
				},
			};
		},
	};
}
