import type { FusedKind } from "../backend/backend.ts";
import { wholeSequence } from "../ops/sequence.ts";
import { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { Cell, CellState } from "./cell.ts";

/** All steps at once by the backend's kernel for exactly this cell, where it has one. */
export function byKernel<S extends CellState, W extends Weights>(
	kind: FusedKind,
	H: number,
): NonNullable<Cell<S, W>["whole"]> {
	const whole: NonNullable<Cell<S, W>["whole"]> = (
		xs,
		before,
		{ weights, lengths },
	) => {
		const single = before instanceof Tensor;
		const done = wholeSequence(
			kind,
			H,
			xs,
			single ? [before] : Object.values(before),
			Object.values(weights),
			lengths,
		);
		if (!done) return undefined;
		const { outputs, state } = done;
		const names = Object.keys(before);
		const parts = names.map((name, i) => [name, state[i]]);
		return {
			outputs,
			state: single ? state[0] : Object.fromEntries(parts),
		};
	};
	kinds.set(whole, kind);
	return whole;
}

const kinds = new WeakMap<object, FusedKind>();

/** The kernel that does exactly a cell's equations, `lstm`, `gru-after`, `elman-relu` …, if there is one. */
export function kernelOf(cell: Cell): FusedKind | undefined {
	return cell.whole && kinds.get(cell.whole);
}
