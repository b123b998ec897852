import { readdirSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { Kernel } from "../kernel/client.ts";
import { makePlaces } from "./places.ts";

/** What a notebook may ask of the place it lies in. */
const cells = [
	{ name: "a value", code: "const n: number = 20 + 1;\nn * 2", shows: "42" },
	{
		name: "Node's types",
		code: 'import { basename } from "node:path";\nbasename(process.cwd()).length > 0',
		shows: "true",
	},
	{
		name: "its own package",
		code: 'import { display } from "@unrolled/kernel";\ntypeof display',
		shows: "'function'",
	},
	{
		name: "stock tslab's package",
		code: 'import * as tslab from "tslab";\ntypeof tslab.display.html',
		shows: "'function'",
	},
];

const { places, remove } = makePlaces();
afterAll(remove);

test.each(places)(
	"a kernel in $place runs every cell, and leaves nothing behind",
	async ({ options }) => {
		const { directory } = options;
		const before = readdirSync(directory);
		const kernel = await Kernel.start(options);
		try {
			for (const { name, code, shows } of cells) {
				const { text, error } = await kernel.run(code);
				expect(error, name).toBeUndefined();
				expect(text, name).toBe(shows);
			}
			const wrong = await kernel.run('const s: number = "seven";');
			expect(wrong.error?.evalue).toContain("not assignable");
			if (directory.endsWith("read-only")) {
				const { text } = await kernel.run(
					'import { tide } from "./tide";\ntide',
				);
				expect(text).toBe("6");
			}
		} finally {
			await kernel.stop();
		}
		expect(readdirSync(directory)).toEqual(before);
	},
);
