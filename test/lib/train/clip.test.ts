import {
	clipNorm,
	clipValue,
	gradientNorm,
	mul,
	sum,
	type Tensor,
	tensor,
} from "unrolled";
import { expect, test } from "vitest";

const weight = (...numbers: number[]): Tensor =>
	tensor(numbers, { dtype: "float64", requiresGrad: true });
/** Leaves the gradient given. */
const pull = (w: Tensor, ...gradient: number[]) =>
	sum(mul(w, tensor(gradient, { dtype: "float64" }))).backward();

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

test("the norm of gradients whose squares overflow or vanish is found, whatever their signs", () => {
	for (const scale of [1e200, 1e-200]) {
		const w = weight(0, 0);
		pull(w, -3 * scale, -4 * scale);
		expect(gradientNorm({ w }) / scale).toBeCloseTo(5, 12);
	}
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

test("a limit of 0 is refused", () => {
	expect(() => clipNorm([], 0)).toThrow(
		"clipNorm: the limit must be a positive number, got 0",
	);
});
