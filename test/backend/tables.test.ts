import { describe, expect, test } from "vitest";
import { plain } from "../../lib/backend/plain.ts";
import { builds, fill, noise } from "./backends.ts";

describe.each(builds)("%s", (_, backend) => {
	test("work in its memory leaves the tables of its logarithm alone", () => {
		const [rows, columns] = [4000, 3];
		const logits = fill(rows * columns, noise(1));
		const targets = Int32Array.from({ length: rows }, (_, i) => i % columns);
		for (let again = 0; again < 3; again++) {
			const gradient = new Float32Array(rows * columns);
			const got = backend.crossEntropy(
				...([rows, columns, logits, targets, gradient] as const),
			);
			const wanted = plain.crossEntropy(rows, columns, logits, targets);
			expect(got / wanted).toBeCloseTo(1, 5);
		}
	});
});
