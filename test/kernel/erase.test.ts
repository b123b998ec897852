/** Local modules lose their types by being blanked; the compiler itself says what has to remain. */
import { globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type ts from "typescript-cells";
import { describe, expect, test } from "vitest";
import {
	type Edit,
	edited,
	eraseTypes,
	NotErasable,
} from "../../kernel/cells/erase.ts";
import { Modules } from "../../kernel/cells/modules.ts";
import { stock } from "../../kernel/cells/stock.ts";
import { Guard } from "../../kernel/guard.ts";
import { Shared } from "../../kernel/link.ts";

const target = stock.ScriptTarget.ES2024;
const isLink = (node: ts.Node) =>
	stock.isImportDeclaration(node) || stock.isExportDeclaration(node);

function erased(text: string): string {
	const edits: Edit[] = [];
	const file = stock.createSourceFile("module.ts", text, target);
	eraseTypes(file, edits, (node) => !isLink(node));
	return edited(text, edits);
}

/** What the compiler makes of a text, less the spaces and parentheses that only tell where types were. */
function compiled(text: string, fileName: string): string {
	const { outputText } = stock.transpileModule(text, {
		fileName,
		transformers: {
			before: [
				({ factory }) =>
					(file) =>
						factory.updateSourceFile(
							file,
							file.statements.filter(
								(each) => !isLink(each) && !stock.isEmptyStatement(each),
							),
						),
			],
		},
		compilerOptions: {
			module: stock.ModuleKind.ESNext,
			target,
			removeComments: true,
			verbatimModuleSyntax: true,
		},
	});
	return outputText.replace(/export \{\};/g, "").replace(/[\s;()]/g, "");
}

const root = join(import.meta.dirname, "../..");
const files = globSync(["lib/**/*.ts", "kernel/**/*.ts"], { cwd: root }).filter(
	(name) => !/node_modules|dist\/|\.d\.ts$/.test(name),
);

test("the project's own files come out as the compiler makes them", () => {
	expect(files.length).toBeGreaterThan(50);
	let blanked = 0;
	for (const name of files) {
		const text = readFileSync(join(root, name), "utf8");
		let own: string;
		try {
			own = erased(text);
		} catch (error) {
			if (error instanceof NotErasable) continue; // decorators of the WebAssembly kernels
			throw error;
		}
		blanked++;
		expect(own.length, name).toBe(text.length);
		expect(compiled(own, "module.js"), name).toBe(compiled(text, "module.ts"));
	}
	expect(blanked).toBeGreaterThan(0.8 * files.length);
});

test.each([
	"abstract class A<T> extends Map<string, T> implements Iterable<[string, T]> { private readonly a?: T; declare b: number; static #c!: string; abstract d(): void; e(): void; e(x?: T): void {} protected get f(): T | undefined { return this.a } [key: number]: T; override get<K>(this: A<T>, key: K & string): T { return super.get(key)! } }",
	"function f(this: Window, a: number, b?: string, ...rest: unknown[]): asserts a is 3 {}",
	"function g(x: string): void;\nfunction g(x: number): void;\nfunction g(x: unknown) {}",
	"const h = async <T,>(x: T, { y, z = 1 }: { y: T; z?: number }): Promise<T> => (x as T)!;",
	"const i = <any>f satisfies unknown; let j: number, k!: string, { l }: { l: 1 } = m as const;",
	"interface N { a: 1 }\n(n as number).toFixed();\ntype O<T> = T extends infer U ? U : never;\n[1].map<number>((x): number => x);",
	"for (const p of q as number[]) new Map<string, Array<number>>(); r?.s!.t<number>`u`;",
	"label: while (x!) { try { break label } catch (error: unknown) { throw error as Error } }",
	"const y = { method<T>(this: T): T { return this }, async *gen(): AsyncGenerator<number> {}, get z(): number { return 1 } };",
	"declare const aa: number; declare function bb(): void; declare module 'cc' { } declare global { var dd: 1 }",
	"class E { constructor(a: number); constructor(readonly?: number) {} static { const x: number = 1 } 'quoted'?: string; [Symbol.iterator](): void {} }",
	"let ff = (a: string | number): a is string => typeof a === 'string', gg: typeof ff = ff;",
])("the compiler agrees about %s", (text) => {
	expect(compiled(erased(text), "module.js")).toBe(compiled(text, "module.ts"));
});

test.each([
	["an enum", "enum A { B }"],
	["a namespace", "namespace A { export const b = 1 }"],
	[
		"a property in a constructor",
		"class A { constructor(private b: number) {} }",
	],
	["a decorator", "@a class B {}"],
	["an accessor", "class A { accessor b = 1 }"],
	["using", "using a = b;"],
	["a line that would go on", "const a = b as any\n(1)"],
	["a line that would end early", "const f = (a: number): {\n} => a"],
])("%s is left to the compiler", (_, text) => {
	expect(() => erased(text)).toThrow(NotErasable);
});

describe("modules", () => {
	const folder = mkdtempSync(join(tmpdir(), "unrolled erase "));
	const run = (texts: Record<string, string>) => {
		for (const [name, text] of Object.entries(texts))
			writeFileSync(join(folder, name), text);
		const modules = new Modules(folder, new Guard(new Int32Array(Shared.size)));
		const cell = { exports: {} };
		const [, require] = modules.valuesFor(join(folder, "cell.js"), cell);
		return (require as (id: string) => Record<string, unknown>)("./main.ts");
	};

	test("an imported name is looked up whenever it is used", () => {
		const { seen } = run({
			"main.ts":
				'import { count, more } from "./other.ts";\nconst before = count;\nmore();\nexport const seen = [before, count, { count }];',
			"other.ts":
				"export let count: number = 1;\nexport function more(): void { count++; }",
		});
		expect(seen).toEqual([1, 2, { count: 2 }]);
	});

	test("two modules may import each other", () => {
		const { even } = run({
			"main.ts":
				'import { odd } from "./odd.ts";\nexport function even(n: number): boolean { return n === 0 || odd(n - 1); }',
			"odd.ts":
				'import { even } from "./main.ts";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);',
		});
		expect((even as (n: number) => boolean)(10)).toBe(true);
	});

	test("imports and exports of every form", () => {
		const all = run({
			"main.ts": `import path, { sep as separator } from "node:path";
				import * as os from "node:os";
				import named, { type Shape, Other, extra } from "./forms.ts";
				import type { Nothing } from "./nowhere.ts";
				export * from "./forms.ts";
				export * as forms from "./forms.ts";
				export { extra as again, default as theirs } from "./forms.ts";
				export { path, own as mine, Kept };
				export type { Shape };
				interface Kept { a: Nothing }
				const own: Other = separator as never;
				export const [first, { second }]: [number, { second: number }] = [1, { second: 2 }];
				export class Klass<T> { value?: T }
				export async function later(): Promise<string> { return (await import("./forms.ts")).extra }
				export const here = import.meta.filename.endsWith("main.ts");
				export const eol: string = os.EOL;
				export default class { kind = named(extra) }`,
			"forms.ts":
				"export interface Shape {}\nexport type Other = string;\nexport const extra = 'e';\nexport default function (x: string): string { return x + x }",
		});
		expect(Object.keys(all).sort()).toEqual(
			"Klass again default eol extra first forms here later mine path second theirs".split(
				" ",
			),
		);
		expect(all).toMatchObject({ first: 1, second: 2, extra: "e", again: "e" });
		expect(all).toMatchObject({ mine: "/", here: true, eol: "\n" });
		expect(new (all.default as new () => object)()).toEqual({ kind: "ee" });
		expect((all.theirs as (x: string) => string)("t")).toBe("tt");
		expect((all.path as { sep: string }).sep).toBe("/");
	});

	test("a name that shadows an import keeps its meaning", () => {
		const { seen } = run({
			"main.ts":
				'import { a } from "./a.ts";\nexport const seen = [a, ((a: number) => a)(2)];',
			"a.ts": "export const a: number = 1;",
		});
		expect(seen).toEqual([1, 2]);
	});
});
