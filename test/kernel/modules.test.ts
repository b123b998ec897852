import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel, plain } from "./client.ts";

const root = mkdtempSync(join(tmpdir(), "unrolled modules "));
let clock = Date.now() / 1000;

/** Writes a file below the project; each writing is a second after the one before. */
function write(path: string, text: string): void {
	const file = join(root, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	utimesSync(file, clock, ++clock);
}

let kernel: Kernel;
beforeAll(async () => {
	write(
		"above.ts",
		"enum Size { Small = 3 }\nexport const above: number = Size.Small;",
	);
	write(
		"work/deep.ts",
		"export function deep(n: number): number { return n + 1 }",
	);
	write(
		"work/middle.mts",
		'import { deep } from "./deep.ts";\nexport type Name = string;\nexport const middle = (n: number) => deep(n) * 2;',
	);
	write("work/folder/index.ts", "export default import.meta.filename;");
	write("work/plain.js", "export const plain = 1;");
	write("work/data.json", '{ "list": [1, 2] }');
	write(
		"work/patient.ts",
		'import { late } from "late";\nexport const patient = await Promise.resolve(late + 1);',
	);
	write("work/impatient.ts", 'export { patient } from "./patient.ts";');
	write(
		"work/script.ts",
		"#!/usr/bin/env node\nexport const line: number = 2;",
	);
	write(
		"work/seldom.ts",
		'import { DatabaseSync } from "node:sqlite";\nexport const isOpen: boolean = new DatabaseSync(":memory:").isOpen;',
	);
	write("work/spaces.ts", "export const\u200bspaces: number =\u00855;");
	write(
		"node_modules/late/package.json",
		'{ "name": "late", "type": "module", "exports": "./index.js" }',
	);
	write(
		"node_modules/late/index.js",
		"export const late = await Promise.resolve(41);",
	);
	write(
		"node_modules/narrow/package.json",
		'{ "name": "narrow", "type": "module", "exports": { ".": { "import": { "types": "./i.d.ts", "default": "./i.js" } }, "./sub": { "import": "./i.js" } } }',
	);
	write(
		"node_modules/narrow/i.js",
		"export const w = 7;\nexport default () => 'narrow';",
	);
	write(
		"node_modules/narrow/i.d.ts",
		"export declare const w: number;\nexport default function narrow(): string;",
	);
	kernel = await Kernel.start({ directory: join(root, "work") });
});
afterAll(() => kernel.stop());

const value = async (code: string) => {
	const { error, text, stderr } = await kernel.run(code);
	return error ? plain(error.traceback) : (text ?? "") + stderr;
};

test.each([
	[
		"from above the working directory",
		'import { above } from "../above.ts"; above',
		"3",
	],
	[
		"by the extension of the output",
		'import { middle, type Name } from "./middle.mjs"; const name: Name = "x"; middle(1)',
		"4",
	],
	["without an extension", 'import { deep } from "./deep"; deep(1)', "2"],
	[
		"of a folder",
		'import folder from "./folder"; folder.endsWith("index.ts")',
		"true",
	],
	["in JavaScript", 'import { plain } from "./plain.js"; plain', "1"],
	[
		"of JSON, with its attribute",
		'import data from "./data.json" with { type: "json" }; data.list',
		"[ 1, 2 ]",
	],
	[
		"of a package that awaits at its top level",
		'import { late } from "late"; late',
		"41",
	],
	[
		"of a module that awaits, two imports deep",
		'import { patient } from "./impatient.ts"; patient',
		"42",
	],
	[
		"of a package with exports for import only",
		'import narrow, { w } from "narrow"; import * as sub from "narrow/sub"; [narrow(), w, sub.w]',
		"[ 'narrow', 7, 7 ]",
	],
	[
		"by import()",
		'const m = await import("./middle.mts"); const n = await import("narrow"); const l = await import("late"); [m.middle(2), n.w, l.late]',
		"[ 6, 7, 41 ]",
	],
	[
		"of Node",
		'import fs, { existsSync } from "node:fs"; existsSync === fs.existsSync',
		"true",
	],
	[
		"of a module that imports one whose types are seldom needed",
		'import { isOpen } from "./seldom"; isOpen',
		"true",
	],
	["of a script", 'import { line } from "./script"; line', "2"],
	[
		"of a module with spaces that TypeScript alone knows",
		'import { spaces } from "./spaces"; spaces',
		"5",
	],
	[
		"of the kernel, wherever the notebook is",
		'import { display } from "@unrolled/kernel"; typeof display',
		"'function'",
	],
])("an import %s", async (_, code, text) => {
	expect(await value(code)).toBe(text);
});

describe("a local module", () => {
	test("edited two imports deep is seen at the next import", async () => {
		const ask = 'import { middle } from "./middle.mts"; middle(1)';
		write(
			"work/deep.ts",
			"export function deep(n: number): number { return n + 100 }",
		);
		expect(await value(ask)).toBe("202");
		write(
			"work/deep.ts",
			"export function deep(n: number): number { return 'text' }",
		);
		expect(await value(ask)).toContain("deep.ts:1:43 - TS2322");
		write(
			"work/deep.ts",
			"export function deep(n: number): number {\n\n\tthrow new Error('deep down') }",
		);
		expect(await value(ask)).toContain("at deep (deep.ts:3:8)");
		write(
			"work/deep.ts",
			"export function deep(n: number): number { return n }",
		);
		expect(await value(ask)).toBe("2");
	});

	test("is found once it exists, and missed when it is gone", async () => {
		const ask = 'import { found } from "./later.ts"; found';
		expect(await value(ask)).toContain("Cannot find module './later.ts'");
		write("work/later.ts", "export const found = 'here';");
		expect(await value(ask)).toBe("'here'");
		rmSync(join(root, "work/later.ts"));
		expect(await value(ask)).toContain("Cannot find module './later.ts'");
	});

	test("that another one imports is found once it exists", async () => {
		write(
			"work/between.ts",
			'import { deepest } from "./deepest.ts"; export const between = deepest;',
		);
		const ask = 'import { between } from "./between.ts"; between';
		expect(await value(ask)).toContain("Cannot find module './deepest.ts'");
		expect(await value("1 + 1")).toBe("2");
		write("work/deepest.ts", "export const deepest = 'below';");
		expect(await value(ask)).toBe("'below'");
	});

	test("edited fifty times, with others, does not wedge anything", async () => {
		for (let i = 0; i < 50; i++) {
			write("work/a.ts", `export const a = ${i};`);
			write(
				"work/b.ts",
				`import { a } from "./a.ts"; export const b = a + ${i};`,
			);
			expect(await value('import { b } from "./b.ts"; b')).toBe(String(2 * i));
		}
	});

	test("that fails to load is tried again", async () => {
		write(
			"work/broken.ts",
			"throw new Error('not yet');\nexport const ok = 1;",
		);
		const ask = 'import { ok } from "./broken.ts"; ok';
		expect(await value(ask)).toContain("Error: not yet");
		expect(await value(ask)).toContain("Error: not yet");
		write("work/broken.ts", "export const ok = 2;");
		expect(await value(ask)).toBe("2");
	});

	test("can be written in a cell, as in stock tslab", async () => {
		await kernel.run("/** @module ownmodule */\nexport const own: number = 8;");
		expect(await value('import { own } from "./ownmodule"; own')).toBe("8");
	});
});
