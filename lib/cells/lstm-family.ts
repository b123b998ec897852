import type { Initial } from "../weights.ts";
// What all LSTMs share.

import type { Rules } from "../expect/expect.ts";
import { initial, optional } from "../expect/rules.ts";
import { constant } from "../initialisers.ts";
import { zeros } from "../make.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type CellOptions, cellRules } from "./cell.ts";
import type { GateWeights } from "./gates.ts";

export interface LstmOptions extends CellOptions {
	/** How weights start, by name or letter; default Glorot's uniform, biases 0, but `bf` 1. */
	initial?: Initial;
}

export const lstmRules: Rules<LstmOptions> = {
	...cellRules,
	initial: optional(initial),
};

/** The output h and the memory c, both [B, H]. */
export type LstmState = { h: Tensor; c: Tensor };

/** Its gates: input, forget, candidate, output. */
export const lstmGates = ["i", "f", "g", "o"] as const;
export type LstmWeights = GateWeights<(typeof lstmGates)[number]>;

/** How the forget gate starts: open, so that a new network remembers. */
export const openForget: Initial = { bf: constant(1) };

/** h [B, H] and c [B, C] at zeros. */
export function lstmStart(
	H: number,
	C: number,
	dtype: DType | undefined,
): (B: number) => LstmState {
	return (B) => ({ h: zeros([B, H], { dtype }), c: zeros([B, C], { dtype }) });
}
