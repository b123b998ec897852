import {
	chain,
	dense,
	dropout,
	elman,
	embedding,
	irnn,
	type Layer,
	lockedDropout,
	monteCarlo,
	ones,
	pham,
	random,
	softmax,
	type Tensor,
	tensor,
	unroll,
	wordDropout,
	zeros,
} from "unrolled";
import { expect, test } from "vitest";

const training = (seed: number) => ({ training: true, random: random(seed) });

test("dropout masks each number by itself and keeps the mean; evaluation does nothing", () => {
	const x = ones([20, 10, 50]);
	const { data } = dropout(0.2).apply(x, training(1));
	expect(new Set(data)).toEqual(new Set([0, 1.25]));
	expect(data.filter((v) => v === 0).length / 10_000).toBeCloseTo(0.2, 1);
	expect(dropout(0.2).apply(x)).toBe(x);
	expect(dropout(0).apply(x, training(1))).toBe(x);
	expect(() => dropout(0.2).apply(x, { training: true })).toThrow(
		"dropout: training draws masks, so it needs { random }",
	);
	expect(() => dropout(1)).toThrow(
		"dropout: the rate must be a number in [0, 1), got 1",
	);
});

test("locked dropout has one mask for all steps of a sequence", () => {
	const ys = lockedDropout(0.5)
		.apply(ones([5, 2, 20]), training(1))
		.toArray() as number[][][];
	for (const y of ys) expect(y).toEqual(ys[0]);
	expect(ys[0][0]).not.toEqual(ys[0][1]);
	expect(new Set(ys.flat(2))).toEqual(new Set([0, 2]));
});

test("pham masks the way up and never the way from step to step", () => {
	const cell = elman({
		inputs: 4,
		hidden: 4,
		activation: "relu",
		random: random(1),
	});
	cell.weights.W.data.fill(0);
	cell.weights.U.data.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
	const model = pham(0.5, unroll(cell));
	expect(Object.keys(model.weights)).toEqual(["1.W", "1.U", "1.b"]);
	// Each unit copies itself: had the state been masked, a one would have become a zero for good, or grown.
	const { outputs, state } = model.run(ones([8, 2, 4]), {
		...training(1),
		state: [undefined, ones([2, 4]), undefined],
	});
	expect(new Set(outputs.data)).toEqual(new Set([0, 2]));
	expect((state as Tensor[])[1].toArray()).toEqual(ones([2, 4]).toArray());
});

test("word dropout takes a word away wherever it occurs in its sequence", () => {
	const source = random(1);
	const table = embedding({ tokens: 6, size: 2, random: source });
	const layer = wordDropout(table, 0.5);
	const ids = Array.from({ length: 30 }, (_, t) => [t % 6, (t + 1) % 6]);
	const plain = table.apply(ids).toArray() as number[][][];
	const ys = layer.apply(ids, training(2)).toArray() as number[][][];
	const fate = [new Map<number, number>(), new Map<number, number>()];
	ids.forEach((row, t) => {
		row.forEach((id, b) => {
			const factor = ys[t][b][0] / plain[t][b][0];
			expect([0, 2]).toContain(Math.abs(factor));
			expect(fate[b].get(id) ?? factor).toBe(factor);
			fate[b].set(id, factor);
		});
	});
	expect(fate[0]).not.toEqual(fate[1]);
	expect(layer.apply(ids).toArray()).toEqual(plain);
	expect(layer.weights).toBe(table.weights);
});

test("Monte Carlo prediction is the mean over masks", () => {
	const model = chain(
		dropout(0.5),
		dense({ inputs: 2, outputs: 1, random: random(1) }),
	);
	model.weights["1.W"].data.set([1, 2]);
	const x = tensor([[3, 5]]);
	const read = (y: typeof x) => y;
	// Each of four masks has the same probability: 0, 6, 20, 26 with mean 13.
	const mean = monteCarlo(model, x, {
		samples: 4000,
		random: random(1),
		read,
	});
	expect(mean.item() / 13).toBeCloseTo(1, 1);
	const one = monteCarlo(model, x, { samples: 1, random: random(1), read });
	expect([0, 6, 20, 26]).toContain(one.item());
	const sure = chain(
		dropout(0),
		dense({ inputs: 2, outputs: 3, random: random(1) }),
	);
	const probabilities = monteCarlo(sure, x, { samples: 2, random: random(1) });
	expect(probabilities.toArray()).toEqual(softmax(sure.apply(x)).toArray());
	expect(() => monteCarlo(sure, x, { samples: 0, random: random(1) })).toThrow(
		"monteCarlo: samples must be a whole number of at least 1, got 0",
	);
});

test("dropout draws for each step", () => {
	const [first, second] = dropout(0.5)
		.apply(ones([2, 1, 50]), training(1))
		.toArray() as number[][][];
	expect(first).not.toEqual(second);
});

test("pham masks before the first layer, between layers and after the last", () => {
	const copy = (): Layer => {
		const layer = dense({ inputs: 1, outputs: 1, random: random(1) });
		layer.weights.W.data[0] = 1;
		return layer;
	};
	const masked = pham(0.5, copy(), copy());
	const { data } = masked.apply(ones([100, 100, 1]), training(1));
	expect(new Set(data)).toEqual(new Set([0, 8])); // three masks, each doubles what it lets through
	expect(data.filter((v) => v > 0).length / 10_000).toBeCloseTo(1 / 8, 1);
});

test("word dropout drops at its rate, and what stays is divided by 1 − rate", () => {
	const words = embedding({ tokens: 1000, size: 1, random: random(1) });
	words.weights.table.data.fill(3);
	const ids = Array.from({ length: 1000 }, (_, t) => [t]);
	const { data } = wordDropout(words, 0.25).apply(ids, training(1));
	expect(new Set(data)).toEqual(new Set([0, 4]));
	expect(data.filter((v) => v === 0).length / 1000).toBeCloseTo(0.25, 1);
});

test("Monte Carlo prediction averages probabilities, not logits, and keeps no gradient", () => {
	const model = chain(
		dropout(0.5),
		dense({ inputs: 1, outputs: 2, random: random(1) }),
	);
	model.weights["1.W"].data.set([1, -1]);
	const options = { samples: 2000, random: random(1) };
	const mean = monteCarlo(model, tensor([[50]]), options);
	expect(mean.data[0]).toBeCloseTo(3 / 4, 1); // half of the networks are sure, half know nothing
	expect(mean.requiresGrad).toBe(false);
});

test("Monte Carlo prediction takes a state and lengths", () => {
	const cell = irnn({ inputs: 1, hidden: 1, random: random(1) });
	const mean = monteCarlo(unroll(cell), zeros([2, 1, 1]), {
		samples: 1,
		random: random(1),
		read: (y) => y,
		state: tensor([[7]]),
		lengths: [1],
	});
	expect(mean.toArray()).toEqual([[[7]], [[0]]]);
});
