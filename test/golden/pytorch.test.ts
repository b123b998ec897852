import {
	bidirectional,
	type Cell,
	type CellOptions,
	chain,
	type DType,
	elman,
	gru,
	type Layer,
	type LayerState,
	lstm,
	projectedLstm,
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

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(fixtures("pytorch"))("PyTorch's $name", (reference) => {
		const network = build(reference, dtype);
		setWeights(network.weights, reference.weights);
		const { xs, ...start } = inputs(reference, dtype);
		const { outputs, state } = network.run(xs, {
			lengths: reference.lengths,
			state: start.h && stateOf(reference, start),
		});
		expectReference(
			reference,
			{ outputs, ...ends(reference, state) },
			{ ...network.weights, xs, ...start },
			tolerance,
		);
	});
});

/** Layers on one another, each of one direction or two. */
function build(
	{ cell, sizes, layers = 1, bidirectional: both }: Case,
	dtype: DType,
): Layer {
	const { D, H, P: projection } = sizes;
	const one = (inputs: number) =>
		unroll(
			projection
				? (projectedLstm({ inputs, hidden: H, projection, ...how }) as Cell)
				: cells[cell]({ inputs, hidden: H, ...how }),
		);
	const how = { random: random(1), dtype };
	const [first, ...rest] = Array.from({ length: layers }, (_, l): Layer => {
		const inputs = l === 0 ? D : both ? 2 * H : H;
		if (!both) return one(inputs);
		return bidirectional({ forward: one(inputs), backward: one(inputs) });
	});
	return layers === 1 ? first : chain(first, ...rest);
}

/** PyTorch's h_0 (and c_0) [layers · directions, B, H] as the state of a network of ours. */
function stateOf(
	{ layers = 1, bidirectional }: Case,
	start: Record<string, Tensor>,
): LayerState {
	const part = (all: Tensor, i: number) =>
		reshape(slice(all, 0, i, i + 1), all.shape.slice(1));
	const one = (i: number): LayerState =>
		start.c ? { h: part(start.h, i), c: part(start.c, i) } : part(start.h, i);
	const states = Array.from({ length: layers }, (_, l) =>
		bidirectional ? { forward: one(2 * l), backward: one(2 * l + 1) } : one(l),
	);
	return layers === 1 ? states[0] : states;
}

/** The state of a network of ours as PyTorch's h_n (and c_n). */
function ends(
	{ layers = 1, bidirectional }: Case,
	state: LayerState,
): Record<string, Tensor> {
	const each = layers === 1 ? [state] : (state as LayerState[]);
	const flat = each.flatMap((end) => {
		const { forward, backward } = end as Record<string, LayerState>;
		return bidirectional ? [forward, backward] : [end];
	});
	const named = flat.map((end) =>
		end instanceof Tensor ? { h: end } : (end as Record<string, Tensor>),
	);
	return Object.fromEntries(
		Object.keys(named[0]).map((name) => [
			name,
			stack(named.map((end) => end[name])),
		]),
	);
}
