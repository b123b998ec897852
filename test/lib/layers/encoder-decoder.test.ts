import {
	adam,
	additiveAttention,
	attending,
	beamSearch,
	chain,
	checkGradients,
	concat,
	constant,
	dense,
	dotAttention,
	dropout,
	embedding,
	encoderDecoder,
	fit,
	greedy,
	gru,
	type LayerState,
	lstm,
	random,
	slice,
	softmaxCrossEntropy,
	sum,
	type Tensor,
	tanh,
	tensor,
	unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";

/** A small one: 6 tokens, 4 units, LSTMs, with or without attention. */
function model(attends: boolean, dtype: "float32" | "float64" = "float64") {
	const source = random(3);
	const reader = () =>
		chain(
			embedding({ tokens: 6, size: 3, random: source, dtype }),
			unroll(lstm({ inputs: 3, hidden: 4, random: source, dtype })),
		);
	const inputs = attends ? 8 : 4;
	return encoderDecoder({
		encoder: reader(),
		decoder: reader(),
		output: chain(
			dense({ inputs, outputs: 4, random: source, dtype }),
			tanh,
			dense({ inputs: 4, outputs: 6, random: source, dtype }),
		),
		attention: attends ? dotAttention() : undefined,
	});
}
// S 4, T 3, B 2; the first source is 2 long
const source = [
	[1, 2],
	[3, 4],
	[5, 0],
	[5, 1],
];
const target = [
	[0, 0],
	[2, 5],
	[4, 1],
];
const lengths = [2, 4];

/** One whose decoder looks back before each step, as Bahdanau's. */
function bahdanau() {
	const source = random(5);
	const f64 = { random: source, dtype: "float64" } as const;
	const [read, words] = [5, 6].map(() =>
		embedding({ tokens: 6, size: 3, ...f64 }),
	);
	const cell = gru({ inputs: 3 + 4, hidden: 4, ...f64 });
	return encoderDecoder({
		encoder: chain(read, unroll(gru({ inputs: 3, hidden: 4, ...f64 }))),
		decoder: (attend) =>
			chain(words, unroll(attending(cell, { attend, inputs: 3 }))),
		output: dense({ inputs: 4, outputs: 6, ...f64 }),
		attention: additiveAttention({
			queries: 4,
			memory: 4,
			hidden: 3,
			...f64,
		}),
	});
}

describe.each([
	["without attention", model(false)],
	["with attention after the steps", model(true)],
	["with attention before each step", bahdanau()],
])("encoderDecoder %s", (_, net) => {
	test("has the gradients of finite differences", () => {
		const loss = () =>
			softmaxCrossEntropy(net.apply({ source, target }, { lengths }), [
				[2, 5],
				[4, 1],
				[1, 1],
			]);
		expect(checkGradients(loss, net.weights)).toBeLessThan(1e-6);
	});

	test("writing step by step gives the logits of teacher forcing", () => {
		const whole = net.apply({ source, target }, { lengths });
		const writer = net.encode(source, { lengths });
		let state: LayerState;
		const steps = target.map((tokens) => {
			const step = writer.run([tokens], { state });
			state = step.state;
			return step.outputs;
		});
		concat(steps).data.forEach((v, i) => {
			expect(v).toBeCloseTo(whole.data[i], 13);
		});
	});

	test("padding of the sources changes nothing", () => {
		const padded = net.apply({ source, target }, { lengths });
		const alone = net.apply({
			source: [[1], [3]],
			target: target.map(([first]) => [first]),
		});
		slice(padded, 1, 0, 1).data.forEach((v, i) => {
			expect(v).toBeCloseTo(alone.data[i], 13);
		});
	});

	test("what it wrote depends on what it read", () => {
		const other = [[2, 2], ...source.slice(1)];
		const [a, b] = [source, other].map((source) =>
			net.apply({ source, target }).toArray(),
		);
		expect(a).not.toEqual(b);
	});
});

test("encoderDecoder shows where it looked, and names its weights by their part", () => {
	const net = model(true);
	const { internals } = net.run({ source, target }, { lengths, inspect: true });
	expect(internals?.attention.shape).toEqual([3, 2, 4]);
	expect(
		slice(
			slice(internals?.attention ?? tensor(0), 1, 0, 1),
			2,
			2,
			4,
		).data.every((a) => a === 0),
	).toBe(true);
	expect(Object.keys(net.weights)).toContain("encoder.1.Wf");
	expect(Object.keys(net.weights)).toContain("output.2.b");
	expect(Object.keys(internals ?? {})).toContain("encoder.1.f");
	expect(Object.keys(internals ?? {})).toContain("decoder.1.f");
	expect(net.run({ source, target }).internals).toBe(undefined);
});

test("a decoder that looks back itself shows where, and needs an attention", () => {
	const { internals } = bahdanau().run(
		{ source, target },
		{ lengths, inspect: true },
	);
	const look = internals?.["decoder.1.attention"] ?? tensor(0);
	expect(look.shape).toEqual([3, 2, 4]);
	const padded = slice(slice(look, 1, 0, 1), 2, 2, 4);
	expect(padded.data.every((a) => a === 0)).toBe(true);
	const encoder = embedding({ tokens: 2, size: 1, random: random(1) });
	const output = dense({ inputs: 1, outputs: 2, random: random(1) });
	expect(() =>
		encoderDecoder({ encoder, output, decoder: () => encoder }),
	).toThrow("encoderDecoder: a decoder that is a function needs an attention");
});

/** An encoder or a decoder of 3 units. */
const part = (tokens: number, seed: number) =>
	chain(
		embedding({ tokens, size: 2, random: random(seed) }),
		unroll(gru({ inputs: 2, hidden: 3, random: random(seed) })),
	);
const output = dense({ inputs: 3, outputs: 4, random: random(1) });

test("a bridge turns the encoder's state into the decoder's", () => {
	const [encoder, decoder] = [part(3, 1), part(4, 2)];
	const bridge = () => undefined;
	const net = encoderDecoder({ encoder, decoder, output, bridge });
	// cut off from its source, it writes the same whatever it reads
	const [a, b] = [[[0]], [[1]]].map((source) =>
		net.apply({ source, target: [[2]] }).toArray(),
	);
	expect(a).toEqual(b);
});

test("a bridge with weights learns with the rest", () => {
	const [encoder, decoder] = [part(3, 1), part(4, 2)];
	const turn = dense({ inputs: 3, outputs: 3, random: random(7) });
	const bridge = {
		weights: turn.weights,
		apply: (state: LayerState) => {
			const [words, h] = state as [undefined, Tensor];
			return [words, turn.apply(h)];
		},
	};
	const net = encoderDecoder({ encoder, decoder, output, bridge });
	expect(net.weights).toMatchObject({
		"bridge.W": turn.weights.W,
		"bridge.b": turn.weights.b,
	});
	sum(net.apply({ source: [[0]], target: [[2]] })).backward();
	expect(turn.weights.W.grad?.data.some((g) => g !== 0)).toBe(true);
});

test("it learns in seconds to reverse three letters, and writes them by greedy and beam search", async () => {
	const numbers = random(6);
	const hidden = 16;
	const reader = (tokens: number) =>
		chain(
			embedding({ tokens, size: 8, random: numbers }),
			unroll(gru({ inputs: 8, hidden, random: numbers })),
		);
	const net = encoderDecoder({
		encoder: reader(5),
		decoder: reader(6),
		output: dense({ inputs: 2 * hidden, outputs: 5, random: numbers }),
		attention: dotAttention(),
	});
	const begin = Array(16).fill(5);
	const batch = () => {
		const source = [0, 1, 2].map(() => begin.map(() => numbers.integer(5)));
		return { source, wanted: source.toReversed() };
	};
	const loss = () => {
		const { source, wanted } = batch();
		const target = [begin, ...wanted.slice(0, -1)];
		return softmaxCrossEntropy(net.apply({ source, target }), wanted);
	};
	const learning = { weights: net.weights, optimiser: adam({ rate: 0.01 }) };
	let last = Infinity;
	for await (const step of fit(loss, { ...learning, steps: 300, clip: 1 }))
		last = step.loss;
	expect(last).toBeLessThan(0.05); // ln 5 = 1.6 at first
	const start = [5];
	const all = Array.from({ length: 125 }, (_, n) =>
		[n, n / 5, n / 25].map((part) => Math.floor(part) % 5),
	);
	const right = all.filter((word) => {
		const writer = net.encode(word.map((letter) => [letter]));
		const written = greedy(writer, { start, limit: 3 });
		return `${written}` === `${word.toReversed()}`;
	});
	expect(right.length).toBeGreaterThan(120);
	const [best] = beamSearch(net.encode([[0], [3], [1]]), {
		start,
		limit: 3,
		width: 3,
	});
	expect(best.tokens).toEqual([1, 3, 0]);
});

test("encoder, decoder and output draw masks while training", () => {
	const words = () => {
		const part = embedding({ tokens: 1, size: 40, random: random(1) });
		part.weights.table.data.fill(1);
		return part;
	};
	let memory = new Set<number>();
	const look = (x: Tensor) => {
		memory = new Set(x.data);
		return x;
	};
	const net = encoderDecoder({
		encoder: chain(words(), dropout(0.5), look),
		decoder: chain(words(), dropout(0.5), (x) => x),
		output: dropout(0.75),
	});
	const training = { training: true, random: random(1) };
	const ys = net.apply({ source: [[0]], target: [[0]] }, training);
	expect(memory).toEqual(new Set([0, 2]));
	expect(new Set(ys.data)).toEqual(new Set([0, 8]));
});

test("encode reads its source on from the state given", () => {
	const [encoder, decoder] = [part(3, 1), part(4, 2)];
	const net = encoderDecoder({ encoder, decoder, output });
	const { state } = encoder.run([[0]]);
	expect(
		net
			.encode([[1]], { state })
			.apply([[2]])
			.toArray(),
	).toEqual(
		net
			.encode([[0], [1]])
			.apply([[2]])
			.toArray(),
	);
});

test("the output reads the context first, then what the decoder put out", () => {
	const says = (value: number) =>
		embedding({
			tokens: 1,
			size: 1,
			random: random(1),
			initial: { table: constant(value) },
		});
	const output = dense({ inputs: 2, outputs: 2, random: random(1) });
	output.weights.W.data.set([1, 0, 0, 1]);
	const attention = dotAttention();
	const parts = { encoder: says(5), decoder: says(7), output, attention };
	const logits = encoderDecoder(parts).apply({ source: [[0]], target: [[0]] });
	expect(logits.toArray()).toEqual([[[5, 7]]]);
});

test("a state given is the decoder's", () => {
	const [encoder, decoder] = [part(3, 1), part(4, 2)];
	const net = encoderDecoder({ encoder, decoder, output });
	const read = [[0], [1]];
	const { state } = net.run({ source: read, target: [[2]] });
	const rest = net.apply({ source: read, target: [[1]] }, { state });
	const whole = net.apply({ source: read, target: [[2], [1]] });
	expect(rest.toArray()).toEqual(slice(whole, 0, 1, 2).toArray());
});
