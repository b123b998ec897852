import { describe, expect, test } from "vitest";
import { plain } from "../../lib/backend/plain.ts";
import { builds, fill, furthest, noise } from "./backends.ts";

const sizes = [0, 1, 3, 4, 7, 8, 9, 31, 33, 65];
const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-38, -1e-38];

/** The largest |got − wanted| / |wanted|; numbers under float32's smallest normal count as their distance from each other. */
function relative(got: Float32Array, wanted: Float64Array): number {
	let worst = 0;
	for (let i = 0; i < got.length; i++) {
		const size = Math.max(Math.abs(wanted[i]), 1.2e-38);
		worst = Math.max(worst, Math.abs(got[i] - wanted[i]) / size);
	}
	return worst;
}

describe.each(builds)("%s", (_, backend) => {
	test.each([
		{ f: "tanh" as const, from: -12, to: 12 },
		{ f: "sigmoid" as const, from: -87, to: 40 },
		{ f: "exp" as const, from: -87, to: 88.7 },
	])(
		"$f is within a few units of the last place from $from to $to",
		({ f, from, to }) => {
			const count = 100_001;
			const x = Float32Array.from(
				{ length: count },
				(_, i) => from + ((to - from) * i) / count,
			);
			const out = new Float32Array(count);
			const wanted = new Float64Array(count);
			backend[f](x, out);
			plain[f](Float64Array.from(x), wanted);
			expect(relative(out, wanted)).toBeLessThan(6e-7);
		},
	);

	test("tanh stays near its argument close to 0", () => {
		const x = Float32Array.from([1e-30, -1e-20, 1e-10, 1e-5, -1e-3]);
		const out = new Float32Array(x.length);
		backend.tanh(x, out);
		expect(relative(out, Float64Array.from(x, Math.tanh))).toBeLessThan(3e-7);
	});

	test.each(["tanh", "sigmoid", "exp"] as const)(
		"%s takes NaN and the infinities as plain does, in vectors and in tails",
		(f) => {
			for (const size of sizes) {
				const x = Float32Array.from(
					{ length: size },
					(_, i) => special[i % special.length],
				);
				const [out, wanted] = [new Float32Array(size), new Float32Array(size)];
				backend[f](x, out);
				plain[f](x, wanted);
				expect(furthest(out, wanted)).toBeLessThan(1e-6);
			}
		},
	);

	test.each(["add", "sub", "mul", "tanhBack", "sigmoidBack"] as const)(
		"%s takes two arrays together as plain does, either of them repeated",
		(how) => {
			const next = noise(2);
			for (const row of [1, 2, 3, 4, 7, 8, 33, 5000])
				for (const rows of [0, 1, 3, 4097]) {
					if (row * rows > 200_000) continue;
					const full = fill(row * rows, () => next() * 2);
					const part = fill(row, () => next() * 2);
					const [out, wanted] = [0, 0].map(() => full.slice());
					for (const [x, y] of [
						[full, full.map((v) => v / 2)],
						[full, part],
						[part, full],
					]) {
						if (x.length > out.length || y.length > out.length) continue;
						backend.combine(how, x, y, out);
						plain.combine(how, x, y, wanted);
						expect(furthest(out, wanted)).toBeLessThan(1e-6);
					}
				}
		},
	);

	test.each(["softmax", "logSoftmax"] as const)(
		"%s over rows agrees with plain, in place too",
		(f) => {
			const next = noise(1);
			for (const columns of sizes.slice(1))
				for (const rows of [0, 1, 3]) {
					const x = fill(rows * columns, () => next() * 10);
					const [out, wanted] = [
						new Float32Array(x.length),
						new Float32Array(x.length),
					];
					backend[f](rows, columns, x, out);
					plain[f](rows, columns, x, wanted);
					expect(furthest(out, wanted)).toBeLessThan(2e-6);
					backend[f](rows, columns, x, x);
					expect(x).toEqual(out);
				}
		},
	);

	test.each([
		[1, Infinity, 2, 0, 1],
		[1, -Infinity, 2, 0, 1],
		[1, 2, 3, 0, Number.NaN],
		[-Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
		[1e30, -1e30, 0, 0, 0],
	])(
		"a row of %d %d %d %d %d goes through softmax, logSoftmax and crossEntropy as in plain",
		(...row) => {
			const x = Float32Array.from(row);
			for (const f of ["softmax", "logSoftmax"] as const) {
				const [out, wanted] = [new Float32Array(5), new Float32Array(5)];
				backend[f](1, 5, x, out);
				plain[f](1, 5, x, wanted);
				expect(furthest(out, wanted), f).toBeLessThan(1e-6);
			}
			const [gradient, wanted] = [new Float32Array(5), new Float32Array(5)];
			const targets = Int32Array.of(2);
			const loss = backend.crossEntropy(1, 5, x, targets, gradient);
			expect(
				furthest([loss], [plain.crossEntropy(1, 5, x, targets, wanted)]),
			).toBeLessThan(1e-6);
			expect(furthest(gradient, wanted)).toBeLessThan(1e-6);
		},
	);

	test("crossEntropy and its gradient agree with plain; rows with a negative target are left out", () => {
		const next = noise(2);
		for (const columns of sizes.slice(1)) {
			const rows = 5;
			const x = fill(rows * columns, () => next() * 8);
			const targets = Int32Array.from({ length: rows }, (_, r) =>
				r === 3 ? -1 : (r * 7) % columns,
			);
			// What lies in the results before is written over, by both.
			const [gradient, wanted] = [fill(x.length, next), fill(x.length, next)];
			const loss = plain.crossEntropy(rows, columns, x, targets, wanted);
			const leftOut = wanted.subarray(3 * columns, 4 * columns);
			expect([...leftOut]).toEqual(Array(columns).fill(0));
			expect(
				backend.crossEntropy(rows, columns, x, targets, gradient),
			).toBeCloseTo(loss, 4);
			expect(backend.crossEntropy(rows, columns, x, targets)).toBeCloseTo(
				loss,
				4,
			);
			expect(furthest(gradient, wanted)).toBeLessThan(1e-6);
		}
	});

	test("float64 goes to plain", () => {
		const out = new Float64Array(1);
		backend.exp(Float64Array.of(1), out);
		expect(out[0]).toBe(Math.E);
	});
});
