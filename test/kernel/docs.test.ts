import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const asked = [
	{
		of: "the language",
		code: "Math.hypot(3, 4)",
		at: "hypot",
		shows: "square root of the sum of squares",
	},
	{
		of: "Node, through an import",
		code: 'import { basename } from "node:path";\nbasename("a/b")',
		at: 'basename("',
		shows: "last portion of a path",
	},
	{
		of: "a member of a global of Node",
		code: "console.table([])",
		at: "table",
		shows: "tabular data",
	},
	{
		of: "an installed package",
		code: 'import { createSourceFile } from "typescript-cells";\ncreateSourceFile;',
		at: "createSourceFile;",
		shows: "function createSourceFile(fileName: string",
	},
];

test.each(asked)(
	"a reader sees what is written about names of $of",
	async ({ code, at, shows }) => {
		for (const time of ["first", "second"]) {
			const reply = await kernel.request("shell", "inspect_request", {
				code,
				cursor_pos: code.lastIndexOf(at) + 2,
			});
			const { "text/markdown": text } = reply.data as Record<string, string>;
			expect(text, time).toContain(shows);
		}
	},
);
