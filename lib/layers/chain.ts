import type { Tensor } from "../tensor.ts";
import { type Layer, type LayerState, layer, type Weights } from "./layer.ts";

/**
 * Layers one after the other: each one's outputs are the next one's inputs.
 *
 * Weights are named by the place in the chain: `chain(embedding(…), unroll(elman(…)))` has `0.table`, `1.W`, `1.U`, `1.b`.
 * Its state is the list of its layers' states.
 * @throws when the state given has another number of layers.
 */
export function chain<In>(first: Layer<In>, ...rest: Layer[]): Layer<In> {
	const weights: Record<string, Tensor> = {};
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
