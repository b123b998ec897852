import fc from "fast-check";
import {
	add,
	concat,
	div,
	exp,
	gather,
	logSoftmax,
	matmul,
	mean,
	relu,
	reshape,
	sigmoid,
	slice,
	softmax,
	split,
	stack,
	sub,
	sum,
	tanh,
	tensor,
	transpose,
	where,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;

test("add takes several operands, tensors and numbers", () => {
	expect(add(tensor([1, 2]), 10, tensor([[1], [2]])).toArray()).toEqual([
		[12, 13],
		[13, 14],
	]);
});

test("a number may stand on either side", () => {
	expect(sub(1, tensor([0.25, 0.5])).toArray()).toEqual([0.75, 0.5]);
	expect(div(tensor([1, 2]), 4).toArray()).toEqual([0.25, 0.5]);
});

test("matmul is the sum of products, in all transposed forms", () => {
	const a = [
		[1, 2, 3],
		[4, 5, 6],
	];
	const b = [
		[1, 0],
		[2, 1],
		[0, 3],
	];
	const aT = [
		[1, 4],
		[2, 5],
		[3, 6],
	];
	const bT = [
		[1, 2, 0],
		[0, 1, 3],
	];
	const product = [
		[5, 11],
		[14, 23],
	];
	expect(matmul(tensor(a), tensor(b)).toArray()).toEqual(product);
	expect(matmul(tensor(aT), tensor(b), { transposeA: true }).toArray()).toEqual(
		product,
	);
	expect(matmul(tensor(a), tensor(bT), { transposeB: true }).toArray()).toEqual(
		product,
	);
	expect(
		matmul(tensor(aT), tensor(bT), {
			transposeA: true,
			transposeB: true,
		}).toArray(),
	).toEqual(product);
});

test("a product over an empty axis is zero", () => {
	expect(matmul(zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([
		[0, 0, 0],
		[0, 0, 0],
	]);
	expect(matmul(zeros([0, 2]), zeros([2, 3])).shape).toEqual([0, 3]);
});

test("softmax gives positive numbers that sum to 1, and bears large logits", () => {
	const y = softmax(
		tensor(
			[
				[0, Math.log(3)],
				[1000, 1000],
			],
			f64,
		),
	).toArray() as number[][];
	expect(y[0][0]).toBeCloseTo(0.25, 12);
	expect(y[0][1]).toBeCloseTo(0.75, 12);
	expect(y[1]).toEqual([0.5, 0.5]);
	expect(
		(logSoftmax(tensor([1000, 0], f64)).toArray() as number[])[1],
	).toBeCloseTo(-1000, 9);
});

test("the sum of a million float32 loses no digits", () => {
	const x = tensor(new Float32Array(1e6).fill(0.1));
	expect(sum(x).item()).toBe(Math.fround(1e6 * Math.fround(0.1)));
	expect(sum(tensor([1e100, 1, -1e100], f64)).item()).toBe(1);
});

test("sum and mean over one axis take it away", () => {
	const x = tensor([
		[1, 2, 3],
		[4, 5, 6],
	]);
	expect(sum(x, 0).toArray()).toEqual([5, 7, 9]);
	expect(sum(x, -1).toArray()).toEqual([6, 15]);
	expect(mean(x, 1).toArray()).toEqual([2, 5]);
	expect(mean(x).shape).toEqual([]);
});

test("NaN and the infinities pass through", () => {
	const x = tensor([Number.NaN, Infinity, -Infinity]);
	expect(relu(x).toArray()).toEqual([Number.NaN, Infinity, 0]);
	expect(tanh(x).toArray()).toEqual([Number.NaN, 1, -1]);
	expect(sigmoid(x).toArray()).toEqual([Number.NaN, 1, 0]);
	expect(exp(x).toArray()).toEqual([Number.NaN, Infinity, 0]);
	expect(sum(tensor([Infinity, 1])).item()).toBe(Infinity);
	expect(add(x, 1).toArray()).toEqual([Number.NaN, Infinity, -Infinity]);
});

test("shapes are turned, cut and joined", () => {
	const x = tensor([
		[1, 2, 3],
		[4, 5, 6],
	]);
	expect(transpose(x).toArray()).toEqual([
		[1, 4],
		[2, 5],
		[3, 6],
	]);
	expect(transpose(reshape(x, [1, 2, 3]), [1, 0, 2]).toArray()).toEqual([
		[[1, 2, 3]],
		[[4, 5, 6]],
	]);
	expect(slice(x, 1, 1, 3).toArray()).toEqual([
		[2, 3],
		[5, 6],
	]);
	expect(concat([x, x], 1).toArray()).toEqual([
		[1, 2, 3, 1, 2, 3],
		[4, 5, 6, 4, 5, 6],
	]);
	expect(split(x, [1, 2], 1).map((t) => t.toArray())).toEqual([
		[[1], [4]],
		[
			[2, 3],
			[5, 6],
		],
	]);
	expect(stack([x, x]).shape).toEqual([2, 2, 3]);
	expect(gather(x, [[1, 0]]).toArray()).toEqual([
		[
			[4, 5, 6],
			[1, 2, 3],
		],
	]);
	expect(where(tensor([1, 0, 1]), x, 0).toArray()).toEqual([
		[1, 0, 3],
		[4, 0, 6],
	]);
});

test("broadcasting follows NumPy: each result reads its operands at the index with stretched axes at 0", () => {
	const shapes = fc
		.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 })
		.chain((full) => {
			const part = fc
				.tuple(
					fc.nat({ max: full.length }),
					fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
				)
				.map(([drop, ones]) =>
					full.slice(drop).map((n, i) => (ones[i] ? 1 : n)),
				);
			return fc.tuple(part, part);
		});
	fc.assert(
		fc.property(shapes, ([a, b]) => {
			const count = (shape: number[]) => shape.reduce((p, n) => p * n, 1);
			const x = tensor(
				Float64Array.from({ length: count(a) }, (_, i) => i),
				{ shape: a },
			);
			const y = tensor(
				Float64Array.from({ length: count(b) }, (_, i) => 100 * i),
				{ shape: b },
			);
			const z = add(x, y);
			const read = (shape: number[], index: number[]) => {
				const own = index.slice(index.length - shape.length);
				return own.reduce(
					(at, i, axis) => at * shape[axis] + (shape[axis] === 1 ? 0 : i),
					0,
				);
			};
			z.data.forEach((value, flat) => {
				const index: number[] = [];
				for (let axis = z.shape.length - 1, rest = flat; axis >= 0; axis--) {
					index.unshift(rest % z.shape[axis]);
					rest = Math.floor(rest / z.shape[axis]);
				}
				expect(value).toBe(read(a, index) + 100 * read(b, index));
			});
		}),
	);
});

describe("errors name what was wanted and what came", () => {
	const x = tensor([
		[1, 2, 3],
		[4, 5, 6],
	]);
	const cases: [string, () => unknown, string][] = [
		[
			"add",
			() => add(x, tensor([1, 2])),
			"add: shapes [2,3] and [2] do not broadcast",
		],
		[
			"types",
			() => add(x, tensor([1], f64)),
			"add: float32 and float64 do not mix",
		],
		[
			"two numbers",
			() => add(1, 2),
			"add: wanted at least one tensor, got two numbers",
		],
		[
			"matmul",
			() => matmul(x, x),
			"matmul: shapes [2,3] and [2,3] do not fit: wanted [..., m, k] · [k, n]",
		],
		[
			"axis",
			() => sum(x, 2),
			"sum: axis must be a whole number from -2 to 1 for [2, 3], got 2",
		],
		[
			"reshape",
			() => reshape(x, [4, -1]),
			"reshape: [2, 3] cannot become [4, -1]",
		],
		[
			"slice",
			() => slice(x, 1, 2, 5),
			"slice: from 2 up to 5 is not inside axis 1 of [2, 3]; wanted whole numbers, 0 ≤ from ≤ to ≤ 3",
		],
		[
			"split",
			() => split(x, [1, 1], 1),
			"split: sizes [1, 1] do not add up to axis 1 of [2, 3]",
		],
		[
			"concat",
			() => concat([x, tensor([1])]),
			"concat: float32 [1] does not join float32 [2,3] along axis 0",
		],
		[
			"concat of nothing",
			() => concat([]),
			"concat: wanted at least one tensor, got none",
		],
		[
			"transpose",
			() => transpose(x, [0, 0]),
			"transpose: axes [0, 0] are not an order of the axes of [2, 3]",
		],
		["gather", () => gather(x, [2]), "gather: id 2 is not one of 0 … 1"],
		[
			"ids",
			() => gather(x, [0.5]),
			"gather: ids must be whole numbers in nested lists of one length, got 0.5 at [0]",
		],
	];
	test.each(cases)("%s", (_, wrong, text) => {
		expect(wrong).toThrow(new Error(text));
	});
});
