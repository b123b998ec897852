import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Kernel, REPOSITORY } from "../kernel/client.ts";

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

const base = mkdtempSync(join(tmpdir(), "unrolled-places-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const folder = (name: string) => {
	const made = join(base, name);
	mkdirSync(made);
	return made;
};
const readOnly = folder("read-only");
writeFileSync(join(readOnly, "tide.ts"), "export const tide = 6;\n");
chmodSync(readOnly, 0o555);

const places = [
	{ place: "an empty directory", directory: folder("empty") },
	{ place: "a path with spaces", directory: folder("Übung 1 (rösti & co)") },
	{ place: "a read-only directory", directory: readOnly },
	{ place: "the repository", directory: REPOSITORY },
	{ place: "the lessons", directory: join(REPOSITORY, "notebooks") },
];

describe.each(places)("a kernel in $place", ({ directory }) => {
	test("runs every cell, and leaves nothing behind", async () => {
		const before = readdirSync(directory);
		const kernel = await Kernel.start({ directory });
		try {
			for (const { name, code, shows } of cells) {
				const { text, error } = await kernel.run(code);
				expect(error, name).toBeUndefined();
				expect(text, name).toBe(shows);
			}
			const wrong = await kernel.run('const s: number = "seven";');
			expect(wrong.error?.evalue).toContain("not assignable");
			if (directory === readOnly) {
				const { text } = await kernel.run(
					'import { tide } from "./tide";\ntide',
				);
				expect(text).toBe("6");
			}
		} finally {
			await kernel.stop();
		}
		if (directory.startsWith(base))
			expect(readdirSync(directory)).toEqual(before);
	});
});
