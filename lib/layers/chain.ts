import type { Tensor } from "../tensor.ts";
import {
	type Internals,
	type Layer,
	type LayerState,
	layer,
	prefixed,
	type RunOptions,
	type Weights,
} from "./layer.ts";

/** What a chain is made of: a layer, or a plain function such as `tanh`, which has no weights. */
export type Link = Layer | ((x: Tensor) => Tensor);

/**
 * Layers one after the other, and plain functions between them: each one's outputs are the next one's inputs.
 *
 * Weights are named by the place in the chain: `chain(embedding(…), unroll(elman(…)), tanh, dense(…))` has `0.table`, `1.W`, `1.U`,
 * `1.b`, `3.W`, `3.b`. Its state is the list of its links' states; a function has none.
 * @throws when there is no layer, or the state given has another number of layers.
 */
export function chain<In>(
	first: Layer<In>,
	...links: Link[]
): Layer<In, Weights, readonly LayerState[]> {
	const rest = links.map(asLayer);
	return sequence("chain", [first, ...rest], (outputs) => outputs);
}

/** A chain in which `input` makes each later layer's input from the outputs before it and the chain's own input. */
export function sequence<In>(
	name: string,
	[first, ...rest]: readonly [Layer<In>, ...Layer[]],
	input: (outputs: Tensor, x: In) => Tensor,
): Layer<In, Weights, readonly LayerState[]> {
	if (!first) throw new Error(`${name}: wanted at least one layer`);
	const weights: Record<string, Tensor> = {};
	[first as { weights: Weights }, ...rest].forEach((part, i) => {
		Object.assign(weights, prefixed(i, part.weights));
	});
	return layer(name, weights, (x: In, options = {}) => {
		const given = options.state as readonly LayerState[] | undefined;
		if (given && given.length !== rest.length + 1)
			throw new Error(
				`${name}: state must hold ${rest.length + 1} layers, got ${given.length ?? "no list"}`,
			);
		const at = (i: number): RunOptions => ({ ...options, state: given?.[i] });
		const runs = [first.run(x, at(0))];
		rest.forEach((part, i) => {
			runs.push(part.run(input(runs[i].outputs, x), at(i + 1)));
		});
		const internals: Internals | undefined = options.inspect
			? Object.assign({}, ...runs.map((run, i) => prefixed(i, run.internals)))
			: undefined;
		return {
			outputs: runs[rest.length].outputs,
			state: runs.map((run) => run.state),
			internals,
		};
	});
}

function asLayer(link: Link): Layer {
	if (typeof link !== "function") return link;
	return layer(link.name || "function", {}, (x) => ({
		outputs: link(x),
		state: undefined,
	}));
}
