import { type CellOptions, cellRules, pass } from "../cells/cell.ts";
import { gate } from "../cells/gates.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { initial, optional, size } from "../expect/rules.ts";
import { concat } from "../ops/arrange.ts";
import { tanh } from "../ops/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import type { Children, TreeCell } from "./cell.ts";

/** What a cell with a fixed number of places for children is made from. */
export interface PlacesOptions extends CellOptions {
	/** N: how many children a node has at most; each place has weights of its own. Default 2. */
	places?: number;
	/** How weights start, by name or letter; default Glorot's uniform and 0. */
	initial?: Initial;
}

export const placesRules: Rules<PlacesOptions> = {
	...cellRules,
	places: optional(size),
	initial: optional(initial),
};

/**
 * The recursive network (Goller and Küchler 1996, Learning task-dependent distributed representations by backpropagation through structure).
 *
 * ```text
 * h = tanh(x·W + [h₁ … h_N]·U + b)      a node from its label and its children      [B, H]
 * ```
 *
 * with x [B, D], the children's h_k [B, H] side by side, W [D, H], U [N·H, H] (N matrices, one below the other), b [H]. A missing child is
 * the nil vector, here zeros.
 * @throws when a size is not a whole number of at least 1.
 */
export function recursive(
	options: PlacesOptions,
): TreeCell<{ W: Tensor; U: Tensor; b: Tensor }> {
	const {
		inputs: D,
		hidden: H,
		places: N = 2,
	} = expectOptions("recursive", options, placesRules);
	const weights = makeWeights(
		"recursive",
		{ W: [D, H], U: [N * H, H], b: [H] },
		options,
	);
	return {
		name: "recursive",
		inputs: D,
		hidden: H,
		places: N,
		state: ["h"],
		weights,
		step(x, children, tap = pass) {
			const { W, U, b } = weights;
			const below = sideBySide(children, N);
			return { h: tap("h", tanh(gate(x, W, below, U, b))) };
		},
	};
}

/** [h₁ … h_N]: what the children of each node say, place by place [B, N·H]. */
export function sideBySide(children: Children, N: number): Tensor {
	const parts = Array.from({ length: N }, (_, k) => children.at(k, "h"));
	return concat(parts, 1);
}
