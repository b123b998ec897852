/** Local modules run with their imports and exports replaced in place. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Modules } from "../../../../kernel/cells/modules/modules.ts";
import { Guard } from "../../../../kernel/guard.ts";
import { Shared } from "../../../../kernel/protocol/threads.ts";

describe("modules", () => {
	const folder = mkdtempSync(join(tmpdir(), "unrolled erase "));
	const run = (texts: Record<string, string>) => {
		for (const [name, text] of Object.entries(texts))
			writeFileSync(join(folder, name), text);
		const guard = new Guard(new Int32Array(Shared.size));
		const modules = new Modules(folder, guard, {});
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

	test("a function that is imported is called without the module as `this`", () => {
		const { seen } = run({
			"main.ts":
				'import { f } from "./f.ts";\nexport const seen = [f(), f`text`, (f as () => unknown)(), f!(), (<any>f)(), f?.()];',
			"f.ts":
				"export function f(this: unknown, ..._: unknown[]) { return this }",
		});
		expect(seen).toEqual(Array(6).fill(undefined));
	});
});
