import type { FusedKind } from "../backend.ts";
import { RELU, SIGMOID, TANH } from "./constants.ts";

/** The kernels of a cell, and how they lay out their memory. Rows of H numbers are P wide in there. */
export interface Plan {
	/** The kernels, as kernels/index.ts exports them. */
	readonly forward: string;
	readonly backward: string;
	/** What one kernel that serves several cells is told: which of them it runs. */
	readonly variant: number;
	/** Gates, each with its W [D, H], U [H, H] and b [H], in the order of the cell's weights. */
	readonly gates: number;
	/** Biases: one for each gate, and behind them those that stand alone. */
	readonly biases: number;
	/** The parts of the state, each [B, H], in the order of the cell's. The first is also the output. */
	readonly states: readonly string[];
	/** How many gates of each step are kept for backward, rows [keptGates, P]. */
	readonly keptGates: number;
	/** Whether one more row of each step is kept for backward. */
	readonly extra: boolean;
	/** Whether backward needs one more row of each sequence, besides the gradients of the state. */
	readonly spare: boolean;
}

const base = { variant: 0, states: ["h"], extra: true, spare: false } as const;
const elman = {
	...base,
	forward: "elmanForward",
	backward: "elmanBackward",
	gates: 1,
	biases: 1,
	keptGates: 0,
	extra: false,
} as const;

export const plans: Record<FusedKind, Plan> = {
	"elman-tanh": { ...elman, variant: TANH },
	"elman-relu": { ...elman, variant: RELU },
	"elman-sigmoid": { ...elman, variant: SIGMOID },
	lstm: {
		...base,
		forward: "lstmForward",
		backward: "lstmBackward",
		gates: 4,
		biases: 4,
		states: ["h", "c"],
		keptGates: 4,
	},
	"gru-before": {
		...base,
		forward: "gruBeforeForward",
		backward: "gruBeforeBackward",
		gates: 3,
		biases: 3,
		keptGates: 3,
		spare: true,
	},
	"gru-after": {
		...base,
		forward: "gruAfterForward",
		backward: "gruAfterBackward",
		gates: 3,
		biases: 4,
		keptGates: 3,
	},
};
