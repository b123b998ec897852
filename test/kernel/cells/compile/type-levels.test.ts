/** Types from cell to cell, whatever the compiler has read by then and however often it begins anew. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
	type CompileError,
	Compiler,
} from "../../../../kernel/cells/compile/compiler.ts";
import { readFirst } from "../../../../kernel/cells/compile/first-types.ts";
import { Level } from "../../../../kernel/cells/compile/type-levels.ts";
import { stock } from "../../../../kernel/cells/compile/typescript.ts";

let compiler: Compiler;
beforeEach(() => {
	compiler = new Compiler();
});

const run = (code: string) => compiler.compile(code).keep();
const codes = (code: string): number[] => {
	try {
		run(code);
	} catch (error) {
		return (error as CompileError).diagnostics.map((each) => each.code);
	}
	return [];
};

describe("a first cell", () => {
	test.each([
		["let a = 1;\na", "first"],
		["[1, 2, 3].map((n) => n * 2)", "first"],
		['import { lstm } from "unrolled";\ntypeof lstm', "language"],
		["console.log(1, 'a')", "first"],
		['import { lstm } from "unrolled";\nconsole.log(typeof lstm)', "language"],
		["console.table([1])", "all"],
		["const { log } = console;\nlog(1)", "all"],
		["for (const n of [1, 2]) n", "all"],
		["const later = async () => new Map([[1, 2]]);\nawait later()", "all"],
		['const k: keyof number[] = "at"', "all"],
		['type Newest = "at" extends string ? 1 : 2', "all"],
		['import { sep } from "node:path";\nsep', "all"],
		["(1.5).toLocaleString('de')", "all"],
		["new Float32Array(2).fill(1)", "all"],
		["let [one] = [1];\n[...[one]]", "all"],
		["function* count() { yield 1 }\n[...count()]", "all"],
		[
			"function note(_: Function, __: object) {}\nclass A { @note b() {} }",
			"all",
		],
	] as const)("%s is compiled, with the types of level %s", (code, level) => {
		expect(codes(code)).toEqual([]);
		expect(compiler.level).toBe(Level[level]);
	});

	test("the first types want for nothing", () => {
		const name = "/first.d.ts";
		const file = stock.createSourceFile(
			name,
			readFirst(),
			stock.ScriptTarget.ES2024,
		);
		const options = { noLib: true, types: [] };
		const host = stock.createCompilerHost(options);
		const program = stock.createProgram([name], options, {
			...host,
			getSourceFile: () => file,
		});
		expect(program.getSourceFiles()).toEqual([file]);
		expect(stock.getPreEmitDiagnostics(program)).toEqual([]);
	});

	test.each([
		['const n: number = "text"', [2322]],
		['"text".nothing', [2339]],
		["new Map<string, number>().set(1, 2)", [2345]],
		["const keys: keyof number[] = 'nothing'", [2322]],
		["console.log(nothing)", [2304]],
		["console.log('a').length", [2339]],
		["console.nothing(1)", [2339]],
	])("%s is refused", (code, expected) => {
		expect(codes(code)).toEqual(expected);
	});
});

describe("what a first cell imports", () => {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-types-"));
	/** Writes a file, and gives a cell that uses what it exports as `a`. */
	const using = (name: string, text: string, use: string) => {
		writeFileSync(join(folder, name), text);
		const path = join(folder, name.replace(/\.(d\.)?(ts|js)$/, ""));
		return `import { a } from ${JSON.stringify(path)};\n${use}`;
	};

	test.each([
		[
			"numbers.ts",
			"export const a = (n: number) => n + 1;",
			"a('x')",
			2345,
			"first",
		],
		[
			"map.ts",
			"export const a = new Map([[1, 2]]);",
			"a.set('x', 1)",
			2345,
			"language",
		],
		[
			"buffer.ts",
			"export const a = Buffer.from('x');",
			"a.nothing",
			2339,
			"all",
		],
		[
			"excused.ts",
			"// @ts-ignore\nexport const a = Buffer.from('x');",
			"a.nothing",
			2339,
			"all",
		],
		[
			"computed.ts",
			"export const a: 'b' extends keyof NodeJS.Process ? 1 : 2 = 2;",
			"a.nothing",
			2339,
			"all",
		],
		[
			"plain.d.ts",
			"export declare const a: Map<string, number>;",
			"a.set(1, 1)",
			2345,
			"language",
		],
		["named.d.ts", "export declare const a: Buffer;", "a.nothing", 2339, "all"],
		[
			"spaced.d.ts",
			"export declare const a: NodeJS.Timeout;",
			"a.nothing",
			2339,
			"all",
		],
		[
			"typed.d.ts",
			"export declare const a: typeof process;",
			"a.nothing",
			2339,
			"all",
		],
		[
			"printing.d.ts",
			"export declare const a: (name: Exclude<'table' | 'none', keyof typeof console>) => void;",
			"a('table')",
			2345,
			"all",
		],
		[
			"based.d.ts",
			"export declare class a extends Buffer {}",
			"new a(1).nothing",
			2339,
			"all",
		],
		[
			"imported.d.ts",
			"import { Stats } from 'node:fs'; export declare const a: Stats;",
			"a.nothing",
			2339,
			"all",
		],
		[
			"script.js",
			"export const a = Buffer.from('x');",
			"a.nothing",
			2339,
			"all",
		],
	] as const)(
		"%s is checked as with all types",
		(name, text, use, wrong, level) => {
			expect(codes(using(name, text, "typeof a"))).toEqual([]);
			expect(compiler.level).toBe(Level[level]);
			expect(codes(using(name, text, use))).toEqual([wrong]);
		},
	);

	test("a module that was missing is found once it is there", () => {
		const cell = using("above.ts", 'export { a } from "./below";', "a('x')");
		expect(codes(cell)).toContain(2307);
		writeFileSync(
			join(folder, "below.ts"),
			"export const a = (n: number) => n + 1;",
		);
		expect(codes(cell)).toEqual([2345]);
	});

	test("through another module too", () => {
		writeFileSync(
			join(folder, "inner.d.ts"),
			"export declare const a: Buffer;",
		);
		const code = using("outer.ts", "export { a } from './inner';", "a.nothing");
		expect(codes(code)).toEqual([2339]);
	});
});

