import { expectOptions, type Rules } from "../expect/expect.ts";
import { finite, optional } from "../expect/rules.ts";
import { identity, normal } from "../initialisers.ts";
import type { Tensor } from "../tensor.ts";
import type { Cell } from "./cell.ts";
import { type ElmanOptions, elman, elmanRules } from "./elman.ts";

export interface IrnnOptions
	extends Omit<ElmanOptions, "activation" | "context"> {
	/** U starts at this times the identity; default 1. Below 1 the network forgets by itself. */
	scale?: number;
}

const { activation: _, context: __, ...shared } = elmanRules;
const rules: Rules<IrnnOptions> = { ...shared, scale: optional(finite) };

/**
 * The simple network of rectified units that starts as a copy machine (Le, Jaitly and Hinton 2015, arXiv:1504.00941).
 *
 * ```text
 * h′ = relu(x·W + h·U + b)      with U = scale · I, b = 0 and W ~ N(0, 0.001²) at the start      [B, H]
 * ```
 *
 * Until it learns otherwise it keeps its state, so gradients neither vanish nor explode; clip them when training goes on.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function irnn(
	options: IrnnOptions,
): Cell<Tensor, { W: Tensor; U: Tensor; b: Tensor }> {
	const { scale = 1, ...rest } = expectOptions("irnn", options, rules);
	const initial = { W: normal(0.001), U: identity(scale), ...rest.initial };
	return {
		...elman({ ...rest, activation: "relu", initial }),
		name: "irnn",
	};
}
