import { describe, expect, test } from "vitest";
import type { Backend } from "../../lib/backend/backend.ts";
import { plain } from "../../lib/backend/plain.ts";
import { builds, fill, furthest, noise } from "./backends.ts";

const sizes = [
	{ T: 1, B: 1, H: 1 },
	{ T: 5, B: 3, H: 4 },
	{ T: 4, B: 2, H: 7 },
	{ T: 3, B: 4, H: 33 },
	{ T: 9, B: 5, H: 128 }, // large enough for results in the kernels' own memory
];

/** f and c, then all gradients. */
function results(
	backend: Backend,
	{ T, B, H }: { T: number; B: number; H: number },
	how: { added: boolean; lengths?: Int32Array },
): Float32Array[] {
	const next = noise(T + 10 * B + 100 * H);
	const some = (count: number) => fill(count, next);
	const all = T * B * H;
	const run = {
		...{ T, B, H, ...how },
		...{ u: some(all), z: some(all), v: some(H), start: some(B * H) },
	};
	const room = (count: number) => backend.uninitialised(count).fill(7);
	const [f, c] = [room(all), room(all)];
	backend.pool(run, f, c);
	const d = {
		c: some(all),
		...{ u: room(all), z: room(all), v: room(H), start: room(B * H) },
	};
	backend.poolBack(run, f, c, d);
	for (let t = 0; t < T; t++)
		for (let b = 0; b < B; b++)
			if (how.lengths && t >= how.lengths[b])
				f.fill(0, (t * B + b) * H, (t * B + b + 1) * H); // not said
	return [f, c, d.u, d.z, d.v, d.start];
}

describe.each(builds)("%s", (_, backend) => {
	test.each(sizes)("pools $T steps of $B × $H as plain does", (size) => {
		for (const added of [false, true])
			for (const ends of [undefined, [0, 1, 2, 3, 4]]) {
				const lengths = ends && Int32Array.from(ends.slice(0, size.B));
				const got = results(backend, size, { added, lengths });
				const wanted = results(plain, size, { added, lengths });
				got.forEach((numbers, i) => {
					expect(furthest(numbers, wanted[i])).toBeLessThan(2e-6);
				});
			}
	});
});

test("pooling worked by hand: the second sequence ends after its first step", () => {
	const run = {
		...{ T: 2, B: 2, H: 1, added: false },
		u: Float64Array.of(0, 0, Math.log(3), 9),
		z: Float64Array.of(1, 3, 5, 9),
		v: Float64Array.of(0),
		start: Float64Array.of(2, -1),
		lengths: Int32Array.of(2, 1),
	};
	const [f, c] = [new Float64Array(4), new Float64Array(4)];
	plain.pool(run, f, c);
	// f = 1/2: (2 + 1)/2 and (−1 + 3)/2; then f = 3/4: 3/4 · 1.5 + 1/4 · 5, and 1 stays
	expect([...c]).toEqual([1.5, 1, 2.375, 1]);
});
