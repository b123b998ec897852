import { expect, test } from "vitest";
import {
	figures,
	type Hostile,
	type Outputs,
	type Soak,
} from "../tools/scripts.ts";

const hour = 3_600_000;

test("100,000 malformed and hostile messages leave the kernel within 50 MB of where it was", {
	timeout: hour,
}, async ({ signal }) => {
	const found = await figures<Hostile>("hostile.py", [], signal);
	console.log(found);
	expect(found).toMatchObject({
		alive: true,
		status: "ok",
		value: ["42"],
		polluted: false,
	});
	expect(found.megabytesAfter - found.megabytesBefore).toBeLessThan(50);
});

test("5,000 cells leave memory within 15 % and latency within 1.3 of their start", {
	timeout: hour,
}, async ({ signal }) => {
	const found = await figures<Soak>("soak.py", [], signal);
	console.log(found);
	expect(found.megabytesRatio).toBeLessThan(1.15);
	expect(found.latencyRatio).toBeLessThan(1.3);
});

test("nbclient misses no output of 200 cells, ten times over", {
	timeout: hour,
}, async ({ signal }) => {
	const found = await figures<Outputs>("outputs.py", [], signal);
	console.log(found);
	expect(found).toMatchObject({ cellsWithLostOutputs: 0, outputsAfterIdle: 0 });
});
