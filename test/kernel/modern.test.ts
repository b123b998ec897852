/** TypeScript of today in cells: each row failed in stock tslab, or shows what must go on working. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const rows: [what: string, code: string, text: string][] = [
	[
		"using",
		"const seen: string[] = [];\n{ using x = { [Symbol.dispose]() { seen.push('disposed') } }; seen.push('in') }\nseen",
		"[ 'in', 'disposed' ]",
	],
	[
		"await using",
		"let closed = false;\n{ await using y = { async [Symbol.asyncDispose]() { closed = true } } }\nclosed",
		"true",
	],
	[
		"for await at top level",
		"let total = 0;\nfor await (const n of [Promise.resolve(1), 2]) total += n;\ntotal",
		"3",
	],
	[
		"standard decorators",
		"const names: string[] = [];\nfunction note(_: Function, { name }: ClassMethodDecoratorContext) { names.push(String(name)) }\nclass C { @note m() {} }\nnames",
		"[ 'm' ]",
	],
	[
		"library types of ES2025",
		"[[1, 2, 3].values().map((x) => x * 2).toArray(), new Set([1]).union(new Set([2])).size, new Float16Array(1).length]",
		"[ [ 2, 4, 6 ], 2, 1 ]",
	],
	[
		"groupBy",
		"Object.groupBy([1, 2, 3], (x) => x % 2 ? 'odd' : 'even').odd",
		"[ 1, 3 ]",
	],
	[
		"import.meta",
		"[import.meta.dirname === process.cwd(), import.meta.url.startsWith('file:')]",
		"[ true, true ]",
	],
	[
		"__dirname and require",
		"__dirname === process.cwd() && require('node:path').sep",
		"'/'",
	],
	[
		"const type parameters and satisfies",
		"const one = <const T,>(x: T) => x;\nconst r = { a: 1 } satisfies Record<string, number>;\none([r.a])",
		"[ 1 ]",
	],
	[
		"enums and namespaces",
		"enum Colour { Red, Green }\nnamespace Deep { export const q = 1 }\nColour.Green + Deep.q",
		"2",
	],
	[
		"overloads",
		"function pick(x: number): number;\nfunction pick(x: string): string;\nfunction pick(x: unknown) { return x }\npick('a').length",
		"1",
	],
	[
		"destructuring with a rest",
		"const { a, ...rest } = { a: 1, b: 2, c: 3 };\nrest",
		"{ b: 2, c: 3 }",
	],
	[
		"a var of a block",
		"for (let i = 0; i < 3; i++) { var inner = i }\ninner",
		"2",
	],
	[
		"private members",
		"class Box { #value = 2; get value() { return this.#value } }\nnew Box().value",
		"2",
	],
	[
		"WebAssembly",
		"WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
		"true",
	],
	["a BigInt", "10n ** 20n", "100000000000000000000n"],
];

test.each(rows)("%s", async (_, code, text) => {
	expect(await kernel.run(code)).toMatchObject({ error: undefined, text });
});

test("names of the page do not exist", async () => {
	expect((await kernel.run("document.title")).error?.evalue).toContain(
		"Cannot find name 'document'",
	);
});

test("a type that a package keeps to itself is no obstacle", async () => {
	await kernel.run(
		"function hidden() { class Inside { x = 1 } return new Inside() }\nconst inside = hidden();\nconst key = Symbol();",
	);
	expect((await kernel.run("inside.x + 1")).text).toBe("2");
});
