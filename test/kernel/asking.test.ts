/** What is asked while somebody types: completions and inspections. The cursor is the `|` in each code. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel, REPOSITORY } from "./client.ts";

const directory = mkdtempSync(join(tmpdir(), "unrolled-asking-"));
const write = (name: string, text: string) =>
	writeFileSync(join(directory, name), text);

let kernel: Kernel;
beforeAll(async () => {
	symlinkSync(
		join(REPOSITORY, "node_modules"),
		join(directory, "node_modules"),
	);
	mkdirSync(join(directory, "parts"));
	write("parts/wheel.ts", "export const spokes = 12;\n");
	write(
		"helper.ts",
		"/**\n * Helps.\n *\n *   y = 2 n\n *   z = 3 n\n */\nexport function helpful(n: number) { return n }\nexport const helpless = 1;\n",
	);
	write("poem.txt", "");
	kernel = await Kernel.start({ directory });
	await kernel.run(`/** Adds.
 * @param a the first
 * @param b the second */
function add(a: number, b = 2) { return a + b }
interface Options { /** How many. */ size: number; name?: string }
function make(options: Options) { return options.size }
class Animal { name = "x"; speak() {} }
enum Colour { Red }
let dogod = 1;
let direction: "left" | "right" = "left";
function go(where: "left" | "right") {}
const o = { alpha: 1, "b-c": 2 };
let unknown: any = { runtime: 1 };`);
});
afterAll(() => kernel.stop());

function at(marked: string): { code: string; cursor_pos: number } {
	const [before, after] = marked.split("|");
	return { code: before + after, cursor_pos: [...before].length };
}

interface Typed {
	text: string;
	type: string;
	start: number;
	end: number;
}

/** The completions as `text:type`, and the part of the code that they replace. */
async function complete(marked: string) {
	const asked = at(marked);
	const reply = await kernel.request("shell", "complete_request", asked);
	expect(reply.status).toBe("ok");
	const { _jupyter_types_experimental: typed } = reply.metadata as {
		_jupyter_types_experimental: Typed[];
	};
	expect(typed.map(({ text }) => text)).toEqual(reply.matches);
	const { cursor_start: start, cursor_end: end } = reply as {
		cursor_start: number;
		cursor_end: number;
	};
	for (const each of typed) expect(each).toMatchObject({ start, end });
	return {
		replaces: [...asked.code].slice(start, end).join(""),
		found: typed.map(({ text, type }) => `${text}:${type}`),
	};
}

