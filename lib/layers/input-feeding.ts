import { type Cell, type CellState, pass, prepared } from "../cells/cell.ts";
import { parts } from "../cells/state.ts";
import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aCell, aLayer, callable, size } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { concat, reshape } from "../ops/arrange.ts";
import { tanh } from "../ops/elementwise.ts";
import { sameShape, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { Attend } from "./attention.ts";
import { type Layer, prefixed } from "./layer.ts";

export interface InputFeedingOptions {
	/** Looks back at a memory; an `encoderDecoder` hands it to its decoder. */
	attend: Attend;
	/** D: size of x without what is fed. */
	inputs: number;
	/** F: size of h̃, which is fed and put out. */
	outputs: number;
	/** From [c, h] to h̃ before its tanh: `dense({ inputs: M + H, outputs: F, random })`, made outside the decoder's function. */
	combine: Layer;
}

const rules: Rules<InputFeedingOptions> = {
	attend: callable,
	inputs: size,
	outputs: size,
	combine: aLayer,
};

/**
 * A cell that looks back at a memory after each step, and reads at the next step what came of it (Luong, Pham and Manning 2015, arXiv:1508.04025,
 * sections 3 and 3.3).
 *
 * ```text
 * s  = cell([x, h̃₍t₋₁₎])                  its h asks                      [B, H]
 * c  = attention(h over the memory)                                      [B, M]
 * h̃  = tanh([c, h]·W + b)                 the output, fed to the next     [B, F]
 * ```
 *
 * with x [B, D], so that the cell's own inputs are D + F. In an `encoderDecoder` its decoder is
 * `(attend) => chain(words, unroll(inputFeeding(cell, { attend, inputs, outputs, combine })))`, and `output` reads h̃ alone. The state is the cell's with
 * `fed`; one without, such as an encoder's, begins with zeros there. A tap sees `attention` [B, S] and `fed`.
 * @throws when the cell's state has no part `h` to ask by, or `combine` does not give [B, F].
 */
export function inputFeeding(
	cell: Cell,
	options: InputFeedingOptions,
): Cell<Readonly<Record<string, Tensor>>, Weights> {
	expectValue("inputFeeding", "the cell", cell, aCell);
	const {
		attend,
		inputs: D,
		outputs: F,
		combine,
	} = expectOptions("inputFeeding", options, rules);
	const first = cell.start(0);
	const names = Object.keys(parts(cell, first));
	if (!names.includes("h"))
		throw new Error(
			`inputFeeding: the cell's state must have an h, the query of the attention; that of ${cell.name} has ${names.join(", ")}`,
		);
	const { dtype } = parts(cell, first).h;
	const nothing = (B: number) => zeros([B, F], { dtype });
	/** The cell's own state, out of ours. */
	const inner = (state: Readonly<Record<string, Tensor>>): CellState =>
		first instanceof Tensor
			? state.h
			: Object.fromEntries(names.map((name) => [name, state[name]]));
	const weights = { ...cell.weights, ...prefixed("combine", combine.weights) };
	return {
		name: `inputFeeding(${cell.name})`,
		inputs: D,
		hidden: F,
		weights,
		traits: { mayLack: ["fed"] },
		start: (B) => ({ ...parts(cell, cell.start(B)), fed: nothing(B) }),
		step(x, state, tap = pass, w = weights) {
			const { output: _, state: next } = cell.step(
				concat([x, state.fed], 1),
				inner(state),
				tap,
				w,
			);
			const known = parts(cell, next);
			const { context } = attend(oneStep(known.h), (a) =>
				oneStep(tap("attention", ofStep(a))),
			);
			const fed = tap(
				"fed",
				tanh(combine.apply(concat([ofStep(context), known.h], 1))),
			);
			if (!sameShape(fed.shape, [x.shape[0], F]))
				throw new Error(
					`inputFeeding: combine must give [B, F=${F}], got [${fed.shape.join(", ")}]`,
				);
			return { output: fed, state: { ...known, fed } };
		},
		prepare: (run) => inputFeeding(prepared(cell, run), options),
	};
}

/** [B, N] → [1, B, N]: what attention takes and gives, for a single step. */
const oneStep = (x: Tensor) => reshape(x, [1, ...x.shape]);
const ofStep = (x: Tensor) => reshape(x, x.shape.slice(1));
