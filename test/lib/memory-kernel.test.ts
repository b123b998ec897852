import { expect, test } from "vitest";
import { Kernel } from "../kernel/client.ts";
import { rerun } from "./reruns.ts";

/** Short of what test/experiments/engine.test.ts runs in full. */
test("a cell that trains a new network may be run again and again: memory stays flat", async () => {
	const held = await rerun(150);
	// a leak grows in every fifth, by 30 networks with their moments: 120; the collector lets memory grow once in a while
	const growth = [2, 3, 4].map((i) => held[i] - held[i - 1]);
	expect(Math.min(...growth), held.join(", ")).toBeLessThan(60);
});

test("a cell that asks for more memory than there is learns how much it wanted and what was left, and the kernel lives on", async () => {
	const kernel = await Kernel.start();
	try {
		await kernel.run(`
			import { dense, matmul, ones, random, zeros } from "unrolled";
			const kept = ones([100, 100]);`);
		for (const cell of [
			"dense({ inputs: 40_000, outputs: 40_000, random: random(1) })",
			"zeros([1e6, 1e6])",
		]) {
			const { error } = await kernel.run(cell);
			expect(error?.ename).toBe("RangeError");
			expect(error?.evalue).toMatch(
				/^out of memory: wanted \d+\.\d MB for .*, \d+\.\d MB left$/,
			);
			const { text } = await kernel.run("matmul(kept, kept).data[9_999]");
			expect(text).toBe("100");
		}
	} finally {
		await kernel.stop();
	}
});
