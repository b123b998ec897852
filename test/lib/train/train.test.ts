import {
	adam,
	clipNorm,
	clipValue,
	gradientNorm,
	meanSquaredError,
	mul,
	sgd,
	softmaxCrossEntropy,
	sub,
	sum,
	type Tensor,
	tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { dtype: "float64", requiresGrad: true });
/** Leaves the gradient given. */
const pull = (w: Tensor, ...gradient: number[]) =>
	sum(mul(w, tensor(gradient, { dtype: "float64" }))).backward();

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

test("the norm is that of all gradients together, and clipping keeps the direction", () => {
	const [a, b] = [weight(0), weight(0)];
	pull(a, 3);
	pull(b, 4);
	expect(gradientNorm({ a, b })).toBe(5);
	expect(clipNorm({ a, b }, 1)).toBe(5);
	expect(a.grad?.item()).toBeCloseTo(0.6, 12);
	expect(b.grad?.item()).toBeCloseTo(0.8, 12);
	clipNorm([a, b], 10);
	expect(a.grad?.item()).toBeCloseTo(0.6, 12);
});

test("a weight in two places counts once in the norm, and is clipped once", () => {
	const w = weight(1);
	pull(w, 4);
	expect(gradientNorm({ first: w, second: w })).toBe(4);
	clipNorm({ first: w, second: w }, 1);
	expect(w.grad?.item()).toBeCloseTo(1, 12);
});

test("clipping by value bounds each number for itself", () => {
	const w = weight(0, 0, 0);
	pull(w, 3, -0.5, -9);
	clipValue([w], 1);
	expect(w.grad?.toArray()).toEqual([1, -0.5, -1]);
});

test("sgd steps down the gradient, with momentum and without, and uses the gradient up", () => {
	const w = weight(1);
	const plain = sgd({ rate: 0.1 });
	pull(w, 2);
	plain.step([w]);
	expect(w.item()).toBeCloseTo(0.8, 12);
	expect(w.grad).toBe(null);
	// v₁ = 2, v₂ = 0.5 · 2 + 2 = 3: 1 − 0.1 · 2 − 0.1 · 3
	const v = weight(1);
	const heavy = sgd({ rate: 0.1, momentum: 0.5 });
	for (let i = 0; i < 2; i++) {
		pull(v, 2);
		heavy.step({ v });
	}
	expect(v.item()).toBeCloseTo(0.5, 12);
});

test("a weight in two places takes one step", () => {
	const w = weight(1);
	pull(w, 1);
	sgd({ rate: 0.25 }).step({ first: w, second: w });
	expect(w.item()).toBe(0.75);
});

test("adam's first two steps agree with its algorithm worked by hand", () => {
	const w = weight(1);
	const rule = adam({ rate: 0.1, epsilon: 1e-30 });
	pull(w, 5);
	rule.step([w]);
	expect(w.item()).toBeCloseTo(0.9, 12); // m̂/√v̂ is the gradient's sign
	pull(w, -1);
	rule.step([w]);
	// m = 0.9 · 0.5 − 0.1 = 0.35, v = 0.999 · 0.025 + 0.001; corrections 0.19 and 0.001999
	const step =
		0.35 / 0.19 / Math.sqrt((0.999 * 0.025 + 0.001) / (1 - 0.999 ** 2));
	expect(w.item()).toBeCloseTo(0.9 - 0.1 * step, 10);
});

test("adam's rate is 0.001 unless told", () => {
	const w = weight(1);
	pull(w, 5);
	adam().step([w]);
	expect(w.item()).toBeCloseTo(0.999, 8);
});

describe("errors say what to do", () => {
	test("an optimiser without gradients", () => {
		expect(() => adam().step([weight(1)])).toThrow(
			"adam: no weight has a gradient; call loss.backward() first",
		);
	});
	test("rates, limits, targets and shapes out of range", () => {
		expect(() => sgd({ rate: 0 })).toThrow(
			"sgd: rate must be a positive number, or a function from the step to one, got 0",
		);
		expect(() => clipNorm([], 0)).toThrow(
			"clipNorm: the limit must be a positive number, got 0",
		);
		const logits = tensor([[1, 2]]);
		expect(() => softmaxCrossEntropy(logits, [2])).toThrow(
			"softmaxCrossEntropy: target 2 at 0 is not one of 0 … 1 (or −1, left out)",
		);
		expect(() => softmaxCrossEntropy(logits, [0, 1])).toThrow(
			"softmaxCrossEntropy: targets must be [1], got [2]",
		);
		expect(() =>
			meanSquaredError(logits, sub(logits, 1) && tensor([1])),
		).toThrow("meanSquaredError: target must be [1, 2], got [1]");
	});
});
