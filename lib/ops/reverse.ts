import type { Numbers } from "../backend/backend.ts";
import { allocateLike, result, sizeOf, type Tensor } from "../tensor.ts";

/**
 * Reverses each sequence b of xs [T, B, …] within its own length; the padding after it stays in place.
 * Without `lengths` all T steps are reversed. The operation is its own inverse.
 */
export function reverse(xs: Tensor, lengths?: readonly number[]): Tensor {
	const [T, B] = xs.shape;
	const run = sizeOf(xs.shape.slice(2));
	const turn = (data: Numbers): Numbers => {
		const out = allocateLike(data, data.length);
		for (let b = 0; b < B; b++) {
			const length = lengths?.[b] ?? T;
			for (let t = 0; t < T; t++) {
				const from = ((t < length ? length - 1 - t : t) * B + b) * run;
				out.set(data.subarray(from, from + run), (t * B + b) * run);
			}
		}
		return out;
	};
	return result("reverse", [xs], turn(xs.data), xs.shape, (g) => [turn(g)]);
}
