import { expect, test } from "vitest";
import { playNotebooks } from "../kernel/model.ts";

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
	"10,000 random notebooks of seed %i answer as if a name were one variable",
	{ timeout: 3_600_000 },
	async (seed) => {
		await expect(playNotebooks(10_000, seed)).resolves.toBeUndefined();
	},
);