describe("completion", () => {
	test.each([
		// names, in the middle of a word too
		["do|", "do", ["dogod:variable", "do:keyword"]],
		["dogo|", "dogo", ["dogod:variable"]],
		["Math.sq|", "sq", ["sqrt:method"]],
		["Math.sq|rt(2)", "sqrt", ["sqrt:method"]],
		["'😀😀'; Math.sq|", "sq", ["sqrt:method"]],
		["MATH.|", "", []],
		["SETTIMEO|", "SETTIMEO", ["setTimeout:function"]],
		["new Ani|", "Ani", ["Animal:class"]],
		["new Animal().|", "", ["name:property", "speak:method"]],
		["Colour.|", "", ["Red:constant"]],
		["const x: Ani|", "Ani", ["Animal:class"]],
		["o.|", "", ["alpha:property"]],
		["const { al| } = o", "al", ["alpha:property"]],
		["unknown.|", "", ["runtime:property"]],
		["`$" + "{Math.sq|}`", "sq", ["sqrt:method"]],
		["// dog|", "dog", []],
		// strings that a type allows
		['go("l|")', "l", ["left:string"]],
		['go("l|', "l", ["left:string"]],
		["go('|')", "", ["left:string", "right:string"]],
		['direction = "|', "", ["left:string", "right:string"]],
		["direction === 'r|'", "r", ["right:string"]],
		["o['|']", "", ["alpha:property", "b-c:property"]],
		// imports
		[
			'import { lst| } from "unrolled"',
			"lst",
			["lstm:function", "lstm1997:function"],
		],
		[
			'import { adam, lst| } from "unrolled"',
			"lst",
			["lstm:function", "lstm1997:function"],
		],
		[
			"import { readFileS| } from 'node:fs'",
			"readFileS",
			["readFileSync:function"],
		],
		[
			"import type { CellOp| } from 'unrolled'",
			"CellOp",
			["CellOptions:interface"],
		],
		[
			"import { help| } from './helper'",
			"help",
			["helpful:function", "helpless:variable"],
		],
		["import * as h from './helper'; h.helpf|", "helpf", ["helpful:function"]],
		[
			"import { spokes } from './parts/wheel'; spo|",
			"spo",
			["spokes:variable"],
		],
		["import { lstm } from 'unrolled'; lst|", "lst", ["lstm:function"]],
		['import x from "unro|"', "unro", ["unrolled:module"]],
		['import x from "unro|', "unro", ["unrolled:module"]],
		['import x from "unrolled/pl|"', "unrolled/pl", ["unrolled/plot:module"]],
		[
			'import x from "@unrolled/k|"',
			"@unrolled/k",
			["@unrolled/kernel:module", "@unrolled/kernel/widgets:module"],
		],
		[
			"import x from 'node:pa|'",
			"node:pa",
			["node:path:module", "node:path/posix:module", "node:path/win32:module"],
		],
		["import x from './p|'", "./p", ["./parts:folder"]],
		["import x from './parts/wh|'", "./parts/wh", ["./parts/wheel:file"]],
		["export * from './hel|'", "./hel", ["./helper:file"]],
		['require("./hel|")', "./hel", ["./helper:file"]],
		['require("unro|', "unro", ["unrolled:module"]],
		["await import('unro|')", "unro", ["unrolled:module"]],
		// files
		["readFileSync('po|')", "po", ["poem.txt:file"]],
		["readFileSync('./parts/|')", "./parts/", ["./parts/wheel.ts:file"]],
		["const s = 'pa|'", "pa", ["parts/:folder"]],
		["const s = 'no such|'", "no such", []],
	])("of %s", async (marked, replaces, found) => {
		expect(await complete(marked)).toEqual({ replaces, found });
	});

	test("names of cells come first", async () => {
		const { found } = await complete("|");
		const names = ["Animal:class", "Colour:enum", "add:function"];
		expect(found.slice(0, 3)).toEqual(names);
	});

	test("sees a module as it is now", async () => {
		const code = "import { fresh| } from './changing'";
		expect((await complete(code)).found).toEqual([]);
		write("changing.ts", "export const fresh = 1;\n");
		expect((await complete(code)).found).toEqual(["fresh:variable"]);
		write("changing.ts", "export const freshly = 1, freshest = 2;\n");
		expect((await complete(code)).found).toEqual([
			"freshest:variable",
			"freshly:variable",
		]);
	});

	test("changes nothing for the cells", async () => {
		await complete("const dogod = 'text'; dogod.|");
		expect((await kernel.run("dogod + 1")).text).toBe("2");
	});
});

describe("inspection", () => {
	async function inspect(marked: string): Promise<string> {
		const reply = await kernel.request("shell", "inspect_request", {
			...at(marked),
			detail_level: 0,
		});
		expect(reply.status).toBe("ok");
		const { "text/plain": text = "" } = reply.data as Record<string, string>;
		expect(reply.found).toBe(text !== "");
		return text;
	}

	test.each([
		"add(|)",
		"add(|",
		"add(1, |)",
		"add(1,| 2)",
		"add(|1, 2)",
		"add( |)",
		"[add(1, |",
	])("of %s shows the signature and the parameter", async (marked) => {
		const text = await inspect(marked);
		expect(text).toMatch(/^add\(a: number, b\?: number\): number\n/);
		expect(text).toContain(
			marked.indexOf(",") > 0 && marked.indexOf(",") < marked.indexOf("|")
				? "**b** the second"
				: "**a** the first",
		);
		expect(text).toContain("Adds.");
	});

	test.each(["ad|d(1)", "add|(1)", "add|", "add(1)|", "add(add|(2))"])(
		"of %s shows the function",
		async (marked) => {
			expect(await inspect(marked)).toMatch(
				/^function add\(a: number, b\?: number\): number\n+Adds\./,
			);
		},
	);

	test.each([
		[
			"Math.max(1, |)",
			/^max\(\.\.\.values: number\[\]\): number.*larger of a set/s,
		],
		["new Map(|)", /^Map/],
		["make({ |})", /- `size: number`.*\n- `name\?: string`/],
		["make({ size: 1, na|me: '' })", /^\(property\).*name.*: string/],
		["o.al|pha", /alpha: number/],
		[
			"import { l|stm } from 'unrolled'",
			/Long short-term memory.*\n\n```text\n *i {2}= σ.*\n```\n\nBoth/s,
		],
		[
			"import { lstm } from 'unrolled'; lstm(|)",
			/- `hidden: number`.*Long short-term memory/s,
		],
		[
			"import { helpful } from './helper'; helpful(|)",
			/^helpful\(n: number\): number.*Helps\.\n\n```text\n {2}y = 2 n\n {2}z = 3 n\n```/s,
		],
		["go('|')", /^go\(where: "left" \| "right"\): void/],
		["1 + |", /^$/],
		["'text|'", /^$/],
		["|", /^$/],
	])("of %s", async (marked, shown) => {
		expect(await inspect(marked)).toMatch(shown);
	});
});
