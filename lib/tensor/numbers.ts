import type { Numbers } from "../backend/backend.ts";
import { allocateResult } from "../backend/current.ts";
import { freeMemory, outOfMemory } from "../backend/platform.ts";

/** How numbers are kept: float32 for training, float64 for checks. */
export type DType = "float32" | "float64";
/** The length of each axis: [T, B, D]. */
export type Shape = readonly number[];
/** Numbers nested in arrays, as deep as the tensor has axes. */
export type Nested = number | readonly Nested[];

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
	return shape.reduce((product, n) => product * n, 1);
}

/**
 * Zeroed data of a type.
 * @throws when there is not enough memory: how much was wanted, and how much the machine has left.
 */
export function allocate(dtype: DType, size: number): Numbers {
	return orSay(dtype, size, () =>
		dtype === "float64" ? new Float64Array(size) : new Float32Array(size),
	);
}

/** An uninitialised buffer of a type, for a result that is written to its last number. Errors as `allocate`. */
export function uninitialised(dtype: DType, size: number): Numbers {
	return orSay(dtype, size, () => allocateResult(dtype, size));
}

function orSay(dtype: DType, size: number, make: () => Numbers): Numbers {
	try {
		return make();
	} catch {
		const wanted = size * (dtype === "float64" ? 8 : 4);
		throw outOfMemory(wanted, freeMemory(), `${size} numbers of ${dtype}`);
	}
}

/** Zeroed data of the same type as `like`. */
export function allocateLike(like: Numbers, size: number): Numbers {
	return allocate(like instanceof Float64Array ? "float64" : "float32", size);
}
