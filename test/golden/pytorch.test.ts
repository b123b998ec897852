import {
	type Cell,
	type CellOptions,
	chain,
	elman,
	gru,
	type Layer,
	type LayerState,
	lstm,
	random,
	reshape,
	slice,
	stack,
	Tensor,
	unroll,
} from "unrolled";
import { describe, test } from "vitest";
import {
	type Case,
	expectReference,
	fixtures,
	inputs,
	precisions,
	setWeights,
} from "./fixtures.ts";

/** PyTorch's networks by the names of its classes, and ours that are the same. */
const cells: Record<string, (options: CellOptions) => Cell> = {
	"rnn-tanh": (options) => elman(options),
	"rnn-relu": (options) => elman({ ...options, activation: "relu" }),
	lstm: (options) => lstm(options) as Cell,
	gru: (options) => gru({ ...options, reset: "after" }),
};

const cases = fixtures("pytorch").filter(
	({ bidirectional, sizes }) => !bidirectional && !sizes.P,
);

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(cases)("PyTorch's $name", (reference) => {
		const { sizes, layers = 1, lengths } = reference;
		const parts = Array.from({ length: layers }, (_, i) =>
			unroll(
				cells[reference.cell]({
					inputs: i === 0 ? sizes.D : sizes.H,
					hidden: sizes.H,
					random: random(1),
					dtype,
				}),
			),
		);
		const [first, ...rest] = parts;
		const network: Layer = layers === 1 ? first : chain(first, ...rest);
		setWeights(network.weights, reference.weights);
		const { xs, ...start } = inputs(reference, dtype);
		const states = parts.map((_, i) => stateOf(reference, start, i));
		const { outputs, state } = network.run(xs, {
			lengths,
			state: layers === 1 ? states[0] : states,
		});
		const ends = layers === 1 ? [state] : (state as LayerState[]);
		expectReference(
			reference,
			{ outputs, ...together(ends) },
			{ ...network.weights, xs, ...start },
			tolerance,
		);
	});
});

/** The state of one layer from PyTorch's h_0 (and c_0) [layers, B, H]. */
function stateOf(
	{ cell }: Case,
	start: Record<string, Tensor>,
	index: number,
): LayerState {
	if (!start.h) return undefined;
	const one = (all: Tensor) =>
		reshape(slice(all, 0, index, index + 1), all.shape.slice(1));
	return cell === "lstm" ? { h: one(start.h), c: one(start.c) } : one(start.h);
}

/** The states of all layers as PyTorch's h_n (and c_n) [layers, B, H]. */
function together(ends: readonly LayerState[]): Record<string, Tensor> {
	const named = ends.map((end) =>
		end instanceof Tensor ? { h: end } : (end as Record<string, Tensor>),
	);
	return Object.fromEntries(
		Object.keys(named[0]).map((name) => [
			name,
			stack(named.map((end) => end[name])),
		]),
	);
}
