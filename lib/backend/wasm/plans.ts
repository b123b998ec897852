import type { FusedKind } from "../backend.ts";
import { RELU, SIGMOID, TANH } from "./constants.ts";

/** How a cell's kernels lay out their memory. */
export interface Plan {
	/** Kernels by name: `${kernel}Forward` and `${kernel}Backward`. */
	readonly kernel: "elman" | "lstm" | "gruBefore" | "gruAfter";
	/** What the kernel wants to know besides the sizes. */
	readonly variant: number;
	/** Gates, each with its W [D, H], U [H, H] and b [H]. */
	readonly gates: number;
	/** How many rows of [gates, P] are kept for each step. */
	readonly kept: number;
	/** 2 when there is a c beside h. */
	readonly states: 1 | 2;
	/** Whether backward needs one more row for each step. */
	readonly extra: boolean;
	/** A second bias of the last gate, as a GRU that resets after has. */
	readonly recurrentBias: boolean;
}

const base = {
	variant: 0,
	states: 1,
	extra: true,
	recurrentBias: false,
} as const;
const elman = {
	...base,
	kernel: "elman",
	gates: 1,
	kept: 0,
	extra: false,
} as const;
const gru = { ...base, gates: 3, kept: 3 } as const;

export const plans: Record<FusedKind, Plan> = {
	"elman-tanh": { ...elman, variant: TANH },
	"elman-relu": { ...elman, variant: RELU },
	"elman-sigmoid": { ...elman, variant: SIGMOID },
	lstm: { ...base, kernel: "lstm", gates: 4, kept: 4, states: 2 },
	"gru-before": { ...gru, kernel: "gruBefore" },
	"gru-after": { ...gru, kernel: "gruAfter", recurrentBias: true },
};
