/** Local modules lose their types by being blanked; the compiler itself says what has to remain. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript-cells";
import { expect, test } from "vitest";
import { type Edit, edited } from "../../../../kernel/cells/compile/edits.ts";
import { stock } from "../../../../kernel/cells/compile/typescript.ts";
import {
	eraseTypes,
	NotErasable,
} from "../../../../kernel/cells/modules/erase-types.ts";

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

const root = join(import.meta.dirname, "../../../..");
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
	...["(1)", "[1]", "`1`", "+1", "-1", "/1/.source"].flatMap((next) => [
		[`a line that ${next} would go on with`, `const a = b as any\n${next}`],
		[`a type that ${next} comes after`, `let a: number\n${next}`],
	]),
	[
		"a member that would join the one before",
		"class A { a = b\nprivate [c] = 2 }",
	],
	["a line that would end early", "const f = (a: number): {\n} => a"],
	["a value behind a line break", "function f() { return <any>\n1 }"],
])("%s is left to the compiler", (_, text) => {
	expect(() => erased(text)).toThrow(NotErasable);
});
