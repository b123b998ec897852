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
	let size = 1;
	for (let i = 0; i < shape.length; i++) size *= shape[i];
	return size;
}

/** Whether two shapes have the same axes. */
export function sameShape(a: Shape, b: Shape): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/**
 * Zeroed data of a type.
 * @throws when there is not enough memory: how much was wanted, and how much the machine has left.
 */
export function allocate(dtype: DType, size: number): Numbers {
	try {
		return dtype === "float64"
			? new Float64Array(size)
			: new Float32Array(size);
	} catch {
		throw noMemoryFor(dtype, size);
	}
}

/** An uninitialised buffer of a type, for a result that is written to its last number. Errors as `allocate`. */
export function uninitialised(dtype: DType, size: number): Numbers {
	try {
		return allocateResult(dtype, size);
	} catch {
		throw noMemoryFor(dtype, size);
	}
}

function noMemoryFor(dtype: DType, size: number): Error {
	const wanted = size * (dtype === "float64" ? 8 : 4);
	return outOfMemory(wanted, freeMemory(), `${size} numbers of ${dtype}`);
}

/** Zeroed data of the same type as `like`. */
export function allocateLike(like: Numbers, size: number): Numbers {
	return allocate(like instanceof Float64Array ? "float64" : "float32", size);
}
