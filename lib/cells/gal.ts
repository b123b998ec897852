import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aCell, flag, optional, rate } from "../expect/rules.ts";
import { dropoutMask, maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { onWeights } from "./all-steps.ts";
import { type Cell, type CellState, pass, prepared } from "./cell.ts";

/** How often inputs, state and outputs are dropped; default 0. */
export interface GalRates {
	inputs?: number;
	state?: number;
	outputs?: number;
	/** Whether each gate has masks of its own ("untied"). They then lie over the rows of its weights, one for all sequences of the batch. Default: no. */
	untied?: boolean;
}

const rules: Rules<GalRates> = {
	inputs: optional(rate),
	state: optional(rate),
	outputs: optional(rate),
	untied: optional(flag),
};

/**
 * Variational dropout (Gal and Ghahramani 2016, arXiv:1512.05287): a sequence is read by one thinned network from start to end.
 *
 * Masked: x [B, D]; the state as the products with U read it [B, H] (what a gate carries over unread stays whole, so does the memory c);
 * the output [B, H]. A mask lives for one run and is the same for all gates ("tied"); each sequence has its own. What stays is divided
 * by 1 − rate. With `untied` each gate has its own for inputs and state, as in the paper's other variant. Evaluation does nothing, or is `monteCarlo`. Words are dropped by `wordDropout`.
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
		untied = false,
	} = expectOptions("gal", rates, rules);
	const recurrent = Object.keys(cell.weights).some((name) => name[0] === "U");
	if (untied && states > 0 && !recurrent)
		throw new Error(
			`gal: no product of ${cell.name} reads its state, so there is nothing for a rate of it to drop`,
		);
	return {
		...cell,
		traits: {
			...cell.traits,
			masksOutput: cell.traits?.masksOutput || outputs > 0,
		},
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
			const tied = untied ? [0, 0, outputs] : [inputs, states, outputs];
			const [onInputs, onState, onOutputs] = tied.map(masked);
			const weights = untied
				? thinned(inner.weights, { W: inputs, U: states }, random, run.dtype)
				: inner.weights;
			if (untied && outputs === 0) return onWeights(inner, weights);
			return {
				...inner,
				weights,
				step(x, state, tap = pass, w = weights) {
					let reads = untied || states === 0;
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

/** Weights whose rows are dropped, by the first letter of their names: a row of W is what a gate reads of one input. */
function thinned<W extends Weights>(
	weights: W,
	rates: Readonly<Record<string, number>>,
	random: Random,
	dtype: DType,
): W {
	return Object.fromEntries(
		Object.entries(weights).map(([name, w]) => {
			const rate = rates[name[0]] ?? 0;
			if (rate === 0 || w.shape.length !== 2) return [name, w];
			return [name, mul(w, dropoutMask([w.shape[0], 1], rate, random, dtype))];
		}),
	) as unknown as W;
}
