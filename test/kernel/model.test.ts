import { expect, test } from "vitest";
import { playNotebooks } from "./model.ts";

test("2,000 random notebooks answer as if a name were one variable", {
	timeout: 300_000,
}, async () => {
	await expect(playNotebooks(2000, 10)).resolves.toBeUndefined();
});
