import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel, plain } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

test.each([
	["a throw", "throw new RangeError('too far')", "RangeError", "too far"],
	["a thrown text", "throw 'just text'", "Thrown", "'just text'"],
	["a thrown null", "throw null", "Thrown", "null"],
	[
		"a type error",
		"const n: number = 'text'",
		"TypeScriptError",
		"Type 'string' is not assignable to type 'number'.",
	],
	[
		"a syntax error",
		"const = 1",
		"TypeScriptError",
		"Variable declaration expected.",
	],
	[
		"an awaited rejection",
		"await Promise.reject(new Error('no'))",
		"Error",
		"no",
	],
	[
		"a rejection that nobody awaits",
		"Promise.reject(new Error('no'))",
		"Error",
		"no",
	],
	[
		"a throw of a callback while the cell waits",
		"await new Promise(() => setTimeout(() => { throw new Error('later') }, 10))",
		"Error",
		"later",
	],
])(
	"%s gives an error message and the same in the reply",
	async (_, code, ename, evalue) => {
		const { error, reply } = await kernel.run(code);
		expect(error).toMatchObject({ ename, evalue });
		expect(error?.traceback.length).toBeGreaterThan(0);
		expect(reply).toMatchObject({ status: "error", ...error });
	},
);

test("a throw after the cell has ended is shown in that cell, and the kernel lives", async () => {
	const id = kernel.begin(
		"setTimeout(() => { throw new Error('much later') }, 50); 1",
	);
	await kernel.end(id);
	const late = await kernel.until(
		() =>
			kernel.published.find(
				({ type, content }) =>
					type === "stream" && String(content.text).includes("much later"),
			),
		"text of the late error",
	);
	expect(late.parent).toBe(id);
	expect((await kernel.run("1")).text).toBe("1");
});

describe("a traceback", () => {
	const trace = async (code: string) =>
		plain((await kernel.run(code)).error?.traceback ?? []);

	test("shows the user's own line, and the calls that led there", async () => {
		const text = await trace(
			"interface Row { a: number }\n\nfunction half(row: Row): number {\n  throw new Error('whole');\n}\nhalf({ a: 1 });",
		);
		expect(text.replace(/cell \d+/g, "cell N")).toBe(
			[
				"Error: whole",
				"  2 | ",
				"  3 | function half(row: Row): number {",
				"> 4 |   throw new Error('whole');",
				"    |         ^",
				"    at half (cell N:4:9)",
				"    at cell N:6:1",
			].join("\n"),
		);
	});

	test("folds the calls inside a package", async () => {
		const text = await trace(
			"import { tensor, matmul } from 'unrolled';\nmatmul(tensor([[1, 2]]), tensor([[1, 2]]));",
		);
		expect(text).toContain("> 2 | matmul(");
		expect(text).toMatch(/… \d calls? inside unrolled\n {4}at cell \d+:2:1$/);
		expect(text).toMatch(/^Error: matmul: .*\[1, ?2\]/);
	});

	test("follows the awaits", async () => {
		const text = await trace(
			"async function late() { await null; throw new Error('x') }\nasync function middle() {\n  await late();\n}\nawait middle()",
		);
		expect(
			text
				.replace(/cell \d+/g, "cell N")
				.split("\n")
				.slice(3),
		).toEqual([
			"    at late (cell N:1:43)",
			"    at async middle (cell N:3:3)",
			"    at cell N:5:1",
		]);
	});

	test("finds the lines of a function that an earlier cell declared", async () => {
		const { reply } = await kernel.run(
			"function early(x: { y: { z: number } } | undefined) {\n\treturn x!.y.z;\n}",
		);
		const text = await trace("early(undefined)");
		expect(text).toContain(`at early (cell ${reply.execution_count}:2:12)`);
		expect(text).toContain("> 2 | \treturn x!.y.z;\n    | \t          ^");
	});

	test("shows what does not compile, every error with its line and a mark", async () => {
		const text = await trace(
			"const fine = 1;\nconst bad: number = 'text';\nfine.nothing",
		);
		expect(text.replace(/cell \d+/g, "cell N")).toBe(
			[
				"cell N:2:7 - TS2322: Type 'string' is not assignable to type 'number'.",
				"  1 | const fine = 1;",
				"> 2 | const bad: number = 'text';",
				"    |       ^^^",
				"cell N:3:6 - TS2339: Property 'nothing' does not exist on type '1'.",
				"  1 | const fine = 1;",
				"  2 | const bad: number = 'text';",
				"> 3 | fine.nothing",
				"    |      ^^^^^^^",
			].join("\n"),
		);
	});

	test("goes on to the causes, and to the errors of an AggregateError", async () => {
		const text = await trace(
			"throw new Error('outer', { cause: new AggregateError([new TypeError('one'), 'two'], 'many') })",
		);
		expect(text).toMatch(/^Error: outer/);
		expect(text).toMatch(/^caused by: AggregateError: many$/m);
		expect(text).toMatch(/^error 1: TypeError: one$/m);
		expect(text).toMatch(/^error 2: 'two'$/m);
	});

	test("survives an error that is its own cause, or has odd parts", async () => {
		expect(
			await trace(
				"const e: any = new Error('loop'); e.cause = e; e.code = 7; throw e",
			),
		).toMatch(/^Error: loop(.|\n)*\{ code: 7 \}$/);
		expect(
			await trace(
				"throw Object.assign(new Error('x'), { stack: 5, name: '' })",
			),
		).toBe("Error: x");
	});

	test("of too deep a recursion is short", async () => {
		const { error } = await kernel.run(
			"const deep = (): number => 1 + deep(); deep()",
		);
		expect(error).toMatchObject({ ename: "RangeError" });
		expect(error?.traceback.length).toBeLessThan(30);
	});

	test("of a recursion says how many calls are the same", async () => {
		const { error } = await kernel.run(
			"function down(n: number): number {\n  if (n === 0) throw new Error('below');\n  return 1 + down(n - 1);\n}\ndown(5)",
		);
		expect(error?.traceback.join("\n")).toContain("… the same 3 times more");
	});
});

test.each([
	["is not a function", "named()", "named is not a function"],
	[
		"is not a constructor",
		"new (named as any)()",
		"named is not a constructor",
	],
	["has no value", "later; let later = 1", undefined],
	["is missing", "// @ts-nocheck\nmissing", "missing is not defined"],
	[
		"has no parts",
		"const { first } = named.missing",
		"of 'named.missing' as it is undefined",
	],
])(
	"an error says the name that %s as it was written",
	async (_, code, said) => {
		await kernel.run("let named: any = {}");
		const { error, reply } = await kernel.run(code);
		if (said) expect(error?.evalue).toContain(said);
		expect(JSON.stringify(reply)).not.toContain("\u200c");
		expect(error?.traceback.join("")).not.toContain("\u200c");
	},
);
