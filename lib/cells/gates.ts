import {
	constant,
	glorotUniform,
	type Initialiser,
	weight,
} from "../initialisers.ts";
import { zeros } from "../make.ts";
import { add, mul, sub } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Random } from "../random.ts";
import { type DType, nameWeight, type Shape, type Tensor } from "../tensor.ts";

/** How weights start, by name (`Uf`), or by letter for all gates (`U`); what is left out starts as the cell says. */
export type Initial = Readonly<Record<string, Initialiser>>;

/** Weights of gates by name: gate "r" has Wr [D, H], Ur [R, H] and br [H]; the gate "" has W, U and b. */
export type GateWeights<G extends string> = Record<
	`W${G}` | `U${G}` | `b${G}`,
	Tensor
>;

/** The shapes of the weights of gates, in the order of their names; R is the size of what U reads, if it is not H. */
export function gateShapes<G extends string>(
	names: readonly G[],
	D: number,
	H: number,
	R = H,
): Record<keyof GateWeights<G>, Shape> {
	const shapes = names.flatMap((gate) => [
		[`W${gate}`, [D, H]],
		[`U${gate}`, [R, H]],
		[`b${gate}`, [H]],
	]);
	return Object.fromEntries(shapes);
}

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

/** keep ⊙ old + (1 − keep) ⊙ fresh: the mean of old and fresh, weighed by a gate. */
export function mix(keep: Tensor, old: Tensor, fresh: Tensor): Tensor {
	return add(mul(keep, old), mul(sub(1, keep), fresh));
}

/** A state that starts at zeros: h [B, H]. */
export function zeroState(
	H: number,
	dtype: DType | undefined,
): (B: number) => Tensor {
	return (B) => zeros([B, H], { dtype });
}
