import { constant } from "../initialisers.ts";
import { add, mul, sigmoid, tanh } from "../ops/elementwise.ts";
import { type Tensor, zeros } from "../tensor.ts";
import { type Cell, type CellOptions, expectShape } from "./cell.ts";
import { type GateWeights, gate, gateWeights, type Initial } from "./gates.ts";

export interface LstmOptions extends CellOptions {
	/** How weights start, by name or letter; default Glorot's uniform, biases 0, but `bf` 1. */
	initial?: Initial;
}

/** The output h and the memory c, both [B, H]. */
export type LstmState = { h: Tensor; c: Tensor };

/**
 * Long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000).
 *
 *   i  = σ(x·Wi + h·Ui + bi)         how much to write                  [B, H]
 *   f  = σ(x·Wf + h·Uf + bf)         how much of the memory to keep     [B, H]
 *   g  = tanh(x·Wg + h·Ug + bg)      what to write                      [B, H]
 *   o  = σ(x·Wo + h·Uo + bo)         how much of the memory to show     [B, H]
 *   c′ = f ⊙ c + i ⊙ g               the new memory                     [B, H]
 *   h′ = o ⊙ tanh(c′)                the output                         [B, H]
 *
 * The forget bias starts at 1, so that a new network remembers (Gers et al. 2000; Jozefowicz et al. 2015).
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function lstm(
	options: LstmOptions,
): Cell<LstmState, GateWeights<"i" | "f" | "g" | "o">> {
	const { inputs: D, hidden: H, dtype } = options;
	const w = gateWeights("lstm", ["i", "f", "g", "o"], options, {
		bf: constant(1),
	});
	return {
		name: "lstm",
		inputs: D,
		hidden: H,
		weights: w,
		fused: "lstm",
		start: (B) => ({
			h: zeros([B, H], { dtype }),
			c: zeros([B, H], { dtype }),
		}),
		step(x, { h, c }) {
			const B = x.shape[0];
			expectShape("lstm: x", x, { B, D });
			expectShape("lstm: h", h, { B, H });
			expectShape("lstm: c", c, { B, H });
			const i = sigmoid(gate(x, w.Wi, h, w.Ui, w.bi));
			const f = sigmoid(gate(x, w.Wf, h, w.Uf, w.bf));
			const g = tanh(gate(x, w.Wg, h, w.Ug, w.bg));
			const o = sigmoid(gate(x, w.Wo, h, w.Uo, w.bo));
			const memory = add(mul(f, c), mul(i, g));
			const output = mul(o, tanh(memory));
			return { output, state: { h: output, c: memory } };
		},
	};
}
