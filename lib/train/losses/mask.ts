import { flatten } from "../../expect/lists.ts";
import { type Nested, type Shape, sizeOf, Tensor } from "../../tensor.ts";

/** How much each position counts: numbers of at least 0, 0 where it is left out (padding). */
export type Mask = Tensor | Nested;

const notNegative = {
	wanted: "numbers of at least 0",
	fits: (value: unknown) =>
		typeof value === "number" && value >= 0 && value < Infinity,
};

/** How much each of a loss's positions counts, and all of them together. */
export interface Counted {
	/** One for each position; none where each counts 1. */
	weights?: Float64Array;
	/** Σ of the weights. */
	total: number;
}

/**
 * A mask over the positions of a loss: it may have fewer axes than they, [T, B] where they are [T, B, D].
 * @throws when its axes are not the first ones of the positions, a number is negative or missing, or none counts.
 */
export function counted(
	place: string,
	mask: Mask | undefined,
	positions: Shape,
): Counted {
	const size = sizeOf(positions);
	if (mask === undefined) {
		if (size === 0) throw new Error(`${place}: wanted at least one number`);
		return { total: size };
	}
	const { data, shape } =
		mask instanceof Tensor
			? mask
			: flatten(
					`${place}: the mask`,
					mask,
					(size) => new Float64Array(size),
					notNegative,
				);
	if (
		shape.length > positions.length ||
		(shape.length === 0 && positions.length > 0) ||
		shape.some((n, axis) => n !== positions[axis])
	)
		throw new Error(
			`${place}: the mask must be [${positions.join(", ")}] or its first axes, got [${shape.join(", ")}]`,
		);
	const wrong = data.findIndex((value) => !notNegative.fits(value));
	if (wrong >= 0)
		throw new Error(
			`${place}: the mask must be numbers of at least 0, got ${data[wrong]} at ${wrong}`,
		);
	const each = size / data.length;
	const weights = new Float64Array(size);
	let total = 0;
	for (let i = 0; i < size; i++) {
		weights[i] = data[Math.floor(i / each)];
		total += weights[i];
	}
	if (!(total > 0))
		throw new Error(
			`${place}: the mask leaves out everything; wanted at least one number above 0`,
		);
	return { weights, total };
}
