import {
	adam,
	attentionOverTime,
	bidirectional,
	type Cell,
	chain,
	checkGradients,
	copyWeights,
	dense,
	embedding,
	encoderDecoder,
	fit,
	freeze,
	gru,
	type Layer,
	lastStep,
	lstm,
	maxOverTime,
	meanOverTime,
	random,
	repeatOverTime,
	slice,
	softmaxCrossEntropy,
	square,
	sum,
	summary,
	type Tensor,
	tensor,
	tied,
	unfreeze,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { normals as some, weighed } from "../drawn.ts";

const f64 = { dtype: "float64" } as const;

const pools: [string, () => Layer][] = [
	["lastStep", () => lastStep()],
	["lastStep of two directions", () => lastStep({ directions: 2 })],
	["meanOverTime", () => meanOverTime()],
	["maxOverTime", () => maxOverTime()],
	[
		"attentionOverTime",
		() =>
			attentionOverTime({ inputs: 4, hidden: 3, random: random(5), ...f64 }),
	],
];

test("repeatOverTime hands one vector to every step, and sums what comes back", () => {
	const x = some([2, 3]);
	const many = repeatOverTime({ steps: 4 });
	expect(many.apply(x).toArray()).toEqual(
		Array.from({ length: 4 }, () => x.toArray()),
	);
	expect(checkGradients(() => weighed(many.apply(x)), [x])).toBeLessThan(1e-6);
	expect(() => many.apply(some([4, 2, 3]))).toThrow(
		"repeatOverTime: x must be [B, D], got [4, 2, 3]",
	);
	// in a chain behind a pooling layer, which ends the lengths
	const net = chain(
		lastStep(),
		many,
		unroll(gru({ inputs: 3, hidden: 2, random: random(1), ...f64 })),
	);
	expect(net.apply(some([5, 2, 3]), { lengths: [5, 2] }).shape).toEqual([
		4, 2, 2,
	]);
});

describe.each(pools)("%s", (_, make) => {
	const xs = some([5, 3, 4]);
	const lengths = [5, 2, 1];
	const holed = tensor(
		xs.data.map((v, i) =>
			Math.floor(i / 12) < lengths[Math.floor(i / 4) % 3] ? v : NaN,
		),
		{ shape: [5, 3, 4], requiresGrad: true },
	);
	const pool = make();

	test("has the gradients of finite differences, whatever the padding", () => {
		const all = { ...pool.weights, holed };
		expect(
			checkGradients(() => weighed(pool.apply(holed, { lengths })), all),
		).toBeLessThan(1e-6);
	});

	test("gives of each sequence what it gives of it alone", () => {
		const together = pool.apply(holed, { lengths });
		expect(together.shape).toEqual([3, 4]);
		lengths.forEach((length, b) => {
			const alone = pool.apply(slice(slice(xs, 1, b, b + 1), 0, 0, length));
			alone.data.forEach((value, j) => {
				expect(together.data[b * 4 + j]).toBeCloseTo(value, 12);
			});
		});
	});

	test("in a chain, what follows has no lengths", () => {
		const model = chain(
			chain(
				unroll(gru({ inputs: 4, hidden: 4, random: random(2), ...f64 })),
				pool,
			),
			dense({ inputs: 4, outputs: 2, random: random(3), ...f64 }),
		);
		expect(model.apply(xs, { lengths }).shape).toEqual([3, 2]);
	});

	test("says what it wants", () => {
		expect(() => pool.apply(some([3, 4]))).toThrow(
			"xs must be [T, B, H], got [3, 4]",
		);
		expect(() => pool.apply(xs, { lengths: [5, 0, 1] })).toThrow(
			"lengths must be B=3 whole numbers from 1 to T=5, got [5, 0, 1]",
		);
		expect(() => pool.apply(some([0, 3, 4]))).toThrow(
			"xs must have at least one step, got T=0",
		);
	});
});

test("each pool by hand: two sequences of 3 and 1 steps", () => {
	const xs = tensor(
		[
			[
				[1, 5],
				[7, 8],
			],
			[
				[4, 2],
				[0, 0],
			],
			[
				[-2, 3],
				[0, 0],
			],
		],
		f64,
	);
	const how = { lengths: [3, 1] };
	expect(lastStep().apply(xs, how).toArray()).toEqual([
		[-2, 3],
		[7, 8],
	]);
	expect(lastStep({ directions: 2 }).apply(xs, how).toArray()).toEqual([
		[-2, 5],
		[7, 8],
	]);
	expect(maxOverTime().apply(xs, how).toArray()).toEqual([
		[4, 5],
		[7, 8],
	]);
	const [[a, b]] = meanOverTime().apply(xs, how).toArray() as number[][];
	expect([a, b]).toEqual([1, expect.closeTo(10 / 3, 12)]);
});

test("attention over time sums to 1 over each sequence's own steps", () => {
	const pool = attentionOverTime({
		inputs: 4,
		hidden: 3,
		random: random(1),
		...f64,
	});
	const { internals } = pool.run(some([4, 2, 4]), {
		lengths: [4, 2],
		inspect: true,
	});
	const a = internals?.a.toArray() as number[][];
	for (const row of a) expect(row.reduce((x, y) => x + y)).toBeCloseTo(1, 12);
	expect(a[1].slice(2)).toEqual([0, 0]);
});

test("lastStep of a bidirectional layer is the last state of both directions", () => {
	const make = () =>
		unroll(gru({ inputs: 4, hidden: 2, random: random(4), ...f64 }));
	const both = bidirectional({ forward: make(), backward: make() });
	const xs = some([5, 3, 4]);
	const lengths = [5, 2, 1];
	const { outputs, state } = both.run(xs, { lengths });
	const { forward, backward } = state as Record<string, Tensor>;
	const last = lastStep({ directions: 2 }).apply(outputs, { lengths });
	expect(slice(last, 1, 0, 2).toArray()).toEqual(forward.toArray());
	expect(slice(last, 1, 2, 4).toArray()).toEqual(backward.toArray());
});

test("one of several cells may be unrolled without a word about types", () => {
	const sizes = { inputs: 2, hidden: 3, random: random(1) };
	const made = (deep: boolean) => unroll(deep ? lstm(sizes) : gru(sizes));
	const cell: Cell = gru(sizes);
	for (const layer of [made(true), made(false), unroll(cell)])
		expect(layer.apply(zeros([4, 1, 2])).shape).toEqual([4, 1, 3]);
});

test("a bidirectional encoder hands its state to a decoder of twice the size", () => {
	const words = (seed: number) =>
		embedding({ tokens: 5, size: 4, random: random(seed), ...f64 });
	for (const cell of [gru, lstm]) {
		const half = () =>
			unroll(cell({ inputs: 4, hidden: 3, random: random(2), ...f64 }) as Cell);
		const model = encoderDecoder({
			encoder: chain(
				words(1),
				bidirectional({ forward: half(), backward: half() }),
			),
			decoder: chain(
				words(3),
				unroll(
					cell({ inputs: 4, hidden: 6, random: random(4), ...f64 }) as Cell,
				),
			),
			output: dense({ inputs: 6, outputs: 5, random: random(5), ...f64 }),
		});
		const pair = {
			source: [
				[1, 2],
				[3, 4],
				[0, 1],
			],
			target: [
				[0, 0],
				[2, 3],
			],
		};
		const loss = () =>
			softmaxCrossEntropy(model.apply(pair, { lengths: [3, 2] }), [
				[2, 3],
				[1, -1],
			]);
		expect(checkGradients(loss, model.weights)).toBeLessThan(1e-6);
	}
});

describe("tied", () => {
	const words = embedding({ tokens: 5, size: 3, random: random(1), ...f64 });
	const model = chain(
		words,
		unroll(gru({ inputs: 3, hidden: 3, random: random(2), ...f64 })),
		tied(words),
	);

	test("the table serves both ends, and its gradient is the sum of both", () => {
		const loss = () => softmaxCrossEntropy(model.apply([[0], [3]]), [[3], [1]]);
		expect(checkGradients(loss, model)).toBeLessThan(1e-6);
		expect(
			Object.keys(copyWeights(model)).filter((name) => name.includes("table")),
		).toEqual(["0.table"]);
		expect(summary(model).parameters).toBe(5 * 3 + 3 * (9 + 9 + 3) + 5);
	});

	test("says what it wants", () => {
		expect(() => tied({} as never)).toThrow(
			"tied: the embedding's table must be a Tensor, got undefined",
		);
		expect(() => tied(words).apply(zeros([2, 4], f64))).toThrow(
			"tied: x must be [..., 3], got [2, 4]",
		);
	});
});

describe("freeze", () => {
	const model = () => ({
		words: embedding({ tokens: 4, size: 3, random: random(1) }),
		body: unroll(gru({ inputs: 3, hidden: 3, random: random(2) })),
	});
	const lossOf =
		({ words, body }: ReturnType<typeof model>) =>
		() =>
			sum(square(body.apply(words.apply([[0], [1]]))));

	test("what is frozen stays, what comes before it learns, and unfrozen it learns again", async () => {
		const parts = model();
		const [table, W] = [parts.words.weights.table, parts.body.weights.W];
		const before = { table: table.data.slice(), W: W.data.slice() };
		freeze(parts.body);
		await fit(lossOf(parts), { weights: parts, optimiser: adam(), steps: 2 });
		expect(W.data).toEqual(before.W);
		expect(W.grad).toBe(null);
		expect(table.data).not.toEqual(before.table);
		expect(Object.keys(copyWeights(parts))).toContain("body.W");
		unfreeze(parts.body);
		await fit(lossOf(parts), { weights: parts, optimiser: adam(), steps: 1 });
		expect(W.data).not.toEqual(before.W);
	});

	test("a change of a frozen weight is still seen", () => {
		const parts = model();
		freeze(parts.body);
		const loss = lossOf(parts)();
		parts.body.weights.W.data[0] += 1;
		expect(() => loss.backward()).toThrow("was changed after");
	});

	test("what has no weights is refused", () => {
		expect(() => freeze(zeros([2]))).toThrow(
			"freeze: the tensor [2] is not a weight",
		);
		expect(() => unfreeze("W" as never)).toThrow(
			"unfreeze: weights must be tensors, layers or cells",
		);
	});
});
