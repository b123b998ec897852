import type { FusedKind } from "../backend/backend.ts";
import { wholeSequence } from "../ops/sequence.ts";
import { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { Cell, CellState } from "./cell.ts";

/**
 * All steps of xs [T, B, D] at once: quicker than one by one, and equal to it. Outputs [T, B, H], and the state after each sequence's last step.
 * Past its length a sequence puts out zeros and keeps its state. Undefined where it cannot be done.
 */
export type AllSteps<
	S extends CellState = CellState,
	W extends Weights = Weights,
> = (
	xs: Tensor,
	state: S,
	how: { weights: W; lengths?: readonly number[] },
) => { outputs: Tensor; state: S } | undefined;

/** By a cell's `step`, so that a wrapper with a step of its own does not run the steps of the cell inside. */
const known = new WeakMap<object, AllSteps>();
const kernels = new WeakMap<object, FusedKind>();

/** Gives a cell, which is returned, a way to do all its steps at once. */
export function withAllSteps<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	all: AllSteps<S, W>,
): Cell<S, W> {
	known.set(cell.step, all as unknown as AllSteps);
	return cell;
}

/** How a cell does all its steps at once, if it can. */
export function allSteps<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): AllSteps<S, W> | undefined {
	return known.get(cell.step) as AllSteps<S, W> | undefined;
}

/** The cell on other weights of the same names and shapes, unless a step is given others still. */
export function onWeights<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	weights: W,
): Cell<S, W> {
	const made: Cell<S, W> = {
		...cell,
		weights,
		step: (x, state, tap, w = weights) => cell.step(x, state, tap, w),
	};
	const all = allSteps(cell);
	return all ? withAllSteps(made, all) : made;
}

/** Gives a cell the backend's kernel for exactly its equations, where the backend has it. */
export function withKernel<S extends CellState, W extends Weights>(
	kind: FusedKind,
	cell: Cell<S, W>,
): Cell<S, W> {
	kernels.set(cell.step, kind);
	return withAllSteps(cell, (xs, before, { weights, lengths }) => {
		const single = before instanceof Tensor;
		const done = wholeSequence(
			kind,
			cell.hidden,
			xs,
			single ? [before] : Object.values(before),
			Object.values(weights),
			lengths,
		);
		if (!done) return undefined;
		const { outputs, state } = done;
		if (single) return { outputs, state: state[0] as S };
		const after: Record<string, Tensor> = {};
		let i = 0;
		for (const name in before) after[name] = state[i++];
		return { outputs, state: after as S };
	});
}

/** The kernel for exactly a cell's equations, `lstm`, `gru-after`, `elman-relu` …, if there is one. */
export function kernelOf(cell: Cell): FusedKind | undefined {
	return kernels.get(cell.step);
}
