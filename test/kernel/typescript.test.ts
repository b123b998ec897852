/** TypeScript as its users write it, in a folder with a `tsconfig.json` and a `package.json` of its own. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel, plain } from "./client.ts";

const outside = mkdtempSync(join(tmpdir(), "unrolled typescript "));
/** The notebook may lie in a folder of this name. */
const root = join(outside, "node_modules", "course");

function write(path: string, text: string): void {
	const file = join(root, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

const UMD = `(function (root, factory) {
	if (typeof define === "function" && define.amd) define(["exports"], factory);
	else if (typeof exports === "object" && typeof module !== "undefined") factory(exports);
	else factory((root.umd = {}));
})(this, function (exports) { "use strict"; exports.umd = 1; });`;

let kernel: Kernel;
beforeAll(async () => {
	write(
		"tsconfig.json",
		`{ // as most have it
			"compilerOptions": { "strict": true, "jsx": "react", "jsxFactory": "h", "experimentalDecorators": true,
				"paths": { "@app/*": ["./src/*"], "alone": ["./src/alone.ts"] } },
			"include": ["src"] }`,
	);
	write(
		"package.json",
		'{ "name": "course", "imports": { "#util": "./src/util.ts", "#src/*": "./src/*.ts" } }',
	);
	write(
		"src/util.ts",
		"export enum Size { S = 3 }\nexport const util: number = Size.S;",
	);
	write("src/alone.ts", "export const alone = 7;");
	write(
		"src/decorated.ts",
		"export const seen: string[] = [];\nfunction note(_: object, key: string) { seen.push(key) }\nexport class D { @note part = 1 }",
	);
	write(
		"src/view.tsx",
		"declare const h: any;\nexport const view = (h: any) => <i>{1}</i>;",
	);
	write(
		"packages/tool/package.json",
		'{ "name": "tool", "main": "src/index.ts" }',
	);
	write(
		"packages/tool/src/index.ts",
		'import { part } from "./part";\nexport enum Kind { A = 4 }\nexport const tool: number = part + Kind.A;',
	);
	write("packages/tool/src/part.ts", "export const part = 1;");
	mkdirSync(join(root, "node_modules"), { recursive: true });
	symlinkSync("../packages/tool", join(root, "node_modules/tool"));
	write("umd.js", UMD);
	write("umd.cjs", UMD);
	const rows = Array.from({ length: 60_000 }, (_, id) => ({
		id,
		name: `name ${id}`,
		tags: ["a", "b"],
		nested: { third: id / 3, nothing: null },
	}));
	write("large.json", JSON.stringify(rows));
	kernel = await Kernel.start({ directory: root });
});
afterAll(() => kernel.stop());

const value = async (code: string) => {
	const { error, text } = await kernel.run(code);
	return error ? plain(error.traceback) : text;
};

test.each<
	[what: string, ...cells: [code: string, value: string | undefined][]]
>([
	[
		"JSX",
		[
			"const h = (type: any, props: any, ...inside: any[]) => ({ type, props, inside });\ndeclare global { namespace JSX { interface IntrinsicElements { [name: string]: any } } }",
			undefined,
		],
		["(<b n={1}>x</b>).inside", "[ 'x' ]"],
		[
			"const Part = (_: { n: number }) => <b />;\n(<Part n={2} />).type === Part",
			"true",
		],
		["import { view } from './src/view'; view(h).type", "'i'"],
	],
	[
		"the first line of a script",
		["#!/usr/bin/env node\n1 + 1", "2"],
		["#!/usr/bin/env node\nlet script = 3;\nscript", "3"],
	],
	[
		"legacy decorators",
		[
			"const seen: string[] = [];\nfunction note(_: object, key: string) { seen.push(key) }\nclass D { @note part = 1; @note method() {} }\nseen",
			"[ 'part', 'method' ]",
		],
		[
			"const at: number[] = [];\nfunction place(_: object, __: string, index: number) { at.push(index) }\nclass P { m(@place a: number, @place b: number) {} }\nat",
			"[ 1, 0 ]",
		],
		["import { seen as theirs } from './src/decorated'; theirs", "[ 'part' ]"],
		["new D().part + seen.length", "3"],
	],
	[
		"declare global",
		[
			"declare global { var shared: number; interface Array<T> { last(): T } }\nglobalThis.shared = 3; Array.prototype.last = function () { return this[this.length - 1] };\nshared",
			"3",
		],
		["[1, 2].last() + shared", "5"],
		[
			"[1, 2].first()",
			expect.stringContaining("Property 'first' does not exist"),
		],
		["[1, 2].last() + shared", "5"],
	],
	[
		"reference lib",
		[
			'/// <reference lib="dom" />\nlet node: HTMLElement | undefined;\nnode === undefined',
			"true",
		],
		[
			"let page: Document | undefined = node?.ownerDocument; page === undefined",
			"true",
		],
	],
	[
		"@ts-nocheck",
		["// @ts-nocheck\nlet wrong: number = 'text'; wrong", "'text'"],
		["typeof wrong", "'string'"],
		["let checked: number = 'text'", expect.stringContaining("TS2322")],
	],
	[
		"paths of tsconfig.json",
		["import { util } from '@app/util'; util", "3"],
		["import { alone } from 'alone'; alone", "7"],
		["(await import('@app/util')).util + require('@app/util').util", "6"],
	],
	[
		"imports of package.json",
		["import { util } from '#util'; util", "3"],
		["import { alone } from '#src/alone'; alone", "7"],
	],
	[
		"a package of the workspace",
		["import { tool, Kind } from 'tool'; [tool, Kind.A]", "[ 5, 4 ]"],
	],
	[
		"UMD",
		["import { umd } from './umd.js'; umd", "1"],
		[
			"import * as all from './umd.cjs'; all.umd + require('./umd.js').umd",
			"2",
		],
	],
	[
		"large JSON",
		["import rows from './large.json'; rows.length", "60000"],
		["rows[5].name", "'name 5'"],
	],
	[
		"import with require",
		["import paths = require('node:path'); paths.sep", "'/'"],
		["paths.sep", "'/'"],
		["import alone = require('./src/alone'); alone.alone", "7"],
	],
])("%s", async (_, ...cells) => {
	for (const [code, wanted] of cells) expect(await value(code)).toEqual(wanted);
});
