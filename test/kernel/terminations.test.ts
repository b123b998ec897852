import { test } from "vitest";
import { endless, interruptOften, startTwins } from "./terminated.ts";

/** Short of what test/experiments/terminations.test.ts does in full. */
test("what interrupts leave is whole, and trains on as an uninterrupted twin", async () => {
	const kernel = await startTwins();
	for (const work of Object.keys(endless))
		await interruptOften(kernel, work, 4);
	await interruptOften(kernel, "noGrad evaluation", 2, "signal");
});
