import { zeros } from "../make.ts";
import { concat, slice } from "../ops/arrange.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import {
	type Cell,
	type CellOptions,
	expectShape,
	expectSizes,
	pass,
	type Weights,
} from "./cell.ts";
import { type Initial, makeWeights, mix } from "./gates.ts";

export interface QrnnOptions extends CellOptions {
	/** k: how many steps of x the convolutions see, this one and those before; default 2. */
	window?: number;
	/** Which gates pool: forget; forget and output (the default); forget, output and input. */
	pooling?: "f" | "fo" | "ifo";
	/** How weights start, by name or letter; default Glorot's uniform and 0. */
	initial?: Initial;
}

/** The memory c [B, H], and the k − 1 inputs before this step side by side, oldest first [B, (k − 1)·D]. */
export type QrnnState = { c: Tensor; past: Tensor };

/**
 * Quasi-recurrent network (Bradbury et al. 2017, arXiv:1611.01576, section 2): convolutions over x, and a pooling that has no weights.
 *
 *   X  = [x₍t₋k₊₁₎; …; x]                  the window, zeros before the start         [B, k·D]
 *   z  = tanh(X·Wz + bz)                   what to write                              [B, H]
 *   f  = σ(X·Wf + bf)                      how much to keep; o and i likewise         [B, H]
 *   f-pooling     c′ = f ⊙ c + (1 − f) ⊙ z      h′ = c′                               [B, H]
 *   fo-pooling    c′ = f ⊙ c + (1 − f) ⊙ z      h′ = o ⊙ c′                           [B, H]
 *   ifo-pooling   c′ = f ⊙ c + i ⊙ z            h′ = o ⊙ c′                           [B, H]
 *
 * X·W is the paper's masked convolution: it never sees a later step. The biases are ours; at 0 they are not there.
 * @throws when a size is not a whole number of at least 1, the pooling is unknown, or an input does not fit.
 */
export function qrnn(options: QrnnOptions): Cell<QrnnState> {
	const { inputs: D, hidden: H, dtype, window: k = 2 } = options;
	const { pooling = "fo" } = options;
	expectSizes("qrnn", { inputs: D, hidden: H, window: k });
	if (!["f", "fo", "ifo"].includes(pooling))
		throw new Error(`qrnn: pooling must be one of f, fo, ifo, got ${pooling}`);
	const shapes: Record<string, Shape> = {};
	for (const gate of `z${pooling}`) {
		shapes[`W${gate}`] = [k * D, H];
		shapes[`b${gate}`] = [H];
	}
	const weights: Weights = makeWeights("qrnn", shapes, options);
	return {
		name: "qrnn",
		inputs: D,
		hidden: H,
		weights,
		candidate: "z",
		start: (B) => ({
			c: zeros([B, H], { dtype }),
			past: zeros([B, (k - 1) * D], { dtype }),
		}),
		step(x, { c, past }, tap = pass, w = weights) {
			const B = x.shape[0];
			expectShape("qrnn: x", x, { B, D });
			expectShape("qrnn: c", c, { B, H });
			expectShape("qrnn: past", past, { B, "(k−1)·D": (k - 1) * D });
			const X = concat([past, x], 1);
			const sees = (gate: string) =>
				add(matmul(X, w[`W${gate}`]), w[`b${gate}`]);
			const gate = (name: string) => tap(name, sigmoid(sees(name)));
			const z = tap("z", tanh(sees("z")));
			const f = gate("f");
			const memory = tap(
				"c",
				pooling === "ifo" ? add(mul(f, c), mul(gate("i"), z)) : mix(f, c, z),
			);
			const output = tap(
				"h",
				pooling === "f" ? memory : mul(gate("o"), memory),
			);
			return { output, state: { c: memory, past: slice(X, 1, D, k * D) } };
		},
	};
}
