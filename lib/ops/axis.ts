import { described } from "../expect/words.ts";
import type { Shape } from "../tensor.ts";
import { sizeOf } from "../tensor.ts";

/** An axis as a count from the front; −1 is the last. */
export function axisOf(name: string, shape: Shape, axis: number): number {
	const found = Number.isInteger(axis) && axis < 0 ? axis + shape.length : axis;
	if (!Number.isInteger(found) || found < 0 || found >= shape.length)
		throw new Error(
			`${name}: axis must be a whole number from ${-shape.length} to ${shape.length - 1} for [${shape.join(", ")}], got ${described(axis)}`,
		);
	return found;
}

/** A shape seen from one axis: [outer, length, inner], so that index = (o · length + i) · inner + j. */
export function around(
	shape: Shape,
	axis: number,
): { outer: number; length: number; inner: number } {
	return {
		outer: sizeOf(shape.slice(0, axis)),
		length: shape[axis],
		inner: sizeOf(shape.slice(axis + 1)),
	};
}
