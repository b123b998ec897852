import { expectValue } from "../expect/expect.ts";
import { aCell, list, rate as rateRule, text } from "../expect/rules.ts";
import { dropoutMask, maskSource } from "../masks.ts";
import { mul } from "../ops/elementwise.ts";
import type { Weights } from "../weights.ts";
import { onWeights } from "./all-steps.ts";
import { type Cell, type CellState, prepared } from "./cell.ts";

const weightNames = list(text, "a list of names");

/**
 * DropConnect on the weights between states (Merity, Keskar and Socher 2018, arXiv:1708.02182; Wan et al. 2013).
 *
 * Masked: single weights of the matrices U… (and S, the shortcut of `deepTransition`), or of those named. A mask lives for one run and is
 * the same for all its sequences and steps, so a whole-sequence kernel works as ever. What stays is divided by 1 − rate. Evaluation does nothing.
 * @throws when the rate is not from 0 up to 1, there is nothing to drop, a name is not a weight, or when training without `random`.
 */
export function weightDrop<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	rate: number,
	weights?: readonly string[],
): Cell<S, W> {
	expectValue("weightDrop", "the cell", cell, aCell);
	expectValue("weightDrop", "the rate", rate, rateRule);
	const names =
		weights === undefined
			? Object.keys(cell.weights).filter((name) => /^[US]/.test(name))
			: weights;
	expectValue("weightDrop", "the weights", names, weightNames);
	if (names.length === 0)
		throw new Error(
			`weightDrop: ${cell.name} has no weights between states; wanted names out of ${Object.keys(cell.weights).join(", ")}`,
		);
	const chosen = new Set(names);
	for (const name of chosen)
		if (!Object.hasOwn(cell.weights, name))
			throw new Error(
				`weightDrop: ${name} is not one of ${Object.keys(cell.weights).join(", ")}`,
			);
	return {
		...cell,
		prepare(run) {
			const inner = prepared(cell, run);
			const random = maskSource("weightDrop", run);
			if (!random || rate === 0) return inner;
			const dropped = Object.entries(inner.weights).map(([name, U]) => [
				name,
				chosen.has(name)
					? mul(U, dropoutMask(U.shape, rate, random, run.dtype))
					: U,
			]);
			return onWeights(inner, Object.fromEntries(dropped) as W);
		},
	};
}
