import { expectValue } from "../expect/expect.ts";
import { aLayer, but } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
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
	return sequence("chain", [first, ...links], (outputs) => outputs, true);
}

const aLink = but(aLayer, { wanted: "a layer or a function" });

/** A chain in which `input` makes each later layer's input from the outputs before it and the chain's own input. */
export function sequence<In>(
	name: string,
	links: readonly [Layer<In>, ...Link[]],
	input: (outputs: Tensor, x: In) => Tensor,
	/** Whether each later layer's input is nothing but the outputs before it. */
	plain = false,
): Layer<In, Weights, readonly LayerState[]> {
	if (links.length === 0 || (links.length === 1 && links[0] === undefined))
		throw new Error(`${name}: wanted at least one layer`);
	const [first, ...rest] = links.map((link, i) =>
		asLayer(name, link as Link, i),
	) as unknown as [Layer<In>, ...Layer[]];
	const weights: Record<string, Tensor> = {};
	[first as { weights: Weights }, ...rest].forEach((part, i) => {
		Object.assign(weights, prefixed(i, part.weights));
	});
	const all = [first as { poolsTime?: boolean }, ...rest];
	/** How many links have steps to read, so that they are handed the lengths. */
	const inTime = all.findIndex(({ poolsTime }) => poolsTime);
	const made = layer(name, weights, (x: In, options = {}) => {
		const given = options.state as readonly LayerState[] | undefined;
		if (
			given !== undefined &&
			!(Array.isArray(given) && given.length === rest.length + 1)
		)
			throw new Error(
				`${name}: state must be a list of ${rest.length + 1}, one for each layer, got ${described(given)}`,
			);
		const at = (i: number): RunOptions =>
			inTime >= 0 && i > inTime
				? { ...options, lengths: undefined, state: given?.[i] }
				: { ...options, state: given?.[i] };
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
	return {
		...made,
		...(inTime >= 0 && { poolsTime: true }),
		...(plain && { structure: { is: "chain", links: [first, ...rest] } }),
	};
}

function asLayer(place: string, link: Link, i: number): Layer {
	if (typeof link !== "function") {
		expectValue(place, `link ${i}`, link, aLink);
		return link;
	}
	const made = layer(link.name || "function", {}, (x: Tensor) => ({
		outputs: link(x),
		state: undefined,
	}));
	return { ...made, structure: { is: "function", apply: link } };
}
