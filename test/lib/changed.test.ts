import {
	add,
	copyWeights,
	elman,
	fit,
	gru,
	lstm,
	matmul,
	mul,
	ones,
	qrnn,
	random,
	restoreWeights,
	sgd,
	square,
	sum,
	type Tensor,
	tensor,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

/** Weights that change between a forward pass and its backward: the gradient would be that of another function. */
const source = random(1);
const sizes = { inputs: 2, hidden: 3, random: source };
const networks: [
	string,
	{ weights: Readonly<Record<string, Tensor>>; loss: () => Tensor },
][] = [
	...[
		elman(sizes),
		lstm(sizes),
		gru(sizes),
		gru({ ...sizes, reset: "after" }),
		qrnn(sizes),
	].map(
		(
			cell,
		): [
			string,
			{ weights: Readonly<Record<string, Tensor>>; loss: () => Tensor },
		] => [
			`${cell.name}, all steps at once`,
			{
				weights: cell.weights,
				loss: () =>
					sum(unroll(cell as ReturnType<typeof elman>).apply(ones([3, 2, 2]))),
			},
		],
	),
	[
		"lstm, step by step",
		(() => {
			const cell = lstm(sizes);
			const loss = () =>
				sum(unroll(cell).run(ones([3, 2, 2]), { inspect: true }).outputs);
			return { weights: cell.weights, loss };
		})(),
	],
	[
		"a product",
		(() => {
			const W = tensor(new Float32Array(5000).fill(0.1), {
				shape: [50, 100],
				requiresGrad: true,
			});
			return {
				weights: { W },
				loss: () => sum(square(matmul(ones([2, 50]), W))),
			};
		})(),
	],
	[
		"what was detached from a weight",
		(() => {
			const W = tensor([1, 2], { requiresGrad: true });
			const v = tensor([3, 4], { requiresGrad: true });
			return { weights: { W }, loss: () => sum(mul(W.detach(), v)) };
		})(),
	],
];

describe.each(networks)("%s", (_, { weights, loss }) => {
	const [first] = Object.values(weights);
	const names = Object.keys(weights).join("|");

	test("a step between forward and backward is seen, by the weight's name", () => {
		const y = loss();
		for (const w of Object.values(weights))
			w.grad = zeros(w.shape, { dtype: w.dtype });
		sgd({ rate: 0.1 }).step(weights); // writes, though not a number changes
		expect(() => y.backward()).toThrow(
			new RegExp(
				`^backward: weight (${names}) \\[[\\d, ]+\\] was changed after`,
			),
		);
		expect(() => y.backward()).toThrow(
			"by an optimiser's step or restoreWeights; call backward() before the weights change, or compute the loss again",
		);
		expect(Object.values(weights).map((w) => w.grad)).toEqual(
			Object.values(weights).map(() => null),
		);
		loss().backward();
	});

	test("so is restoring, and writing into the data", () => {
		const kept = copyWeights(weights);
		const restored = loss();
		restoreWeights(weights, kept);
		expect(() => restored.backward()).toThrow(
			"by an optimiser's step or restoreWeights",
		);
		const written = loss();
		const before = first.data[0];
		first.data[0] += 0.5;
		expect(() => written.backward()).toThrow("by writing into its data");
		first.data[0] = before;
		written.backward(); // as it was
		for (const w of Object.values(weights)) w.grad = null;
	});
});

test("a step that changes none of the numbers which are looked at is seen, right after the last operation", () => {
	const w = zeros([16], { requiresGrad: true });
	const loss = sum(w);
	w.grad = tensor(Array.from({ length: 16 }, (_, i) => Number(i === 1)));
	sgd({ rate: 1 }).step({ w });
	expect(() => loss.backward()).toThrow("was changed after sum had read it");
});

test("what is changed after backward, or before the loss, is nobody's business", async () => {
	const w = tensor([1, 2], { requiresGrad: true });
	w.data[0] = 5;
	const loss = () => sum(square(w));
	const y = loss();
	y.backward();
	sgd({ rate: 0.5 }).step([w]);
	expect(w.toArray()).toEqual([0, 0]);
	await fit(loss, { weights: [w], optimiser: sgd({ rate: 0.1 }), steps: 3 });
	const early = add(loss(), 0);
	const late = loss();
	late.backward();
	early.backward();
});

test("a weight that holds NaN is not taken for changed", () => {
	const w = tensor([NaN], { requiresGrad: true });
	const y = sum(square(w));
	y.backward();
	expect(w.grad?.item()).toBe(NaN);
});
