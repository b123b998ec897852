import { checkGradients, mul, sum, type Tensor, tensor } from "unrolled";
import { expect, test } from "vitest";
import { pickRows, sumRows } from "../../../lib/ops/rows.ts";

const f64 = { dtype: "float64", requiresGrad: true } as const;
const first = tensor([[1, 2]], f64);
const second = tensor(
	[
		[3, 4],
		[5, 6],
	],
	f64,
);
const unused = tensor([[9, 9]], f64);
const places = [
	{ table: 2, row: 1 },
	null,
	{ table: 0, row: 0 },
	{ table: 2, row: 1 },
];
const tables = [first, unused, second];
const pick = () => pickRows((table) => tables[table], places, 2, "float64");
/** A loss that asks something else of every number. */
const weighed = (y: Tensor) =>
	sum(
		mul(
			y,
			tensor(
				y.data.map((_, i) => i + 1),
				{ shape: y.shape },
			),
		),
	);

test("rows are picked out of several tables, zeros where there is no place", () => {
	expect(pick().toArray()).toEqual([
		[5, 6],
		[0, 0],
		[1, 2],
		[5, 6],
	]);
	expect(
		pickRows((table) => tables[table], [null], 2, "float32").toArray(),
	).toEqual([[0, 0]]);
});

test("a row picked twice sums its gradients, a table not used has none", () => {
	weighed(pick()).backward();
	expect(second.grad?.toArray()).toEqual([
		[0, 0],
		[1 + 7, 2 + 8],
	]);
	expect(first.grad?.toArray()).toEqual([[5, 6]]);
	expect(unused.grad).toBe(null);
	expect(checkGradients(() => weighed(pick()), [first, second])).toBeLessThan(
		1e-6,
	);
});

test("rows are summed by group, a group without rows is zeros", () => {
	const x = tensor(
		[
			[1, 2],
			[3, 4],
			[5, 6],
		],
		f64,
	);
	const total = () => sumRows(x, [2, 0, 2], 3);
	expect(total().toArray()).toEqual([
		[3, 4],
		[0, 0],
		[6, 8],
	]);
	expect(checkGradients(() => weighed(total()), [x])).toBeLessThan(1e-6);
	expect(sumRows(tensor([], { shape: [0, 2] }), [], 1).toArray()).toEqual([
		[0, 0],
	]);
});
