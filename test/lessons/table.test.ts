import { expect, test } from "vitest";
import { notebook } from "./notebooks.ts";
import { networkOf, tableOf } from "./table.ts";

test("the table of lessons is in order, and marks what is beyond a limit", () => {
	const run = (lesson: string, cpu: number, size: number) => ({
		lesson: `${lesson}.ipynb`,
		notebook: notebook(),
		cpu,
		memory: 512.4,
		size,
		online: null,
	});
	expect(tableOf([run("01-b", 61.2, 0.5), run("00-a", 8, 1.25)])).toBe(
		[
			"lesson   CPU s  memory MB  size MB  findings",
			"00-a       8.0        512   1.25 !         0",
			"01-b    61.2 !        512     0.50         0",
			"",
			"No lesson had a network.",
		].join("\n"),
	);
});

test("one lesson that had a network is enough to say so", () => {
	expect(networkOf([{ online: null }, { online: "no unshare" }, {}])).toBe(
		"The lessons could have used the network, since it cannot be taken from them here: no unshare.",
	);
});
