import { expect, test } from "vitest";
import { figures, type Hostile, type Outputs, type Soak } from "./scripts.ts";

/** Short of what test/experiments/kernel.test.ts runs in full; memory and latency are measured there. */

test("the kernel outlives malformed and hostile messages, and computes on", async ({
	signal,
}) => {
	const found = await figures<Hostile>(
		"hostile.py",
		["--frames", "6000", "--cells", "20", "--rest", "0"],
		signal,
	);
	expect(found).toMatchObject({
		alive: true,
		status: "ok",
		value: ["42"],
		polluted: false,
	});
});

test("plots, comms, errors and prints arrive over a hundred cells", async ({
	signal,
}) => {
	const { kinds } = await figures<Soak>("soak.py", ["--cells", "100"], signal);
	expect(kinds).toMatchObject({ plot: 10, comm: 10, throw: 10, value: 40 });
});

test("nbclient misses no output of 200 cells, and none comes after idle", async ({
	signal,
}) => {
	const found = await figures<Outputs>("outputs.py", ["--times", "1"], signal);
	expect(found).toMatchObject({ cellsWithLostOutputs: 0, outputsAfterIdle: 0 });
});
