import type { Tensor } from "../tensor.ts";
import { type Layer, type LayerState, layer, type Weights } from "./layer.ts";

/** What a chain is made of: a layer, or a plain function such as `tanh`, which has no weights. */
export type Link = Layer | ((x: Tensor) => Tensor);

/**
 * Layers one after the other, and plain functions between them: each one's outputs are the next one's inputs.
 *
 * Weights are named by the place in the chain: `chain(embedding(…), unroll(elman(…)), tanh, dense(…))` has `0.table`, `1.W`, `1.U`,
 * `1.b`, `3.W`, `3.b`. Its state is the list of its links' states; a function has none.
 * @throws when the state given has another number of layers.
 */
export function chain<In>(first: Layer<In>, ...links: Link[]): Layer<In> {
	const weights: Record<string, Tensor> = {};
	const rest = links.map(asLayer);
	[first as { weights: Weights }, ...rest].forEach((part, i) => {
		for (const [name, w] of Object.entries(part.weights))
			weights[`${i}.${name}`] = w;
	});
	return layer<In, Weights>("chain", weights, (x, options = {}) => {
		const given = options.state as readonly LayerState[] | undefined;
		if (given && given.length !== rest.length + 1)
			throw new Error(
				`chain: state must hold ${rest.length + 1} layers, got ${given.length}`,
			);
		const done = first.run(x, { ...options, state: given?.[0] });
		const states = [done.state];
		let outputs = done.outputs;
		rest.forEach((part, i) => {
			const next = part.run(outputs, { ...options, state: given?.[i + 1] });
			outputs = next.outputs;
			states.push(next.state);
		});
		return { outputs, state: states };
	});
}

function asLayer(link: Link): Layer {
	if (typeof link !== "function") return link;
	return layer(link.name || "function", {}, (x) => ({
		outputs: link(x),
		state: undefined,
	}));
}
