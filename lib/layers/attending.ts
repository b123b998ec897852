import { type Cell, type CellState, pass, prepared } from "../cells/cell.ts";
import { parts } from "../cells/state.ts";
import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aCell, callable, size } from "../expect/rules.ts";
import { concat, reshape } from "../ops/arrange.ts";
import type { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { Attend } from "./attention.ts";

export interface AttendingOptions {
	/** Looks back at a memory; an `encoderDecoder` hands it to its decoder. */
	attend: Attend;
	/** D: size of x without the context. */
	inputs: number;
}

const rules: Rules<AttendingOptions> = { attend: callable, inputs: size };

/**
 * A cell that looks back at a memory before each step, and reads what it found there beside its input (Bahdanau, Cho and Bengio 2015,
 * arXiv:1409.0473, section 3.1).
 *
 * ```text
 * c      = attention(h over the memory)        asked by the state before the step      [B, M]
 * h′     = cell([x, c], h)                                                             [B, H]
 * ```
 *
 * with x [B, D], so that the cell's own inputs are D + M. Its weights are the cell's. A tap sees `attention` [B, S].
 * @throws when the cell's state has no part `h` to ask by.
 */
export function attending<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	options: AttendingOptions,
): Cell<S, W> {
	expectValue("attending", "the cell", cell, aCell);
	const { attend, inputs: D } = expectOptions("attending", options, rules);
	return {
		...cell,
		name: `attending(${cell.name})`,
		inputs: D,
		step(x, state, tap = pass, w = cell.weights) {
			const known = parts(cell, state);
			if (!known.h)
				throw new Error(
					`attending: the cell's state must have an h, the query of the attention; that of ${cell.name} has ${Object.keys(known).join(", ")}`,
				);
			const { context } = attend(oneStep(known.h), (a) =>
				oneStep(tap("attention", ofStep(a))),
			);
			const c = ofStep(context);
			return cell.step(concat([x, c], 1), state, tap, w);
		},
		prepare: (run) => attending(prepared(cell, run), options),
	};
}

/** [B, N] → [1, B, N]: what attention takes and gives, for a single step. */
const oneStep = (x: Tensor) => reshape(x, [1, ...x.shape]);
const ofStep = (x: Tensor) => reshape(x, x.shape.slice(1));
