import { expectValue } from "../expect/expect.ts";
import { aCell } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { add } from "../ops/elementwise.ts";
import { nameWeight, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { type Cell, type CellState, prepared } from "./cell.ts";
import { parts } from "./state.ts";

/**
 * A cell whose state before the first step is learnt, instead of being zeros: one number for each unit, the same for every sequence. They start at
 * what the cell started from, and are the weights `start.h` (and `start.c` …) beside those of the cell.
 *
 * ```ts
 * unroll(learntStart(lstm({ inputs: 8, hidden: 16, random })))
 * ```
 *
 * A state that is given to a run takes its place, as ever.
 * @throws when it is no cell.
 */
export function learntStart<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): Cell<S, Weights> {
	expectValue("learntStart", "the cell", cell, aCell);
	const first = cell.start(1);
	const single = first instanceof Tensor;
	const starts = Object.entries(parts(cell, first)).map(
		([name, { data, shape }]): [string, Tensor] => {
			const { dtype } = Object.values(cell.weights)[0];
			const w = zeros(shape.slice(1), { dtype, requiresGrad: true });
			w.data.set(data);
			nameWeight(w, `start.${name}`);
			return [name, w];
		},
	);
	const named = starts.map(([name, w]) => [`start.${name}`, w]);
	return {
		...cell,
		name: cell.name,
		weights: { ...cell.weights, ...Object.fromEntries(named) },
		start(batch) {
			const made = starts.map(([name, w]): [string, Tensor] => [
				name,
				add(zeros([batch, ...w.shape], { dtype: w.dtype }), w),
			]);
			return (single ? made[0][1] : Object.fromEntries(made)) as S;
		},
		step: (x, state, tap, w) =>
			cell.step(x, state, tap, (w ?? cell.weights) as W),
		// the cell itself runs, by its own weights
		prepare: (run) => prepared(cell, run) as unknown as Cell<S, Weights>,
	};
}
