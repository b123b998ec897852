import {
	bidirectional,
	chain,
	concat,
	constant,
	dotAttention,
	elman,
	embedding,
	encoderDecoder,
	fold,
	gal,
	gather,
	gru,
	type Layer,
	lstm,
	mul,
	normal,
	ones,
	qrnn,
	random,
	recursive,
	reshape,
	residualStack,
	reversed,
	slice,
	softmaxCrossEntropy,
	split,
	square,
	stack,
	sum,
	type Tensor,
	tensor,
	transpose,
	unroll,
	vocabulary,
	weight,
	weightDrop,
	windows,
	withWeights,
	zeroGrad,
	zeros,
	zoneout,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { sumRows } from "../../lib/ops/rows.ts";

const source = random(1);
const numbers = (...shape: number[]) => weight(shape, normal(), source);
const sizes = { inputs: 2, hidden: 2, random: source };
const W = numbers(3, 2, 2);
/** The gradient of a loss by its input. */
const gradient = (y: Tensor) => () => {
	zeroGrad(W);
	sum(square(y)).backward();
	return W.grad?.toArray();
};
const withLengths = (net: Layer) => {
	const lengths = [3, 1];
	return [net.apply(W, { lengths }), lengths] as const;
};
/** What is handed in, and what is asked for later. */
type Case = () => { given: unknown; ask: () => unknown };
const layers: Record<string, Layer> = {
	"unroll, all steps at once": unroll(lstm(sizes)),
	"unroll, step by step": unroll(zoneout(gru(sizes), 0.5)),
	"unroll of a pooling cell": unroll(qrnn(sizes)),
	reversed: reversed(unroll(elman(sizes))),
	bidirectional: bidirectional({
		forward: unroll(elman(sizes)),
		backward: unroll(gru(sizes)),
	}),
};
const cases: Record<string, Case> = {
	...Object.fromEntries(
		Object.entries(layers).map(([name, net]): [string, Case] => [
			`lengths of ${name}`,
			() => {
				const [y, given] = withLengths(net);
				return { given, ask: gradient(y) };
			},
		]),
	),
	"lengths of an attention's memory": () => {
		const given = [3, 1];
		const attend = dotAttention().over(W, given);
		return { given, ask: () => gradient(attend(ones([1, 2, 2])).context)() };
	},
	"lengths of an encoder's source": () => {
		const given = [2, 1];
		const words = embedding({ tokens: 3, size: 2, random: random(1) });
		const net = encoderDecoder({
			encoder: chain(words, unroll(gru({ ...sizes, random: random(1) }))),
			decoder: chain(words, unroll(gru({ ...sizes, random: random(1) }))),
			attention: dotAttention(),
			output: withWeights({}, (x) => slice(x, 2, 0, 2)),
		});
		const decoder = net.encode(
			[
				[0, 1],
				[2, 2],
			],
			{ lengths: given },
		);
		return { given, ask: () => decoder.apply([[1, 1]]).toArray() };
	},
	"a shape": () => {
		const given = [2, 3];
		const made = [
			zeros(given),
			ones(given),
			tensor(new Float32Array(6), { shape: given }),
			weight(given, constant(1), source),
		];
		return { given, ask: () => made.map((t) => [t.shape, t.toArray()]) };
	},
	"a shape to come": () => {
		const given = [4, 3];
		const y = reshape(W, given);
		return { given, ask: () => [y.toArray(), gradient(y)()] };
	},
	"an order of axes": () => {
		const given = [1, 0, 2];
		const y = transpose(W, given);
		return { given, ask: () => [y.toArray(), gradient(y)()] };
	},
	"sizes of pieces": () => {
		const given = [1, 2];
		const [, y] = split(W, given);
		return { given, ask: gradient(y) };
	},
	"a list of tensors": () => {
		const given = [mul(W, 1), mul(W, 2)];
		const y = concat(given);
		return { given, ask: gradient(y) };
	},
	"a list of tensors to stack": () => {
		const given = [mul(W, 1), mul(W, 2)];
		const y = stack(given);
		return { given, ask: gradient(y) };
	},
	"numbers in lists": () => {
		const given = [
			[1, 2],
			[3, 4],
		];
		const x = tensor(given);
		return { given: [given, ...given], ask: () => x.toArray() };
	},
	"numbers in a typed array": () => {
		const given = new Float32Array([1, 2]);
		const x = tensor(given);
		return { given, ask: () => x.toArray() };
	},
	ids: () => {
		const given = [
			[0, 2],
			[1, 1],
		];
		const y = gather(reshape(W, [6, 2]), given);
		return { given: [given, ...given], ask: gradient(y) };
	},
	targets: () => {
		const given = [1, 0, 1, 1, 0, 0];
		const loss = softmaxCrossEntropy(reshape(W, [6, 2]), given);
		return { given, ask: gradient(loss) };
	},
	"ids of windows": () => {
		const given = [0, 1, 2, 3, 4, 5, 6];
		const read = windows(given, { batch: 1, steps: 2 });
		return { given, ask: () => [...read] };
	},
	"tokens that a vocabulary gave": () => {
		const v = vocabulary("abc");
		return {
			given: v.tokens,
			ask: () => [v.decode([0, 1, 2]), v.encode("abc")],
		};
	},
	"groups of rows": () => {
		const given = [0, 1, 1, 0, 1, 0];
		const y = sumRows(reshape(W, [6, 2]), given, 2);
		return { given, ask: gradient(y) };
	},
	"names of weights to drop": () => {
		const given = ["U"];
		const cell = weightDrop(elman({ ...sizes, random: random(1) }), 0.5, given);
		const how = { training: true, random: random(3) };
		return { given, ask: () => unroll(cell).apply(W, how).toArray() };
	},
	"rates of zoneout": () => {
		const given: Record<string, number> = { h: 0.3, c: 0.2 };
		const cell = zoneout(lstm({ ...sizes, random: random(1) }), given);
		return { given, ask: () => unroll(cell).apply(W).toArray() };
	},
	"rates of gal": () => {
		const given: Record<string, number> = { inputs: 0.3, state: 0.2 };
		const cell = gal(lstm({ ...sizes, random: random(1) }), given);
		const how = { training: true, random: random(3) };
		return { given, ask: () => unroll(cell).apply(W, how).toArray() };
	},
	"options of a cell, with its initial weights": () => {
		const given: Record<string, unknown> = {
			...{ ...sizes, random: random(1), activation: "relu", context: 0.5 },
			initial: { b: constant(1) },
		};
		const cell = elman(given as never);
		return { given, ask: () => unroll(cell).apply(W).toArray() };
	},
	"layers of a stack": () => {
		const given = [unroll(elman({ ...sizes, random: random(1) }))];
		const net = residualStack(given);
		return { given, ask: () => net.apply(W).toArray() };
	},
	"weights of a function": () => {
		const given: Record<string, Tensor> = {
			g: ones([2], { requiresGrad: true }),
		};
		const net = withWeights(given, (x, { g }) => mul(x, g));
		return { given, ask: () => net.apply(W).toArray() };
	},
	trees: () => {
		const given = [{ label: 0, children: [{ label: 1 }] }];
		const cell = recursive({ ...sizes, random: random(1) });
		const y = fold(cell).apply({ trees: given, inputs: reshape(W, [6, 2]) });
		return { given: [given, given[0].children], ask: gradient(y) };
	},
};

/** Puts something else in every place. */
function scramble(given: unknown): void {
	if (Array.isArray(given) && given.some((part) => Array.isArray(part))) {
		given.slice(1).forEach(scramble);
		given = given[0];
	}
	if (ArrayBuffer.isView(given)) (given as Float32Array).fill(7);
	else if (Array.isArray(given)) {
		for (let i = 0; i < given.length; i++)
			given[i] = typeof given[i] === "number" ? 1 - given[i] : undefined;
		given.pop();
	} else
		for (const name of Object.keys(given as object))
			(given as Record<string, unknown>)[name] = 0.9;
}

describe("what is handed in is read once: changing it afterwards changes nothing", () => {
	test.each(Object.entries(cases))("%s", (_, make) => {
		const wanted = make().ask();
		const { given, ask } = make();
		scramble(given);
		expect(ask()).toEqual(wanted);
	});
});
