// What all LSTMs share.

import type { Rules } from "../expect/expect.ts";
import { initial, optional } from "../expect/rules.ts";
import { constant } from "../initialisers.ts";
import { zeros } from "../make.ts";
import type { DType, Tensor } from "../tensor.ts";
import type { Initial, Weights } from "../weights.ts";
import {
	type Cell,
	type CellOptions,
	cellRules,
	pass,
	stepCheck,
	type Tap,
} from "./cell.ts";
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

/**
 * A cell with an output h and a memory c, both zeros at first, from the equations of its step.
 *
 * x is [B, D], c [B, H], and h [B, H] too, or [B, P] where there is a P.
 */
export function lstmCell<W extends Weights>(
	name: string,
	sizes: { D: number; H: number; P?: number; dtype: DType | undefined },
	weights: W,
	step: (x: Tensor, state: LstmState, tap: Tap, w: W) => LstmState,
): Cell<LstmState, W> {
	const { D, H, P, dtype } = sizes;
	const ofOutput: Readonly<Record<string, number>> =
		P === undefined ? { H } : { P };
	const check = stepCheck(name, { D }, { h: ofOutput, c: { H } });
	const hidden = P ?? H;
	return {
		name,
		inputs: D,
		hidden,
		weights,
		traits: { candidate: "g" },
		start: (B) => ({
			h: zeros([B, hidden], { dtype }),
			c: zeros([B, H], { dtype }),
		}),
		step(x, state, tap = pass, w = weights) {
			const next = step(x, check(x, state, tap, w), tap, w);
			return { output: next.h, state: next };
		},
	};
}
