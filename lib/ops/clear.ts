import type { Numbers } from "../backend/backend.ts";
import { result, sizeOf, type Tensor, uninitialised } from "../tensor.ts";

/**
 * xs [T, B, …] with zeros past each sequence's length, whatever lay there: what is not of a sequence reaches neither results nor
 * gradients, not even as a NaN that is multiplied by 0.
 */
export function clearPadding(xs: Tensor, lengths: readonly number[]): Tensor {
	const [T, B] = xs.shape;
	if (lengths.every((length) => length === T)) return xs;
	const run = sizeOf(xs.shape.slice(2));
	const cleared = (data: Numbers): Numbers => {
		const out = uninitialised(xs.dtype, data.length);
		out.set(data);
		for (let t = 0; t < T; t++)
			for (let b = 0; b < B; b++)
				if (t >= lengths[b])
					out.fill(0, (t * B + b) * run, (t * B + b + 1) * run);
		return out;
	};
	return result("clearPadding", [xs], cleared(xs.data), xs.shape, (g) => [
		cleared(g),
	]);
}
