import {
	constant,
	glorotUniform,
	type Initialiser,
	weight,
} from "../initialisers.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { type CellOptions, expectSizes } from "./cell.ts";

/** How weights start, by name (`Uf`), or by letter for all gates (`U`); what is left out starts as the cell says. */
export type Initial = Readonly<Record<string, Initialiser>>;

/** Weights of gates by name: gate "r" has Wr [D, H], Ur [H, H] and br [H]; the gate "" has W, U and b. */
export type GateWeights<G extends string> = Record<
	`W${G}` | `U${G}` | `b${G}`,
	Tensor
>;

/**
 * New weights for gates, in the order of their names; matrices start by Glorot's uniform, biases at 0.
 * @throws when a size is not a whole number of at least 1, or `initial` names a weight that is not there.
 */
export function gateWeights<G extends string>(
	place: string,
	names: readonly G[],
	options: CellOptions & { initial?: Initial },
	defaults: Initial = {},
): GateWeights<G> {
	const { inputs: D, hidden: H, random, dtype, initial = {} } = options;
	expectSizes(place, { inputs: D, hidden: H });
	const shapes = { W: [D, H], U: [H, H], b: [H] } as const;
	const letters = ["W", "U", "b"] as const;
	const all = names.flatMap((gate) =>
		letters.map((l) => `${l}${gate}` as const),
	);
	for (const name of Object.keys(initial))
		if (![...all, ...letters].includes(name as (typeof all)[number]))
			throw new Error(
				`${place}: initial names ${name}, which is not one of ${all.join(", ")}`,
			);
	const weights = all.map((name) => {
		const letter = name[0] as (typeof letters)[number];
		const fill =
			initial[name] ??
			initial[letter] ??
			defaults[name] ??
			(letter === "b" ? constant(0) : glorotUniform());
		return [name, weight(shapes[letter], fill, random, dtype)];
	});
	return Object.fromEntries(weights);
}

/** x·W + h·U + b, what a gate sees before its squashing [B, H]. */
export function gate(
	x: Tensor,
	W: Tensor,
	h: Tensor,
	U: Tensor,
	b: Tensor,
): Tensor {
	return add(matmul(x, W), matmul(h, U), b);
}
