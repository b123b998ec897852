import { identity, normal } from "../initialisers.ts";
import type { Tensor } from "../tensor.ts";
import type { Cell } from "./cell.ts";
import { type ElmanOptions, elman } from "./elman.ts";

export interface IrnnOptions
	extends Omit<ElmanOptions, "activation" | "context"> {
	/** U starts at this times the identity; default 1. Below 1 the network forgets by itself. */
	scale?: number;
}

/**
 * The simple network of rectified units that starts as a copy machine (Le, Jaitly and Hinton 2015, arXiv:1504.00941).
 *
 *   h′ = relu(x·W + h·U + b)      with U = scale · I, b = 0 and W ~ N(0, 0.001²) at the start      [B, H]
 *
 * Until it learns otherwise it keeps its state, so gradients neither vanish nor explode; clip them when training goes on.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function irnn({
	scale = 1,
	...options
}: IrnnOptions): Cell<Tensor, { W: Tensor; U: Tensor; b: Tensor }> {
	const initial = { W: normal(0.001), U: identity(scale), ...options.initial };
	return {
		...elman({ ...options, activation: "relu", initial }),
		name: "irnn",
	};
}
