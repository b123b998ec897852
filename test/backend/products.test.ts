import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Product } from "../../lib/backend/backend.ts";
import { builds, fill, furthest, noise } from "./backends.ts";

/** Σₖ op(a) · op(b), and what was there when `accumulate`, in float64. */
function loops(
	{ m, n, k, transposeA, transposeB }: Product,
	a: Float32Array,
	b: Float32Array,
	out: Float32Array,
	accumulate: boolean,
): Float64Array {
	return Float64Array.from({ length: m * n }, (_, at) => {
		const [i, j] = [Math.floor(at / n), at % n];
		let sum = accumulate ? out[at] : 0;
		for (let p = 0; p < k; p++)
			sum +=
				(transposeA ? a[p * m + i] : a[i * k + p]) *
				(transposeB ? b[j * k + p] : b[p * n + j]);
		return sum;
	});
}

const forms = [false, true].flatMap((transposeA) =>
	[false, true].flatMap((transposeB) =>
		[false, true].map((accumulate) => ({ transposeA, transposeB, accumulate })),
	),
);
const sizes = [1, 3, 7, 8, 9, 31, 33, 65];

describe.each(builds)("%s", (_, backend) => {
	function check(product: Product, accumulate: boolean, inside: boolean): void {
		const { m, n, k } = product;
		const next = noise(m * 10000 + n * 100 + k);
		const place = (numbers: Float32Array) => {
			if (!inside) return numbers;
			const there = backend.allocate(numbers.length);
			there.set(numbers);
			return there;
		};
		const a = place(fill(m * k, next));
		const b = place(fill(k * n, next));
		const out = place(fill(m * n, next));
		const wanted = loops(product, a, b, out, accumulate);
		backend.matmul(product, a, b, out, accumulate);
		expect(furthest(out, wanted), `${m} × ${n} × ${k}`).toBeLessThan(1e-5);
	}

	test.each(forms)(
		"agrees with loops for transposeA $transposeA, transposeB $transposeB, accumulate $accumulate",
		({ accumulate, ...form }) => {
			for (const m of sizes)
				for (const n of sizes)
					for (const k of sizes)
						check({ m, n, k, ...form }, accumulate, (m + n + k) % 2 === 0);
		},
	);

	test.each(forms)(
		"crosses its blocks for transposeA $transposeA, transposeB $transposeB, accumulate $accumulate",
		({ accumulate, ...form }) => {
			check({ m: 13, n: 1030, k: 9, ...form }, accumulate, true);
			check({ m: 7, n: 17, k: 600, ...form }, accumulate, false);
		},
	);

	test("empty products are zero, or what was there", () => {
		const none = new Float32Array(0);
		const out = Float32Array.of(1, 2);
		backend.matmul({ m: 1, n: 2, k: 0 }, none, none, out, true);
		expect([...out]).toEqual([1, 2]);
		backend.matmul({ m: 1, n: 2, k: 0 }, none, none, out);
		expect([...out]).toEqual([0, 0]);
		backend.matmul({ m: 0, n: 2, k: 3 }, none, new Float32Array(6), none);
	});

	test("reads and writes parts of arrays and nothing beside them", () => {
		const whole = backend.allocate(300).fill(7);
		const out = whole.subarray(101, 101 + 9 * 11);
		backend.matmul(
			{ m: 9, n: 11, k: 1 },
			new Float32Array(9).fill(2),
			new Float32Array(11).fill(3),
			out,
		);
		expect([...out].every((v) => v === 6)).toBe(true);
		expect(whole[100]).toBe(7);
		expect(whole[101 + 9 * 11]).toBe(7);
	});

	test("NaN and the infinities reach the sums they belong to and no others", () => {
		const a = Float32Array.of(Number.NaN, 1, 1, 1, Infinity, 1, 1, 1, 1);
		const out = new Float32Array(9);
		backend.matmul({ m: 3, n: 3, k: 3 }, a, new Float32Array(9).fill(1), out);
		expect([...out]).toEqual([
			NaN,
			NaN,
			NaN,
			Infinity,
			Infinity,
			Infinity,
			3,
			3,
			3,
		]);
	});

	test("any sizes agree with loops", () => {
		const size = fc.integer({ min: 1, max: 40 });
		fc.assert(
			fc.property(
				size,
				size,
				size,
				fc.constantFrom(...forms),
				(m, n, k, { accumulate, ...form }) =>
					check({ m, n, k, ...form }, accumulate, false),
			),
			{ numRuns: 60 },
		);
	});
});
