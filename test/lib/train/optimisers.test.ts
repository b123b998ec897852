import { adam, mul, sgd, sum, type Tensor, tensor } from "unrolled";
import { describe, expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { dtype: "float64", requiresGrad: true });
/** Leaves the gradient given. */
const pull = (w: Tensor, ...gradient: number[]) =>
	sum(mul(w, tensor(gradient, { dtype: "float64" }))).backward();

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
	test("a rate of 0", () => {
		expect(() => sgd({ rate: 0 })).toThrow(
			"sgd: rate must be a positive number, or a function from the step to one, got 0",
		);
	});
});
