import {
	dense,
	glorotNormal,
	glorotUniform,
	gru,
	he,
	type Initialiser,
	identity,
	matmul,
	normal,
	orthogonal,
	pytorch,
	random,
	type Tensor,
	tensor,
	uniform,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const deviation = (w: Tensor): number =>
	Math.sqrt(Array.from(w.data).reduce((sum, v) => sum + v * v, 0) / w.size);
const largest = (w: Tensor): number =>
	Math.max(...Array.from(w.data, (v) => Math.abs(v)));

describe.each<[string, Initialiser, number]>([
	["normal", normal(), 1],
	["uniform", uniform(0.3), 0.3 / Math.sqrt(3)],
	["glorotUniform", glorotUniform(), Math.sqrt(2 / 400)],
	["glorotNormal", glorotNormal(), Math.sqrt(2 / 400)],
	["he", he(), Math.sqrt(2 / 100)],
	["pytorch", pytorch(64), 1 / 8 / Math.sqrt(3)],
])("%s", (_, fill, wanted) => {
	test("has the deviation of its paper for a matrix [100, 300]", () => {
		const got = deviation(fill([100, 300], random(1)));
		expect(got / wanted).toBeGreaterThan(0.98);
		expect(got / wanted).toBeLessThan(1.02);
	});
});

test("the uniform ones stay inside their limits", () => {
	const w = [glorotUniform(), pytorch(64)].map((f) => f([100, 300], random(1)));
	expect(largest(w[0])).toBeLessThanOrEqual(Math.sqrt(6 / 400));
	expect(largest(w[1])).toBeLessThanOrEqual(1 / 8);
});

test("the normal ones have mean 0, and go as far beyond 2 deviations as normal numbers do", () => {
	for (const fill of [normal(), glorotNormal(), he()]) {
		const w = fill([100, 300], random(1));
		const d = deviation(w);
		const z = Array.from(w.data, (v) => v / d);
		const mean = z.reduce((sum, v) => sum + v) / z.length;
		expect(mean).toBeCloseTo(0, 1.5);
		const far = z.filter((v) => Math.abs(v) > 2).length / z.length;
		expect(far).toBeCloseTo(0.0455, 2); // no uniform number is beyond √3
	}
});

test("orthogonal has orthonormal rows or columns, whichever are fewer", () => {
	for (const [rows, columns] of [
		[5, 5],
		[7, 3],
		[3, 7],
	]) {
		const q = orthogonal(2)([rows, columns], random(3));
		const tall = rows >= columns;
		const product = matmul(q, q, { transposeA: tall, transposeB: !tall });
		const n = Math.min(rows, columns);
		Array.from(product.data).forEach((v, i) => {
			expect(v).toBeCloseTo(Math.floor(i / n) === i % n ? 4 : 0, 12);
		});
	}
});

test("the entries of an orthogonal matrix are of either sign", () => {
	const source = random(1);
	const made = Array.from({ length: 400 }, () => orthogonal()([3, 3], source));
	const positive = made.filter((q) => q.data[0] > 0).length / made.length;
	expect(positive).toBeCloseTo(1 / 2, 1);
});

test("identity is for square matrices", () => {
	expect(identity(0.5)([2, 2], random(1)).toArray()).toEqual([
		[0.5, 0],
		[0, 0.5],
	]);
	expect(() => identity()([2, 3], random(1))).toThrow(
		"identity: wanted a square matrix, got [2,3]",
	);
	expect(() => he()([2], random(1))).toThrow("he: wanted a matrix, got [2]");
});

test("a weight is filled whole, and with numbers", () => {
	const make = { inputs: 2, outputs: 3, random: random(1) };
	expect(() => dense({ ...make, initial: { b: () => zeros([1]) } })).toThrow(
		"weight: the initialiser gave [1] where [3] was wanted",
	);
	expect(() =>
		dense({
			...make,
			initial: {
				W: () =>
					tensor([
						[NaN, 0, 0],
						[0, 0, 0],
					]),
			},
		}),
	).toThrow(
		"weight: the initialiser gave numbers that are not finite for [2, 3]",
	);
	expect(() => dense({ ...make, initial: { w: uniform(1) } })).toThrow(
		"dense: initial names w, which is not one of W, b",
	);
});

test("weights are filled by name, else by letter, else as the cell says", () => {
	const { weights } = gru({
		inputs: 2,
		hidden: 2,
		reset: "after",
		random: random(1),
		initial: { U: identity(), Ur: identity(3), c: uniform(0) },
	});
	expect(weights.Uz.toArray()).toEqual([
		[1, 0],
		[0, 1],
	]);
	expect(weights.Ur.toArray()).toEqual([
		[3, 0],
		[0, 3],
	]);
	expect(weights.bz.toArray()).toEqual([0, 0]);
});
