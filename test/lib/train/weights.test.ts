import {
	adam,
	attending,
	bidirectional,
	chain,
	clipNorm,
	constant,
	copyWeights,
	dense,
	dotAttention,
	elman,
	embedding,
	encoderDecoder,
	generalAttention,
	gru,
	mul,
	ones,
	random,
	restoreWeights,
	sgd,
	square,
	sum,
	summary,
	type Tensor,
	tanh,
	tensor,
	unroll,
	type WeightSet,
	weight,
	withWeights,
	zeroGrad,
} from "unrolled";
import { describe, expect, test } from "vitest";

const source = random(1);
const sizes = { inputs: 2, hidden: 3, random: source };
const scalar = (value: number) => tensor([value], { requiresGrad: true });

test("names say the place: of parts in lists, by name, alone, and nested", () => {
	const cell = elman(sizes);
	const net = chain(
		unroll(cell),
		dense({ inputs: 3, outputs: 1, random: source }),
	);
	const w = scalar(1);
	const named = (set: WeightSet) => Object.keys(copyWeights(set));
	expect(named([w])).toEqual(["0"]);
	expect(named(cell)).toEqual(["W", "U", "b"]);
	expect(named([net, { head: w }])).toEqual([
		"0.0.W",
		"0.0.U",
		"0.0.b",
		"0.1.W",
		"0.1.b",
		"1.head",
	]);
	expect(named({ encoder: cell, again: net, last: [w, w] })).toEqual([
		"encoder.W",
		"encoder.U",
		"encoder.b",
		"again.1.W",
		"again.1.b",
		"last.0",
	]);
});

describe("what is no weight is said by its place", () => {
	const own: unknown[] = [];
	own.push(own);
	const cases: [string, unknown, string][] = [
		[
			"data",
			{ x: ones([2]) },
			"copyWeights: x [2] is not a weight: make it with { requiresGrad: true }",
		],
		[
			"a result",
			[scalar(1), tanh(scalar(1))],
			"copyWeights: 1 [1] is not a weight: tanh made it",
		],
		[
			"a number",
			{ a: [3] },
			"copyWeights: weights must be tensors, layers or cells, by name or in a list, got 3 at a.0",
		],
		[
			"nothing",
			undefined,
			"copyWeights: weights must be tensors, layers or cells, by name or in a list, got undefined",
		],
		[
			"two of one name",
			{ a: { b: scalar(1) }, "a.b": scalar(2) },
			"copyWeights: two weights are named a.b",
		],
		[
			"a list in itself",
			own,
			"copyWeights: weights are nested more than 32 deep; a list may not contain itself",
		],
	];
	test.each(cases)("%s", (_, set, text) => {
		expect(() => copyWeights(set as WeightSet)).toThrow(new Error(text));
		const step = () => adam().step(set as WeightSet);
		expect(step).toThrow(/^adam: /);
	});
});

test("zeroGrad clears, and without it several backward passes add up to one step", () => {
	const w = scalar(1);
	sum(mul(w, 3)).backward();
	zeroGrad({ w });
	expect(w.grad).toBe(null);
	for (const x of [1, 2]) sum(mul(w, x)).backward();
	expect(clipNorm([[w]], 10)).toBe(3);
	sgd({ rate: 0.25 }).step({ part: { weights: { w } } });
	expect(w.item()).toBe(0.25);
});

test("copies stay as they were while the weights train on, and come back whole", () => {
	const net = unroll(gru(sizes));
	const best = copyWeights(net);
	const before = Object.values(best).map((t) => [...t.data]);
	const shared = net.weights.Wz.detach();
	sum(square(net.apply(ones([2, 1, 2])))).backward();
	adam({ rate: 0.1 }).step(net);
	expect(shared.toArray()).toEqual(net.weights.Wz.toArray()); // detach shares
	expect(net.weights.Wz.toArray()).not.toEqual(best.Wz.toArray());
	restoreWeights(net, best);
	expect(Object.values<Tensor>(net.weights).map((t) => [...t.data])).toEqual(
		before,
	);
	best.Wz.data[0] = 9;
	expect(net.weights.Wz.data[0]).not.toBe(9);
});

test("restoring writes nothing when something does not fit", () => {
	const [a, b] = [scalar(1), scalar(2)];
	const all = { a: ones([1]), b: ones([1]) };
	const cases: [Record<string, Tensor>, string][] = [
		[
			{ a: all.a },
			"restoreWeights: there is no copy of b; copies must have the names that copyWeights gave",
		],
		[
			{ ...all, c: all.a },
			"restoreWeights: there is no weight c; copies must have the names that copyWeights gave",
		],
		[
			{ ...all, b: ones([2]) },
			"restoreWeights: b must be float32 [1], got float32 [2]",
		],
		[
			{ ...all, b: ones([1], { dtype: "float64" }) },
			"restoreWeights: b must be float32 [1], got float64 [1]",
		],
	];
	for (const [copies, text] of cases) {
		expect(() => restoreWeights({ a, b }, copies)).toThrow(new Error(text));
		expect([a.item(), b.item()]).toEqual([1, 2]);
	}
});

test("numbers of one's own come from toArray and data.slice, not from data.buffer", () => {
	const w = weight([2], constant(1), source);
	const [nested, flat] = [w.toArray() as number[], w.data.slice()];
	nested[0] = 5;
	flat[1] = 6;
	expect(flat.buffer.byteLength).toBe(8);
	expect([...w.data]).toEqual([1, 1]);
});

test("a function has weights of its own in a chain", () => {
	const g = weight([3], constant(2), source);
	const net = chain(
		unroll(elman(sizes)),
		withWeights({ g }, function scale(h, { g }) {
			return mul(h, g);
		}),
		tanh,
	);
	expect(Object.keys(net.weights)).toEqual(["0.W", "0.U", "0.b", "1.g"]);
	expect(summary(net).parameters).toBe(2 * 3 + 9 + 3 + 3);
	const both = bidirectional({ forward: net, backward: unroll(gru(sizes)) });
	expect(both.weights["forward.1.g"]).toBe(g);
	sum(net.apply(ones([2, 1, 2]))).backward();
	sgd({ rate: 0.1 }).step(net);
	expect(g.data[0]).not.toBe(2);
});

test("a decoder that makes its weights anew at each call is refused", () => {
	const make = { inputs: 2, hidden: 2, random: source };
	const words = embedding({ tokens: 4, size: 2, random: source });
	const cell = gru({ ...make, inputs: 4 });
	const parts = {
		encoder: chain(words, unroll(gru(make))),
		output: dense({ inputs: 2, outputs: 4, random: source }),
		attention: dotAttention(),
	};
	expect(() =>
		encoderDecoder({
			...parts,
			decoder: (attend) =>
				chain(
					words,
					unroll(attending(gru({ ...make, inputs: 4 }), { attend, inputs: 2 })),
				),
		}),
	).toThrow(
		"encoderDecoder: the decoder's function makes the weight 1.Wr anew each time it is called, so training would not reach it; make its layers and cells outside, and use them in the function",
	);
	const whole = encoderDecoder({
		...parts,
		attention: generalAttention({ queries: 2, memory: 2, random: source }),
		decoder: (attend) =>
			chain(words, unroll(attending(cell, { attend, inputs: 2 }))),
	});
	expect(whole.weights["decoder.1.Wr"]).toBe(cell.weights.Wr);
});
