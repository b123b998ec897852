import { type Activation, activation, activationRule } from "../cells/elman.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import {
	dtype as dtypeRule,
	list,
	optional,
	size,
	source,
} from "../expect/rules.ts";
import type { Random } from "../random.ts";
import type { DType } from "../tensor.ts";
import { chain } from "./chain.ts";
import { dense } from "./dense.ts";
import type { Layer } from "./layer.ts";

export interface DeepOutputOptions {
	inputs: number;
	/** Sizes of the layers between the state and the output. */
	hidden: readonly number[];
	outputs: number;
	random: Random;
	dtype?: DType;
	/** ψ; default tanh. */
	activation?: Activation;
}

const rules: Rules<DeepOutputOptions> = {
	inputs: size,
	hidden: list(size, "a list of sizes, such as [32]"),
	outputs: size,
	random: source,
	dtype: optional(dtypeRule),
	activation: activationRule,
};

/**
 * A deep output, DO-RNN (Pascanu et al. 2014, arXiv:1312.6026, section 3): several layers from the state to what is read from it.
 *
 * ```text
 * y = ψ(… ψ(h·W₀ + b₀) …)·W_K + b_K
 * ```
 *
 * It goes where a `dense` would stand; on a `deepTransition` it makes the paper's DOT-RNN.
 * @throws when a size is not a whole number of at least 1.
 */
export function deepOutput(options: DeepOutputOptions): Layer {
	const { inputs, hidden, outputs, random, dtype } = expectOptions(
		"deepOutput",
		options,
		rules,
	);
	const psi = activation(options.activation);
	const sizes = [inputs, ...hidden, outputs];
	const [first, ...rest] = sizes
		.slice(1)
		.map((size, i) =>
			dense({ inputs: sizes[i], outputs: size, random, dtype }),
		);
	return chain(first, ...rest.flatMap((next) => [psi, next]));
}
