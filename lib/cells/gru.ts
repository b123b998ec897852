import { constant, weight } from "../initialisers.ts";
import { add, mul, sigmoid, sub, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { type Tensor, zeros } from "../tensor.ts";
import {
	type Cell,
	type CellOptions,
	expectShape,
	type Weights,
} from "./cell.ts";
import { gate, gateWeights, type Initial } from "./gates.ts";

export interface GruOptions extends CellOptions {
	/** Whether the reset gate works before the recurrent product (Cho et al., the default) or after it (PyTorch, cuDNN). */
	reset?: "before" | "after";
	/** How weights start, by name or letter; default Glorot's uniform, biases 0. */
	initial?: Initial;
}

/**
 * Gated recurrent unit, with the reset gate before the recurrent product (Cho et al. 2014, arXiv:1406.1078v3).
 *
 *   r  = σ(x·Wr + h·Ur + br)             what of the past the candidate may see   [B, H]
 *   z  = σ(x·Wz + h·Uz + bz)             how much of the past to keep             [B, H]
 *   h̃  = tanh(x·W + (r ⊙ h)·U + b)       what to write instead                    [B, H]
 *   h′ = z ⊙ h + (1 − z) ⊙ h̃             the new state, also the output           [B, H]
 *
 * PyTorch and cuDNN apply r after the product with U, which then has a bias of its own, c [H]: that is `reset: "after"`,
 *
 *   h̃  = tanh(x·W + b + r ⊙ (h·U + c))
 *
 * and weights of one do not fit the other. Where a library says z for what is new, its Wz, Uz and bz are ours with the sign turned.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function gru(options: GruOptions): Cell<Tensor> {
	const { inputs: D, hidden: H, random, dtype, reset = "before" } = options;
	if (reset !== "before" && reset !== "after")
		throw new Error(`gru: reset must be before or after, got ${reset}`);
	const w = gateWeights("gru", ["r", "z", ""], options);
	const c = weight([H], constant(0), random, dtype);
	const weights: Weights = reset === "after" ? { ...w, c } : w;

	const before = (x: Tensor, r: Tensor, h: Tensor) =>
		gate(x, w.W, mul(r, h), w.U, w.b);
	const after = (x: Tensor, r: Tensor, h: Tensor) =>
		add(matmul(x, w.W), w.b, mul(r, add(matmul(h, w.U), c)));
	const candidate = reset === "after" ? after : before;
	return {
		name: "gru",
		inputs: D,
		hidden: H,
		weights,
		fused: `gru-${reset}`,
		start: (B) => zeros([B, H], { dtype }),
		step(x, h) {
			const B = x.shape[0];
			expectShape("gru: x", x, { B, D });
			expectShape("gru: h", h, { B, H });
			const r = sigmoid(gate(x, w.Wr, h, w.Ur, w.br));
			const z = sigmoid(gate(x, w.Wz, h, w.Uz, w.bz));
			const proposed = tanh(candidate(x, r, h));
			const next = add(mul(z, h), mul(sub(1, z), proposed));
			return { output: next, state: next };
		},
	};
}
