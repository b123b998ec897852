import { random } from "unrolled";
import { expect, test } from "vitest";
import { plain } from "../../lib/backend/plain.ts";
import { wordsOf } from "../../lib/random.ts";
import { builds } from "./backends.ts";

test.each([["plain", plain] as const, ...builds])(
	"%s draws the numbers that a source would, and leaves it where they end",
	(_, backend) => {
		for (const n of [0, 1, 63, 64, 1000, 5000])
			for (const probability of [0, 1e-9, 0.3, 0.5, 1]) {
				const [many, single] = [random(n), random(n)];
				const out = new Float32Array(n);
				const words = wordsOf(many);
				if (!words) throw new Error("no words");
				backend.draw(words, probability, 1.25, out);
				const wanted = out.map(() =>
					single.uniform() < probability ? 1.25 : 0,
				);
				expect(out).toEqual(wanted);
				expect(many.uniform()).toBe(single.uniform());
			}
	},
);

test("a source of one's own has no words, and is asked number by number", () => {
	expect(wordsOf({ ...random(1) })).toBe(undefined);
});
