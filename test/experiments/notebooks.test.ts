import { expect, test } from "vitest";
import { playNotebooks } from "../kernel/model.ts";

const seeds = Array.from({ length: 100 }, (_, index) => index + 1);

test.each(seeds)(
	"1,000 random notebooks of seed %i answer as if a name were one variable",
	{ timeout: 3_600_000 },
	async (seed) => {
		await expect(playNotebooks(1000, seed)).resolves.toBeUndefined();
	},
);
