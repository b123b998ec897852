import { describe, expect, test } from "vitest";
import { plain } from "../../lib/backend/plain.ts";
import { builds, fill, furthest, noise } from "./backends.ts";

const sizes = [1, 3, 7, 8, 9, 31, 33, 65, 1001];
const rule = {
	rate: 0.01,
	beta1: 0.9,
	beta2: 0.999,
	epsilon: 1e-8,
	correction1: 0.1,
	correction2: 0.001,
};

describe.each(builds)("%s", (_, backend) => {
	/** The same numbers inside the kernels' memory and outside. */
	function twins(size: number, seed: number): [Float32Array, Float32Array] {
		const there = backend.allocate(size);
		const here = fill(size, noise(seed));
		there.set(here);
		return [there, here];
	}

	test("adam's steps agree with plain", () => {
		for (const size of sizes) {
			const [w, m, v] = [twins(size, 1), twins(size, 2), twins(size, 3)];
			for (const part of v)
				part.forEach((x, i) => {
					part[i] = x * x;
				});
			const g = fill(size, noise(4));
			backend.adam(w[0], g, m[0], v[0], rule);
			plain.adam(w[1], g, m[1], v[1], rule);
			for (const [got, wanted] of [w, m, v])
				expect(furthest(got, wanted)).toBeLessThan(1e-6);
		}
	});

	test("sgd's steps agree with plain, with momentum and without", () => {
		for (const size of sizes) {
			const [w, v] = [twins(size, 1), twins(size, 2)];
			const g = fill(size, noise(3));
			backend.sgd(w[0], g, v[0], 0.1, 0.9);
			plain.sgd(w[1], g, v[1], 0.1, 0.9);
			backend.sgd(w[0], g, undefined, 0.1, 0);
			plain.sgd(w[1], g, undefined, 0.1, 0);
			for (const [got, wanted] of [w, v])
				expect(furthest(got, wanted)).toBeLessThan(1e-6);
		}
	});

	test("sums, factors and norms agree with plain", () => {
		for (const size of sizes) {
			const [there, here] = twins(size, 1);
			const x = fill(size, noise(2));
			backend.combine("add", there, x, there);
			plain.combine("add", here, x, here);
			backend.scale(there, 0.3);
			plain.scale(here, 0.3);
			expect(furthest(there, here)).toBeLessThan(1e-6);
			expect(backend.squaredNorm(there)).toBeCloseTo(
				plain.squaredNorm(here),
				5,
			);
			const [d, wanted] = [fill(size, noise(3)), new Float32Array(size)];
			expect(backend.squaredError(there, x, 0.7, d)).toBeCloseTo(
				plain.squaredError(here, x, 0.7, wanted),
				4,
			);
			expect(furthest(d, wanted)).toBeLessThan(1e-6);
		}
	});

	test("a norm over a million numbers keeps its digits", () => {
		const x = backend.allocate(1_000_000).fill(0.1);
		expect(backend.squaredNorm(x) / (1e6 * Math.fround(0.1) ** 2)).toBeCloseTo(
			1,
			10,
		);
	});
});
