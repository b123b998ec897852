import {
	abs,
	argmax,
	checkGradients,
	clip,
	equal,
	greater,
	less,
	logSumExp,
	max,
	maximum,
	mean,
	min,
	minimum,
	pow,
	square,
	sub,
	sum,
	type Tensor,
	tanh,
	tensor,
	where,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { uniform as some, weighed } from "../drawn.ts";

const f64 = { dtype: "float64" } as const;
const close = (f: () => Tensor, x: Tensor[]) =>
	expect(checkGradients(f, x)).toBeLessThan(1e-6);

const unaries: [string, (x: Tensor) => Tensor][] = [
	["abs", abs],
	["clip", (x) => clip(x, -1, 1)],
	["pow of 3", (x) => pow(x, 3)],
	["2 to the x", (x) => pow(2, x)],
];
const reductions: [string, (x: Tensor) => Tensor][] = [
	["max", (x) => max(x)],
	["max over axis 0", (x) => max(x, 0)],
	["max over the last axis", (x) => max(x, -1)],
	["min over axis 1, kept", (x) => min(x, 1, { keep: true })],
	["logSumExp", (x) => logSumExp(x)],
	["logSumExp over axis 0", (x) => logSumExp(x, 0)],
	["logSumExp over two axes", (x) => logSumExp(x, [0, 2])],
	["sum over two axes side by side", (x) => sum(x, [0, 1])],
	["sum over two axes apart, kept", (x) => sum(x, [2, 0], { keep: true })],
	["mean over three", (x) => mean(x, [0, 1, 2])],
	["sub of a kept mean", (x) => sub(x, mean(x, 1, { keep: true }))],
];

describe("gradients of finite differences", () => {
	test.each(unaries)("%s", (_, f) => {
		for (const shape of [[], [5], [2, 3]]) {
			const x = some(shape, 3);
			close(() => weighed(f(x)), [x]);
		}
	});
	test.each(reductions)("%s", (_, f) => {
		for (const shape of [
			[2, 3, 4],
			[1, 5, 1],
		]) {
			const x = some(shape, 4);
			close(() => weighed(f(x)), [x]);
		}
	});
	test.each([
		["maximum", maximum],
		["minimum", minimum],
		["pow", pow],
	] as const)("%s of two", (_, f) => {
		for (const [a, b] of [
			[[3, 4], [4]],
			[
				[3, 1],
				[1, 4],
			],
			[[], [2, 2]],
		]) {
			const [x, y] = [some(a, 5, 0.5, 2), some(b, 6, 0.5, 2)];
			close(() => weighed(f(x, y)), [x, y]);
		}
	});
});

describe("values", () => {
	const x = tensor(
		[
			[1, -5, 3],
			[4, 2, -6],
		],
		f64,
	);

	test("reductions, along an axis, several and all", () => {
		expect(max(x, 0).toArray()).toEqual([4, 2, 3]);
		expect(min(x, -1).toArray()).toEqual([-5, -6]);
		expect(max(x).item()).toBe(4);
		expect(max(x, 1, { keep: true }).shape).toEqual([2, 1]);
		expect(sum(x, [0, 1]).item()).toBe(-1);
		expect(sum(x, undefined, { keep: true }).shape).toEqual([1, 1]);
		expect(sum(zeros([2, 3, 4]), [2, 0]).shape).toEqual([3]);
		expect(mean(x, [-1], { keep: true }).toArray()).toEqual([[-1 / 3], [0]]);
		expect(argmax(x)).toEqual([2, 0]);
		expect(argmax(x, 0)).toEqual([1, 1, 0]);
		expect(argmax(tensor([1, 3, 3]))).toBe(1);
	});

	test("logSumExp bears what exp does not", () => {
		expect(logSumExp(tensor([0, Math.log(3)], f64)).item()).toBeCloseTo(
			Math.log(4),
			12,
		);
		expect(logSumExp(tensor([1000, 1000], f64)).item()).toBeCloseTo(
			1000 + Math.LN2,
			9,
		);
		expect(logSumExp(tensor([-Infinity, -Infinity], f64)).item()).toBe(
			-Infinity,
		);
		expect(logSumExp(tensor([Infinity, 0], f64)).item()).toBe(Infinity);
	});

	test("elementwise, and masks for where", () => {
		expect(abs(x).toArray()).toEqual([
			[1, 5, 3],
			[4, 2, 6],
		]);
		expect(clip(tensor([-3, 0.5, 3]), -1, 1).toArray()).toEqual([-1, 0.5, 1]);
		expect(maximum(x, 2).toArray()).toEqual([
			[2, 2, 3],
			[4, 2, 2],
		]);
		expect(minimum(0, x).toArray()).toEqual([
			[0, -5, 0],
			[0, 0, -6],
		]);
		expect(pow(tensor([2, 3]), 2).toArray()).toEqual([4, 9]);
		expect(where(greater(x, 0), x, 0).toArray()).toEqual([
			[1, 0, 3],
			[4, 2, 0],
		]);
		expect(less(x, 2).toArray()).toEqual([
			[1, 1, 0],
			[0, 0, 1],
		]);
		expect(equal(x, 3).data).toEqual(Float64Array.of(0, 0, 1, 0, 0, 0));
		expect(greater(some([2]), 0).requiresGrad).toBe(false);
	});

	test("NaN is the largest and the smallest, as in NumPy", () => {
		const y = tensor([1, NaN, 3]);
		expect([max(y).item(), min(y).item(), argmax(y)]).toEqual([NaN, NaN, 1]);
	});
});

test("where two are equal each has half of the gradient; of several largest the first has all", () => {
	const [a, b] = [0, 0].map(() => tensor([1], { ...f64, requiresGrad: true }));
	sum(maximum(a, b)).backward();
	expect([a.grad?.item(), b.grad?.item()]).toEqual([0.5, 0.5]);
	const x = tensor([2, 2, 1], { ...f64, requiresGrad: true });
	max(x).backward();
	expect(x.grad?.toArray()).toEqual([1, 0, 0]);
});

test("backward keeps the gradients of results that are named", () => {
	const w = tensor([0.5, -1], { ...f64, requiresGrad: true });
	const h = tanh(w);
	const y = square(h);
	sum(y).backward([h, y, w]);
	expect(y.grad?.toArray()).toEqual([1, 1]);
	h.grad?.data.forEach((g, i) => {
		expect(g).toBeCloseTo(2 * h.data[i], 12);
	});
	w.grad?.data.forEach((g, i) => {
		expect(g).toBeCloseTo(2 * h.data[i] * (1 - h.data[i] ** 2), 12);
	});
	const other = tanh(w);
	expect(() => sum(square(w)).backward([other])).toThrow(
		"backward: the loss does not depend on [2], whose gradient was to be kept",
	);
	expect(() => sum(square(w)).backward(h as never)).toThrow(
		"backward: what to keep the gradients of must be a list of tensors, got a Tensor [2]",
	);
});

test("errors name what was wanted and what came", () => {
	const x = zeros([2, 0]);
	expect(() => max(x, 1)).toThrow(
		"max: the axis must have at least one number, got [2, 0]",
	);
	expect(() => sum(x, [0, 0])).toThrow(
		"sum: axes must be different axes of [2, 0], got [0, 0]",
	);
	expect(() => sum(x, 0, { keepdim: true } as never)).toThrow(
		"sum: there is no option keepdim; did you mean keep?",
	);
	expect(() => clip(x, 1, 0)).toThrow(
		"clip: low must not be above high, got 1 and 0",
	);
});
