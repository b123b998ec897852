import { expect, test } from "vitest";
import { rerun } from "./reruns.ts";

/** Short of what test/experiments/engine.test.ts runs in full. */
test("a cell that trains a new network may be run again and again: memory stays flat", async () => {
	const held = await rerun(150);
	expect(held[4] - held[2]).toBeLessThan(120); // 60 networks with their moments would be 240
});
