import {
	constant,
	glorotUniform,
	type Initialiser,
	weight,
} from "./initialisers.ts";
import type { Random } from "./random.ts";
import { type DType, nameWeight, type Shape, type Tensor } from "./tensor.ts";

/** Weights by name, as in the equations. */
export type Weights = Readonly<Record<string, Tensor>>;

/** How weights start, by name (`Uf`), or by letter for all gates (`U`); what is left out starts as the cell says. */
export type Initial = Readonly<Record<string, Initialiser>>;

/**
 * New weights of these shapes, drawn in their order; matrices start by Glorot's uniform, vectors at 0.
 * @throws when `initial` names a weight that is not there.
 */
export function makeWeights<N extends string>(
	place: string,
	shapes: Readonly<Record<N, Shape>>,
	options: { random: Random; dtype?: DType; initial?: Initial },
	defaults: Initial = {},
): Record<N, Tensor> {
	const { random, dtype, initial = {} } = options;
	const names = Object.keys(shapes) as N[];
	for (const name of Object.keys(initial))
		if (!names.some((known) => known === name || known[0] === name))
			throw new Error(
				`${place}: initial names ${name}, which is not one of ${names.join(", ")}`,
			);
	const fill = (name: N) =>
		initial[name] ??
		initial[name[0]] ??
		defaults[name] ??
		defaults[name[0]] ??
		(shapes[name].length === 1 ? constant(0) : glorotUniform());
	const made = (name: N) => {
		const w = weight(shapes[name], fill(name), random, dtype);
		nameWeight(w, `${place}.${name}`);
		return w;
	};
	return Object.fromEntries(names.map((name) => [name, made(name)])) as Record<
		N,
		Tensor
	>;
}
