import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	aLayer,
	anything,
	aTensor,
	list,
	optional,
	size,
} from "../expect/rules.ts";
import { concat } from "../ops/arrange.ts";
import { add } from "../ops/elementwise.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { chain, sequence } from "./chain.ts";
import { type Layer, type LayerState, layer, type Weights } from "./layer.ts";

/**
 * y = x + layer(x): the layer learns what to add to its input (He et al. 2016), so its outputs must have its input's shape.
 * Past a sequence's length, where an `unroll` puts out zeros, y is x: zeros, or inside a `chain` what the layers before made of the padding.
 * So padding passes through, and what follows works on it; a loss leaves it out (target −1), and then no gradient comes of it.
 * @throws when they have not.
 */
export function residual<W extends Weights, S extends LayerState>(
	inner: Layer<Tensor, W, S>,
): Layer<Tensor, W, S> {
	expectValue("residual", "the layer", inner, aLayer);
	const { name, weights } = inner;
	const run: Layer<Tensor, W, S>["run"] = (x, options) => {
		expectValue("residual", "x", x, aTensor);
		const run = inner.run(x, options);
		if (!sameShape(run.outputs.shape, x.shape))
			throw new Error(
				`residual: the layer's outputs must be [${x.shape.join(", ")}] as its input, got [${run.outputs.shape.join(", ")}]`,
			);
		return { ...run, outputs: add(x, run.outputs) };
	};
	const made = layer(`residual(${name})`, weights, run);
	return { ...made, structure: { is: "residual", inner } };
}

const rules: Rules<{ every?: number }> = { every: optional(size) };
const aList = list(anything, "a list of layers");

/**
 * Layers one after the other with their input added again after every `every` layers (Prakash et al. 2016, arXiv:1610.03098).
 * Not the gated residual LSTM of Kim et al. 2017.
 * @throws when `every` is not a whole number of at least 1, or the layers do not make whole groups.
 */
export function residualStack(
	layers: readonly Layer[],
	options: { every?: number } = {},
): Layer {
	expectValue("residualStack", "layers", layers, aList);
	for (const [i, part] of layers.entries())
		expectValue("residualStack", `layer ${i}`, part, aLayer);
	const { every = 1 } = expectOptions("residualStack", options, rules);
	if (layers.length === 0 || layers.length % every !== 0)
		throw new Error(
			`residualStack: the number of layers must be a multiple of every=${every}, got ${layers.length} layers`,
		);
	const groups: Layer[] = [];
	for (let i = 0; i < layers.length; i += every) {
		const [first, ...rest] = layers.slice(i, i + every);
		groups.push(residual(rest.length > 0 ? chain(first, ...rest) : first));
	}
	const [first, ...rest] = groups;
	return chain(first, ...rest);
}

/**
 * Layers on top of one another of which each also reads the input: layer l gets [outputs of l − 1; x] (Graves 2013, arXiv:1308.0850, section 2).
 * Each layer's `inputs` must be the size of the one below and that of x together. Without the skips it is a `chain`.
 * His output layer also reads every layer; here the last layer's outputs are what is put out.
 */
export function skipStack(first: Layer, ...rest: Layer[]): Layer {
	return sequence("skipStack", [first, ...rest], (outputs, x) =>
		concat([outputs, x], -1),
	);
}
