import {
	additiveAttention,
	attending,
	bidirectional,
	chain,
	type DType,
	deepOutput,
	deepTransition,
	dense,
	type EncoderDecoder,
	elman,
	embedding,
	encoderDecoder,
	generalAttention,
	gru,
	type Ids,
	type LayerState,
	lstm,
	type Random,
	type RunOptions,
	random,
	residualStack,
	skipStack,
	type Tensor,
	tanh,
	unroll,
	type Weights,
} from "unrolled";
import { describe, test } from "vitest";
import {
	expectAllCases,
	expectReference,
	fixtures,
	inputs,
	precisions,
	setWeights,
} from "./fixtures.ts";

interface Network {
	weights: Weights;
	apply(xs: Tensor, how: RunOptions): Tensor;
}
interface Options {
	D: number;
	/** Inputs and units of each simple layer. */
	layers: [number, number][];
	every: number;
	activation: "tanh" | "sigmoid";
	target: number[][];
	how: { random: Random; dtype: DType };
}

const simple = ({ layers, how }: Options) =>
	layers.map(([inputs, hidden]) => unroll(elman({ inputs, hidden, ...how })));

/** One that reads this target, whatever its source. */
const reading = (net: EncoderDecoder<Tensor>, target: Ids): Network => ({
	...net,
	apply: (source, how) => net.apply({ source, target }, how),
});

/** Ours by the names of the cases in reference/networks.py. */
const networks: Record<string, (options: Options) => Network> = {
	residualStack: (options) =>
		residualStack(simple(options), { every: options.every }),
	skipStack(options) {
		const [first, ...rest] = simple(options);
		return skipStack(first, ...rest);
	},
	deepOutput: ({ D, activation, how }) =>
		chain(
			unroll(
				deepTransition({
					inputs: D,
					hidden: 3,
					depth: 2,
					shortcut: true,
					...how,
				}),
			),
			deepOutput({
				inputs: 3,
				hidden: [4, 2],
				outputs: 3,
				activation,
				...how,
			}),
		),
	attendingBefore({ D, target, how }) {
		const reader = (hidden: number) =>
			unroll(gru({ inputs: D, hidden, ...how }));
		const words = embedding({ tokens: 4, size: 3, ...how });
		const cell = gru({ inputs: 3 + 5, hidden: 2, ...how });
		const net = encoderDecoder<Tensor>({
			encoder: bidirectional({ forward: reader(3), backward: reader(2) }),
			decoder: (attend) =>
				chain(words, unroll(attending(cell, { attend, inputs: 3 }))),
			output: dense({ inputs: 2, outputs: 4, ...how }),
			attention: additiveAttention({
				queries: 2,
				memory: 5,
				hidden: 4,
				...how,
			}),
			bridge: (state) => [
				undefined,
				(state as Record<string, LayerState>).backward,
			],
		});
		return reading(net, target);
	},
	attendingAfter({ D, target, how }) {
		const net = encoderDecoder<Tensor>({
			encoder: unroll(lstm({ inputs: D, hidden: 3, ...how })),
			decoder: chain(
				embedding({ tokens: 4, size: 2, ...how }),
				unroll(lstm({ inputs: 2, hidden: 3, ...how })),
			),
			output: chain(
				dense({ inputs: 6, outputs: 3, ...how }),
				tanh,
				dense({ inputs: 3, outputs: 4, ...how }),
			),
			attention: generalAttention({ queries: 3, memory: 3, ...how }),
			bridge: (state) => [undefined, state],
		});
		return reading(net, target);
	},
};

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(fixtures("networks"))("the papers' $name", (reference) => {
		const { sizes, lengths, options } = reference;
		const how = { random: random(1), dtype };
		const made = { ...sizes, ...options, how };
		const network = networks[reference.cell](made as unknown as Options);
		setWeights(network.weights, reference.weights);
		const { xs } = inputs(reference, dtype);
		expectReference(
			reference,
			{ outputs: network.apply(xs, { lengths }) },
			{ ...network.weights, xs },
			tolerance,
		);
	});
});

test("every network has a case", () => {
	expectAllCases("networks", networks);
});
