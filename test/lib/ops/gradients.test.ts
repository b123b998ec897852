import {
	add,
	checkGradients,
	concat,
	div,
	exp,
	gather,
	log,
	logSoftmax,
	matmul,
	mean,
	meanSquaredError,
	mul,
	neg,
	relu,
	reshape,
	type Shape,
	sigmoid,
	slice,
	softmax,
	softmaxCrossEntropy,
	split,
	sqrt,
	square,
	stack,
	sub,
	sum,
	type Tensor,
	tanh,
	tensor,
	transpose,
	where,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { uniform as some, weighed } from "../drawn.ts";

const shapes: Shape[] = [[], [1], [5], [2, 3], [3, 1], [2, 3, 4]];
const unaries: [string, (x: Tensor) => Tensor, number, number][] = [
	["neg", neg, -2, 2],
	["tanh", tanh, -2, 2],
	["sigmoid", sigmoid, -2, 2],
	["relu", relu, 0.1, 2],
	["relu below zero", relu, -2, -0.1],
	["exp", exp, -2, 2],
	["log", log, 0.5, 3],
	["sqrt", sqrt, 0.5, 3],
	["square", square, -2, 2],
	["sum", (x) => sum(x), -2, 2],
	["mean", (x) => mean(x), -2, 2],
];
describe.each(unaries)("%s", (_, f, low, high) => {
	test.each(shapes)(
		"has the gradient of finite differences, shape [%s …]",
		(...shape) => {
			const x = some(shape, 1, low, high);
			expect(checkGradients(() => weighed(f(x)), [x])).toBeLessThan(1e-6);
		},
	);
});

const binaries: [string, (a: Tensor, b: Tensor) => Tensor][] = [
	["add", add],
	["sub", sub],
	["mul", mul],
	["div", div],
	[
		"where",
		(a, b) => where(tensor([[1], [0], [1]], { dtype: "float64" }), a, b),
	],
];
const pairs: [Shape, Shape][] = [
	[
		[3, 4],
		[3, 4],
	],
	[[3, 4], [4]],
	[[4], [3, 4]],
	[
		[3, 1],
		[1, 4],
	],
	[[], [3, 4]],
	[
		[2, 3, 4],
		[3, 1],
	],
	[
		[1, 3, 1],
		[2, 1, 4],
	],
];
describe.each(binaries)("%s", (_, f) => {
	test.each(pairs)(
		"has the gradients of finite differences, [%j] with [%j]",
		(a, b) => {
			const x = some(a, 1, 0.5, 2);
			const y = some(b, 2, 0.5, 2);
			expect(checkGradients(() => weighed(f(x, y)), [x, y])).toBeLessThan(1e-6);
		},
	);
});

const rows: [string, (x: Tensor) => Tensor][] = [
	["softmax", softmax],
	["logSoftmax", logSoftmax],
	["sum over axis 0", (x) => sum(x, 0)],
	["sum over the last axis", (x) => sum(x, -1)],
	["mean over axis 0", (x) => mean(x, 0)],
	["reshape", (x) => reshape(x, [-1])],
	["slice on the first axis", (x) => slice(x, 0, 1, x.shape[0])],
	["slice on the last axis", (x) => slice(x, -1, 0, 1)],
	["concat on the first axis", (x) => concat([x, square(x), x], 0)],
	["concat on the last axis", (x) => concat([x, square(x)], -1)],
	["stack", (x) => stack([x, tanh(x)])],
	[
		"split",
		(x) =>
			mul(
				...(split(
					concat([x, x], -1),
					[x.shape.at(-1) as number, x.shape.at(-1) as number],
					-1,
				) as [Tensor, Tensor]),
			),
	],
	["split of which one piece is used", (x) => split(x, [1, x.shape[0] - 1])[0]],
];
describe.each(rows)("%s", (_, f) => {
	test.each([[[3, 1]], [[2, 3]], [[4, 2, 3]], [[5]]])(
		"has the gradient of finite differences, shape %j",
		(shape) => {
			const x = some(shape);
			expect(checkGradients(() => weighed(f(x)), [x])).toBeLessThan(1e-6);
		},
	);
});

describe("transpose", () => {
	test.each([
		[[2, 3], undefined],
		[[2, 3, 4], undefined],
		[
			[2, 3, 4],
			[1, 0, 2],
		],
		[
			[2, 3, 4],
			[2, 0, 1],
		],
	])(
		"has the gradient of finite differences, shape %j, axes %j",
		(shape, axes) => {
			const x = some(shape);
			expect(
				checkGradients(() => weighed(transpose(x, axes)), [x]),
			).toBeLessThan(1e-6);
		},
	);
});

describe("matmul", () => {
	const turned = (shape: Shape, turn: boolean): Shape =>
		turn
			? [
					...shape.slice(0, -2),
					shape[shape.length - 1],
					shape[shape.length - 2],
				]
			: shape;
	const forms = [
		[false, false],
		[false, true],
		[true, false],
		[true, true],
	] as const;
	describe.each(forms)(
		"transposeA %s, transposeB %s",
		(transposeA, transposeB) => {
			test.each([
				[
					[2, 3],
					[3, 4],
				],
				[
					[1, 1],
					[1, 1],
				],
				[
					[1, 7],
					[7, 1],
				],
				[
					[2, 2, 3],
					[2, 3, 4],
				],
				[
					[2, 1, 2, 3],
					[3, 3, 4],
				],
				[
					[2, 3],
					[2, 3, 4],
				],
				[
					[1, 2, 3],
					[2, 3, 4],
				],
				[
					[2, 2, 3],
					[1, 3, 4],
				],
			] as [Shape, Shape][])(
				"has the gradients of finite differences, %j · %j",
				(a, b) => {
					const x = some(turned(a, transposeA));
					const y = some(turned(b, transposeB), 2);
					const f = () => weighed(matmul(x, y, { transposeA, transposeB }));
					expect(checkGradients(f, [x, y])).toBeLessThan(1e-6);
				},
			);
		},
	);
	test("broadcasts leading axes: each product is that of the two matrices there", () => {
		const [x, y] = [some([2, 1, 2, 3]), some([3, 3, 4], 2)];
		const product = matmul(x, y);
		expect(product.shape).toEqual([2, 3, 2, 4]);
		const all = product.toArray() as number[][][][];
		const [xs, ys] = [x.toArray(), y.toArray()] as [
			number[][][][],
			number[][][],
		];
		for (const i of [0, 1])
			for (const j of [0, 1, 2])
				expect(all[i][j]).toEqual(
					matmul(
						tensor(xs[i][0], { dtype: x.dtype }),
						tensor(ys[j], { dtype: x.dtype }),
					).toArray(),
				);
		expect(() => matmul(some([2, 2, 3]), y)).toThrow(
			"matmul: shapes [2,2,3] and [3,3,4] do not fit: wanted [..., m, k] · [k, n]",
		);
	});

	test("takes leading axes as rows, and a vector as one row", () => {
		const W = some([3, 4]);
		for (const shape of [[2, 5, 3], [3]]) {
			const x = some(shape, 2);
			expect(matmul(x, W).shape).toEqual([...shape.slice(0, -1), 4]);
			expect(checkGradients(() => weighed(matmul(x, W)), [x, W])).toBeLessThan(
				1e-6,
			);
		}
	});
});

test("gather sums the gradients of a row that is picked twice", () => {
	const table = some([4, 3]);
	const f = () =>
		weighed(
			gather(table, [
				[0, 2],
				[2, 2],
			]),
		);
	expect(checkGradients(f, [table])).toBeLessThan(1e-6);
});

test("the losses have the gradients of finite differences", () => {
	const x = some([2, 3, 4]);
	const y = some([2, 3, 4], 2).detach();
	const targets = [
		[0, 3, -1],
		[1, 1, 2],
	];
	expect(
		checkGradients(() => softmaxCrossEntropy(x, targets), [x]),
	).toBeLessThan(1e-6);
	expect(
		checkGradients(() => mul(softmaxCrossEntropy(x, targets), 3), [x]),
	).toBeLessThan(1e-6);
	expect(checkGradients(() => meanSquaredError(x, y), [x])).toBeLessThan(1e-6);
});

test("a tensor that is used twice gets the sum of both gradients", () => {
	const x = some([3]);
	expect(
		checkGradients(() => weighed(add(mul(x, x), tanh(x), x)), [x]),
	).toBeLessThan(1e-6);
});

test("the checker fails on a wrong gradient", () => {
	const x = some([3]);
	// Its value is x², its gradient that of x: half of it is detached.
	const wrong = () => sum(mul(x, x.detach()));
	expect(checkGradients(wrong, [x])).toBeGreaterThan(0.1);
});

test("the checker fails on a gradient that is not a number", () => {
	const x = tensor([0], { dtype: "float64", requiresGrad: true });
	expect(checkGradients(() => sum(mul(sqrt(x), 0)), [x])).not.toBeLessThan(
		1e-6,
	);
});
