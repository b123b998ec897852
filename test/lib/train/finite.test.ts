import {
	adam,
	add,
	chain,
	clipNorm,
	clipValue,
	concat,
	dense,
	dotAttention,
	elman,
	exp,
	type Fit,
	fit,
	log,
	lstm,
	mul,
	type Optimiser,
	ones,
	random,
	sgd,
	sqrt,
	square,
	sum,
	type Tensor,
	tensor,
	unroll,
	where,
} from "unrolled";
import { describe, expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { requiresGrad: true });
const run = (
	loss: (step: number) => Tensor,
	weights: Record<string, Tensor>,
	steps = 5,
): Fit => fit(loss, { weights, optimiser: sgd({ rate: 0.1 }), steps, clip: 1 });

describe("fit refuses a step that is not finite, and says where it came from", () => {
	const w = weight(0, 4);
	const stays = (v: Tensor) => {
		const before = [...v.data];
		return () => expect([...v.data]).toEqual(before);
	};
	const cases: [string, () => Fit, string][] = [
		[
			"a gradient",
			() => run(() => sum(sqrt(w)), { w }),
			"fit: the gradient of weight w [2] holds Infinity at [0] at step 1: on the way back it comes from sqrt(weight w [2]), operation 1 of 2. The weights are those before this step.",
		],
		[
			"a gradient deep inside",
			() => run(() => sum(add(square(sqrt(mul(w, 2))), w)), { w }),
			"on the way back it comes from sqrt([2]), operation 2 of 5.",
		],
		[
			"a result",
			() => run(() => sum(log(add(w, -1))), { w }),
			"fit: the loss is NaN at step 1: it comes from log([2]), operation 2 of 3, whose inputs are finite: its result holds NaN at [0]. The weights are those before this step.",
		],
		[
			"a result that overflows at a later step",
			() =>
				run((step) => sum(exp(mul(add(w, 1), step === 1 ? 1 : 100))), { w }, 2),
			"fit: the loss is Infinity at step 2: it comes from exp([2]), operation 3 of 4, whose inputs are finite: its result holds Infinity at [0]. The weights are those before this step. If the losses before it grew, a smaller rate or clipping may help.",
		],
		[
			"the data",
			() => run(() => sum(mul(w, tensor([1, NaN]))), { w }),
			"fit: the loss is NaN at step 1: the data hold NaN at [1] of an input [2] of mul(weight w [2], [2]), operation 1 of 2. The weights are those before this step.",
		],
	];
	test.each(cases)("%s", async (_, make, text) => {
		w.data.set([0, 4]);
		const unchanged = make === cases[3][1] ? () => {} : stays(w);
		await expect(make()).rejects.toThrow(text);
		unchanged();
		expect(w.grad).toBe(null);
	});

	test("a weight that was not finite before", async () => {
		const v = weight(1, Infinity);
		await expect(run(() => sum(mul(v, w)), { v, w })).rejects.toThrow(
			"fit: the loss is Infinity at step 1: weight v [2] holds Infinity at [1] before the step.",
		);
	});

	test("what does not reach the loss is not blamed: a mask's −Infinity, padding", async () => {
		const memory = tensor([[[1]], [[2]], [[NaN]]]);
		const queries = mul(ones([1, 1, 1]), weight(1));
		const { context } = dotAttention().over(memory, [2])(queries);
		const hidden = where(tensor([1, 0]), log(add(w, 1)), tensor([NaN, 0]));
		await expect(
			run(() => sum(concat([log(sub1(hidden)), flat(context)])), { w }),
		).rejects.toThrow("it comes from log([2])");
	});
	const sub1 = (x: Tensor) => add(x, -1);
	const flat = (x: Tensor) => mul(sum(x), ones([1]));

	test("a gradient that a second look does not show", async () => {
		let asked = 0;
		const loss = () => sum(sqrt(asked++ === 0 ? w : add(w, 1)));
		await expect(run(loss, { w })).rejects.toThrow(
			"fit: the gradient of weight w [2] holds Infinity at [0] at step 1: computed once more, the loss of this step had finite gradients: it comes with some batches or masks.",
		);
	});

	test("a network of whole-sequence kernels names its part and its weight", async () => {
		const source = random(1);
		const net = chain(
			unroll(lstm({ inputs: 2, hidden: 3, random: source })),
			dense({ inputs: 3, outputs: 1, random: source }),
		);
		const xs = ones([4, 2, 2]);
		xs.data[5] = NaN;
		await expect(run(() => sum(net.apply(xs)), net.weights)).rejects.toThrow(
			"the data hold NaN at [1, 0, 1] of an input [4, 2, 2] of lstm([4, 2, 2], [2, 3], [2, 3], weight 0.Wi [2, 3], …), operation 1 of 4, in chain › unroll.",
		);
	});

	test("in a cell that runs step by step, the step is said", async () => {
		const cell = elman({
			...{ inputs: 1, hidden: 2, random: random(1) },
			activation: "relu",
		});
		const net = unroll(cell);
		const xs = ones([4, 1, 1]);
		xs.data[2] = 1e30;
		cell.weights.W.data.fill(1e30);
		await expect(
			run(() => sum(net.run(xs, { inspect: true }).outputs), cell.weights),
		).rejects.toThrow(
			/it comes from matmul\(\[1, 1\], weight W \[1, 2\]\), operation \d+ of \d+, in unroll › elman at t=2, whose inputs are finite: its result holds Infinity/,
		);
	});
});

test("optimisers and clipping refuse gradients that are not finite before they change anything", () => {
	const small = weight(1, 2);
	const large = tensor(new Float32Array(5000).fill(1), { requiresGrad: true });
	const refuse = (act: () => unknown, place: string) => {
		for (const bad of [NaN, Infinity]) {
			for (const [v, at] of [
				[small, 1],
				[large, 4321],
			] as const) {
				sum(add(sum(square(small)), sum(square(large)))).backward();
				(v.grad as Tensor).data[at] = bad;
				const before = [small, large].flatMap((t) => [
					...t.data,
					...(t.grad as Tensor).data,
				]);
				expect(act, place).toThrow(
					`${place}: the gradient of weight ${v === small ? "small" : "large"} [${v.size}] holds ${bad} at [${at}]; nothing was changed`,
				);
				expect(
					[small, large].flatMap((t) => [
						...t.data,
						...(t.grad as Tensor).data,
					]),
				).toEqual(before);
				small.grad = null;
				large.grad = null;
			}
		}
	};
	const weights = { small, large };
	const rules: [string, Optimiser][] = [
		["sgd", sgd({ rate: 1 })],
		["sgd", sgd({ rate: 1, momentum: 0.5 })],
		["adam", adam()],
	];
	for (const [name, rule] of rules) refuse(() => rule.step(weights), name);
	refuse(() => clipNorm(weights, 1), "clipNorm");
	refuse(() => clipValue(weights, 1), "clipValue");
});

test("squares that overflow are no gradients that are not finite", () => {
	const w = tensor([1], { dtype: "float64", requiresGrad: true });
	sum(mul(w, 1e200)).backward();
	sgd({ rate: 1e-200 }).step([w]);
	expect(w.item()).toBeCloseTo(0, 12);
});
