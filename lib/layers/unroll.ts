import { allSteps } from "../cells/all-steps.ts";
import { type Cell, type CellState, prepared } from "../cells/cell.ts";
import { stateFor } from "../cells/state.ts";
import { expectValue } from "../expect/expect.ts";
import { aCell, aTensor } from "../expect/rules.ts";
import { clearPadding } from "../ops/clear.ts";
import { runsSteps } from "../ops/steps.ts";
import { remembered } from "../random.ts";
import { Caller, callsAreDistinct } from "../scope.ts";
import { type Tensor, Untraceable } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { expectLengths, type Layer, layer } from "./layer.ts";
import { asProgram } from "./program.ts";
import { stepByStep, unfoldingTo } from "./step-by-step.ts";

/**
 * A cell run over time: xs [T, B, D] → outputs [T, B, H], with the state carried from step to step.
 *
 * With `lengths`, each sequence of a padded batch ends at its own length: later outputs are zeros, and the state
 * returned is that of its own last step. With `state`, it goes on from where an earlier run ended. With `inspect`, it
 * returns every gate and state of its steps [T, B, H] by name.
 * In float32 the sequences of a batch are shared out among threads, so gradients of weights differ in their last digits with the number of
 * threads (`UNROLLED_THREADS`); outputs do not.
 * @throws when xs is not [T, B, D] or of another type than the weights, a length is not from 0 to T, the state is not one of this cell
 * for B sequences, or the cell draws masks and there is no `random` while training.
 */
export function unroll<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): Layer<Tensor, W, S>;
/** Of one of several cells: `unroll(deep ? lstm(sizes) : gru(sizes))`. */
export function unroll(cell: Cell): Layer;
export function unroll<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): Layer<Tensor, W, S> {
	expectValue("unroll", "the cell", cell, aCell);
	const place = `unroll(${cell.name})`;
	const own = cell.start(0);
	const caller = new Caller(cell.name, cell);
	/** In which of training and evaluation the step cannot be traced. */
	const refused = new Set<boolean | undefined>();
	const run: Layer<Tensor, W, S>["run"] = (padded, options = {}) => {
		const { state, training, random, inspect } = options;
		const [T, B] = sequenceShape(place, cell, padded);
		const lengths = expectLengths("unroll", options.lengths, { T, B });
		const xs = lengths ? clearPadding(padded, lengths) : padded;
		const start =
			state === undefined
				? cell.start(B)
				: stateFor(place, cell, own, state, B);
		const about = { dtype: xs.dtype, training, random };
		let goBack = cell.prepare && random && remembered(random);
		let now = prepared(cell, about);
		const { weights } = now;
		const quick = inspect
			? undefined
			: allSteps(now)?.(xs, start, { weights, lengths });
		if (quick) return quick;
		const tried =
			T >= FEWEST_STEPS &&
			B > 0 &&
			!refused.has(training) &&
			!callsAreDistinct() &&
			runsSteps(xs);
		if (tried) goBack ??= random && remembered(random);
		if (tried && (goBack || !random)) {
			const run = asProgram(now, xs, start, lengths, inspect);
			if (!(run instanceof Untraceable)) {
				if (inspect)
					unfoldingTo(run, () => {
						const here = random && remembered(random);
						goBack?.();
						const again = prepared(cell, about); // with the same masks
						const done = stepByStep(again, caller, xs, start, lengths, inspect);
						here?.();
						return done;
					});
				return run;
			}
			refused.add(training);
			// The steps that were tried have drawn masks, which the cell may keep.
			goBack?.();
			now = prepared(cell, about);
		}
		return stepByStep(now, caller, xs, start, lengths, inspect);
	};
	const made = layer("unroll", cell.weights, run);
	return {
		...made,
		structure: { is: "unroll", cell: cell as unknown as Cell },
	};
}

/** From so many steps on a program is sooner done than written step by step. */
const FEWEST_STEPS = 3;

function sequenceShape(
	place: string,
	cell: Cell,
	xs: Tensor,
): readonly [number, number] {
	expectValue(place, "xs", xs, aTensor);
	if (xs.shape.length !== 3 || xs.shape[2] !== cell.inputs)
		throw new Error(
			`${place}: xs must be [T, B, D=${cell.inputs}], got [${xs.shape.join(", ")}]`,
		);
	const [weight = xs] = Object.values(cell.weights);
	if (xs.dtype !== weight.dtype)
		throw new Error(
			`${place}: xs must be ${weight.dtype} as the weights are, got ${xs.dtype}`,
		);
	return [xs.shape[0], xs.shape[1]];
}
