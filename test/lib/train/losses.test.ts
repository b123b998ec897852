import {
	binaryCrossEntropy,
	checkGradients,
	ctc,
	ctcRead,
	huber,
	meanAbsoluteError,
	meanSquaredError,
	mixture,
	mixtureDensity,
	quantileLoss,
	random,
	sampleMixture,
	softmax,
	softmaxCrossEntropy,
	type Tensor,
	tensor,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { uniform as some } from "../drawn.ts";

const f64 = { dtype: "float64" } as const;

test("cross-entropy is the mean of −log of the probability of the target", () => {
	const logits = tensor(
		[
			[0, Math.log(3)],
			[0, 0],
		],
		{ dtype: "float64" },
	);
	expect(softmaxCrossEntropy(logits, [1, 0]).item()).toBeCloseTo(
		(Math.log(4 / 3) + Math.log(2)) / 2,
		12,
	);
	expect(softmaxCrossEntropy(logits, [1, -1]).item()).toBeCloseTo(
		Math.log(4 / 3),
		12,
	);
});

test("the mean squared error is worked by hand", () => {
	expect(meanSquaredError(tensor([1, 2]), tensor([3, 2])).item()).toBe(2);
});

test("cross-entropy with class weights, worked by hand", () => {
	// p = 1/4 and 3/4 for both positions: (1 · ln 4 + 3 · ln 4/3) / 4
	const logits = tensor(
		[
			[0, Math.log(3)],
			[0, Math.log(3)],
		],
		f64,
	);
	const loss = softmaxCrossEntropy(logits, [0, 1], { classes: [1, 3] });
	expect(loss.item()).toBeCloseTo((Math.log(4) + 3 * Math.log(4 / 3)) / 4, 12);
	// smoothed by 0.2: 0.9 and 0.1 of the two
	const smooth = softmaxCrossEntropy(logits, [0, 0], { smoothing: 0.2 });
	expect(smooth.item()).toBeCloseTo(
		0.9 * Math.log(4) + 0.1 * Math.log(4 / 3),
		12,
	);
});

test("a mask leaves out what −1 leaves out, whatever stands there", () => {
	const logits = some([2, 2, 3]);
	const left = softmaxCrossEntropy(logits, [
		[0, -1],
		[2, 1],
	]).item();
	const mask = [
		[1, 0],
		[1, 1],
	];
	const masked = softmaxCrossEntropy(
		logits,
		[
			[0, 1],
			[2, 1],
		],
		{ mask },
	);
	expect(masked.item()).toBeCloseTo(left, 12);
	const y = tensor(
		[
			[1, NaN],
			[3, 5],
		],
		f64,
	);
	const target = tensor(
		[
			[2, 9],
			[3, NaN],
		],
		f64,
	);
	for (const loss of [meanSquaredError, meanAbsoluteError]) {
		const w = tensor(y.data, { shape: [2, 2], requiresGrad: true });
		const value = loss(w, target, {
			mask: [
				[1, 0],
				[3, 0],
			],
		});
		expect(value.item()).toBe(0.25);
		value.backward();
		expect(w.grad?.data.every(Number.isFinite)).toBe(true);
	}
});

test("errors far off count less by Huber's loss", () => {
	const [y, zero] = [tensor([0.5, 3], f64), zeros([2], f64)];
	expect(huber(y, zero).item()).toBeCloseTo((0.125 + 2.5) / 2, 12);
	expect(huber(y, zero, { delta: 2 }).item()).toBeCloseTo((0.125 + 4) / 2, 12);
	expect(meanAbsoluteError(y, zero).item()).toBe(1.75);
});

test("the quantile loss is least where as many targets lie below as it says", () => {
	const targets = tensor(Float64Array.from({ length: 100 }, (_, i) => i));
	const at = (y: number) =>
		quantileLoss(
			tensor(new Float64Array(100).fill(y), { shape: [100, 1] }),
			targets,
			{ quantiles: [0.9] },
		).item();
	const best = [...Array(100).keys()].reduce((a, b) => (at(b) < at(a) ? b : a));
	expect(best).toBeGreaterThanOrEqual(89);
	expect(best).toBeLessThanOrEqual(90);
});

test("binary cross-entropy bears large logits", () => {
	const logits = tensor([0, 1000, -1000], { ...f64, requiresGrad: true });
	const loss = binaryCrossEntropy(logits, tensor([1, 1, 1], f64));
	expect(loss.item()).toBeCloseTo((Math.LN2 + 0 + 1000) / 3, 9);
	loss.backward();
	expect(logits.grad?.toArray()).toEqual([-0.5 / 3, 0, -1 / 3]);
});

const losses: [string, () => [() => Tensor, Tensor[]]][] = [
	[
		"cross-entropy, all options",
		() => {
			const x = some([2, 2, 3]);
			const how = { classes: [1, 2, 0.5], smoothing: 0.1, mask: [1, 0.5] };
			return [
				() =>
					softmaxCrossEntropy(
						x,
						[
							[0, -1],
							[2, 1],
						],
						how,
					),
				[x],
			];
		},
	],
	...([meanSquaredError, meanAbsoluteError, huber] as const).map(
		(loss): [string, () => [() => Tensor, Tensor[]]] => [
			loss.name,
			() => {
				const [y, t] = [some([3, 2]), some([3, 2], 2)];
				return [() => loss(y, t, { mask: [1, 0, 2] }), [y, t]];
			},
		],
	),
	[
		"binary cross-entropy",
		() => {
			const [x, t] = [some([3, 2]), some([3, 2], 2, 0.1, 0.9)];
			return [() => binaryCrossEntropy(x, t, { mask: [1, 0, 2] }), [x, t]];
		},
	],
	[
		"quantile loss",
		() => {
			const [y, t] = [some([3, 2, 2]), some([3, 2], 2)];
			const how = { quantiles: [0.2, 0.7], mask: [1, 0, 2] };
			return [() => quantileLoss(y, t, how), [y, t]];
		},
	],
	[
		"mixture density",
		() => {
			const [x, t] = [some([2, 2, 14], 3, -1, 1), some([2, 2, 2], 2)];
			const how = { components: 2, least: 0.05, mask: [1, 0.5] };
			return [
				() =>
					mixtureDensity(
						x,
						t,
						[
							[0, 1],
							[-1, 1],
						],
						how,
					),
				[x, t],
			];
		},
	],
	[
		"CTC",
		() => {
			const x = some([6, 2, 4]);
			const how = { lengths: [6, 3], blank: 3 };
			return [() => ctc(x, [[0, 0, 1], [2]], how), [x]];
		},
	],
];
test.each(losses)("%s has the gradients of finite differences", (_, make) => {
	const [f, w] = make();
	expect(checkGradients(f, w)).toBeLessThan(1e-6);
});

describe("mixture density", () => {
	test("one component of deviation 1 at the point costs ln 2π, and a pen in doubt ln 2", () => {
		const loss = mixtureDensity(
			tensor([[0, 3, -2, 0, 0, 0, 0, 0]], f64),
			tensor([[3, -2]], f64),
			[1],
			{ components: 1 },
		);
		expect(loss.item()).toBeCloseTo(Math.log(2 * Math.PI) + Math.LN2, 12);
	});

	test("a point far from all components, and a correlation of nearly 1, cost much and stay finite", () => {
		for (const row of [
			[0, 0, 1000, -1000, 0, 0, -3, -3, -3, -3, 0, 0, 5, -5],
			[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 18, -18, 0, 0],
		]) {
			const x = tensor([row], { ...f64, requiresGrad: true });
			const loss = mixtureDensity(x, tensor([[50, -40]], f64), [0], {
				components: 2,
			});
			expect(Number.isFinite(loss.item())).toBe(true);
			loss.backward();
			expect(x.grad?.data.every(Number.isFinite)).toBe(true);
		}
	});

	test("what is drawn has the mixture's means, deviations and correlation", () => {
		const row = [
			0,
			Math.log(3),
			0,
			4,
			0,
			-2,
			0,
			-1,
			0.5,
			-1,
			0,
			1,
			0,
			Math.log(4),
		];
		const how = { components: 2, random: random(1) };
		const { components, pens } = mixture(row, { components: 2 });
		expect(components.map(({ weight }) => weight)).toEqual([
			expect.closeTo(0.25, 12),
			expect.closeTo(0.75, 12),
		]);
		expect(pens[1]).toBeCloseTo(0.8, 12);
		const drawn = Array.from({ length: 20000 }, () => sampleMixture(row, how));
		const second = drawn.filter(({ component }) => component === 1);
		expect(second.length / drawn.length).toBeCloseTo(0.75, 1);
		const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
		const [mx, my] = [
			mean(second.map((m) => m.dx)),
			mean(second.map((m) => m.dy)),
		];
		expect([mx, my]).toEqual([expect.closeTo(4, 1), expect.closeTo(-2, 1)]);
		const [sx, sy] = components[1].deviation;
		const together = mean(
			second.map((m) => ((m.dx - mx) * (m.dy - my)) / (sx * sy)),
		);
		expect(together).toBeCloseTo(Math.tanh(1), 1);
		expect(mean(drawn.map(({ pen }) => pen))).toBeCloseTo(0.8, 1);
	});

	test("a bias makes it neater", () => {
		const row = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
		const [plain, neat] = [0, 2].map((bias) =>
			mixture(row, { components: 2, bias }),
		);
		expect(neat.components[0].deviation[0]).toBeCloseTo(Math.exp(-2), 12);
		expect(neat.components[1].weight).toBeGreaterThan(
			plain.components[1].weight,
		);
	});
});

test("CTC sums over all paths, worked by hand", () => {
	// three steps, classes blank and a: `a` is read from aaa, aa–, a––, –aa, –a–, ––a
	const logits = tensor(
		[[[0, Math.log(3)]], [[0, 0]], [[0, Math.log(4)]]],
		f64,
	);
	const [p, q, r] = (softmax(logits).toArray() as number[][][]).map(
		([[, a]]) => a,
	);
	const [p0, q0, r0] = [1 - p, 1 - q, 1 - r];
	const sum =
		p * q * r +
		p * q * r0 +
		p * q0 * r0 +
		p0 * q * r +
		p0 * q * r0 +
		p0 * q0 * r;
	expect(ctc(logits, [[1]]).item()).toBeCloseTo(-Math.log(sum), 12);
	// aa needs a blank between: a–a alone
	expect(ctc(logits, [[1, 1]]).item()).toBeCloseTo(-Math.log(p * q0 * r), 12);
});

test("ctcRead takes out repetitions and blanks, within the lengths", () => {
	const path = [1, 1, 0, 1, 2, 2];
	const logits = tensor(path.map((k) => [[0, 0, 0].with(k, 1)]));
	expect(ctcRead(logits)).toEqual([[1, 1, 2]]);
	expect(ctcRead(logits, { lengths: [3] })).toEqual([[1]]);
});

describe("errors say which position", () => {
	const x = zeros([3, 2]);
	const cases: [string, () => unknown, string][] = [
		[
			"a class that is not there",
			() => softmaxCrossEntropy(tensor([[1, 2]]), [2]),
			"softmaxCrossEntropy: target 2 at 0 is not one of 0 … 1 (or −1, left out)",
		],
		[
			"more targets than rows",
			() => softmaxCrossEntropy(tensor([[1, 2]]), [0, 1]),
			"softmaxCrossEntropy: targets must be [1], got [2]",
		],
		[
			"a target of another shape",
			() => meanSquaredError(tensor([[1, 2]]), tensor([1])),
			"meanSquaredError: target must be [1, 2], got [1]",
		],
		[
			"a mask of another shape",
			() => meanSquaredError(x, x, { mask: [1, 1] }),
			"meanSquaredError: the mask must be [3, 2] or its first axes, got [2]",
		],
		[
			"a mask of nothing",
			() => huber(x, x, { mask: [0, 0, 0] }),
			"huber: the mask leaves out everything",
		],
		[
			"a negative mask",
			() => meanAbsoluteError(x, x, { mask: [1, -1, 0] }),
			"meanAbsoluteError: the mask must be numbers of at least 0",
		],
		[
			"too few classes",
			() => softmaxCrossEntropy(x, [0, 1, 0], { classes: [1] }),
			"softmaxCrossEntropy: classes must be K=2 numbers, got 1",
		],
		[
			"a class of weight 0 alone",
			() => softmaxCrossEntropy(x, [0, 0, 0], { classes: [0, 1] }),
			"every target is left out",
		],
		[
			"PyTorch's word",
			() =>
				softmaxCrossEntropy(x, [0, 0, 0], { label_smoothing: 0.1 } as never),
			"softmaxCrossEntropy: there is no option label_smoothing; did you mean smoothing?",
		],
		[
			"a target that is no probability",
			() =>
				binaryCrossEntropy(
					x,
					tensor([
						[0, 1],
						[2, 0],
						[0, 0],
					]),
				),
			"binaryCrossEntropy: targets must be from 0 to 1, got 2 at 2",
		],
		[
			"quantiles in the wrong place",
			() => quantileLoss(x, x, { quantiles: [0.5] }),
			"quantileLoss: y must be float32 [3, 2, 1], got float32 [3, 2]",
		],
		[
			"too few outputs",
			() => mixtureDensity(x, x, [0, 0, 0], { components: 1 }),
			"mixtureDensity: outputs must be [3, 8], got [3, 2]",
		],
		[
			"a pen that is not there",
			() => mixtureDensity(zeros([3, 8]), x, [0, 2, 0], { components: 1 }),
			"mixtureDensity: pen 2 at 1 is not one of 0 … 1 (or −1, left out)",
		],
		[
			"too few steps for a target",
			() => ctc(zeros([3, 1, 4]), [[1, 1, 2]]),
			"ctc: target 0 needs at least 4 steps, and its sequence has 3",
		],
		[
			"the blank in a target",
			() => ctc(zeros([3, 1, 4]), [[1, 0]]),
			"ctc: target 0 holds the blank, 0, at 1",
		],
	];
	test.each(cases)("%s", (_, wrong, text) => expect(wrong).toThrow(text));
});
