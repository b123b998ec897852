/** Types from cell to cell, whatever the compiler has read by then and however often it begins anew. */
import { beforeEach, describe, expect, test } from "vitest";
import { type CompileError, Compiler } from "../../kernel/cells/compiler.ts";
import { readFirst } from "../../kernel/cells/first.ts";
import { stock } from "../../kernel/cells/stock.ts";

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
		["let a = 1;\na", false],
		["[1, 2, 3].map((n) => n * 2)", false],
		["console.log(1)", true],
		["for (const n of [1, 2]) n", true],
		["const later = async () => new Map([[1, 2]]);\nawait later()", true],
		['const k: keyof number[] = "at"', true],
		['type Newest = "at" extends string ? 1 : 2', true],
		['import { sep } from "node:path";\nsep', true],
		["(1.5).toLocaleString('de')", true],
		["new Float32Array(2).fill(1)", true],
		["let [one] = [1];\n[...[one]]", true],
		["function* count() { yield 1 }\n[...count()]", true],
		[
			"function note(_: Function, __: object) {}\nclass A { @note b() {} }",
			true,
		],
	])("%s is compiled, with all types: %s", (code, whole) => {
		expect(codes(code)).toEqual([]);
		expect(compiler.whole).toBe(whole);
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
	])("%s is refused", (code, expected) => {
		expect(codes(code)).toEqual(expected);
	});
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
	expect(compiler.whole).toBe(true);
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