test.each([
	"inspector",
	"http2",
	"test",
	"sqlite",
	"repl",
	"cluster",
	"inspector/promises",
	"test/reporters",
])("node:%s has types when it is imported", (name) => {
	run("let before = new Map([[1, 2]]);\nconsole.log(before)");
	const code = `import * as module from "node:${name}";\nmodule.nothing`;
	expect(codes(code)).toEqual([2339]);
	expect(codes("before.get(1)!.nothing")).toEqual([2339]);
});

test("types last from the first edition of the library to the newest", () => {
	run("let list = [1, 2, 3];\ninterface Named { name: string }");
	expect(codes('list.at("first")')).toEqual([2345]);
	expect(codes("const one: Named = {}")).toEqual([2741]);
	expect(codes("const two: Named = { name: 'two' };\nlist.at(-1)")).toEqual([]);
});

test("reading ahead ends with all types, and changes nothing for the cells", () => {
	run("let before = 1;");
	while (compiler.readAhead() !== undefined);
	expect(compiler.level).toBe(Level.all);
	expect(codes("before.toFixed(1)")).toEqual([]);
	expect(codes("before.toFixed('one')")).toEqual([2345]);
});

test("the errors of a cell are not those of the next", () => {
	expect(codes("missing")).toEqual([2304]);
	expect(codes("1")).toEqual([]);
	expect(codes("missing")).toEqual([2304]);
	compiler.complete("missing.", 8);
	expect(codes("2")).toEqual([]);
});

test("a name that is declared anew has its new type", () => {
	run("type T = number; let x: T = 1;");
	run('type T = string; let y: T = "y";');
	expect(codes("y.length")).toEqual([]);
	run('let x = "text";');
	expect(codes("x.length")).toEqual([]);
	expect(codes("x.toFixed()")).toEqual([2551]);
});

test("five hundred cells keep their types", () => {
	run("class Point { constructor(public x: number) {} }");
	for (let n = 0; n < 500; n++) run(`const p${n} = new Point(${n});`);
	expect(codes("p0.x + p499.x")).toEqual([]);
	expect(codes("const q: Point = p250; q.y")).toEqual([2339]);
});
