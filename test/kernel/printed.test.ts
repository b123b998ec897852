/** Errors that are printed or shown point at the reader's lines as thrown ones do, without frames of the kernel's own. */
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel, plain, REPOSITORY } from "./client.ts";

const directory = mkdtempSync(join(tmpdir(), "unrolled-printed-"));
writeFileSync(
	join(directory, "helper.ts"),
	"interface Unused { a: number }\n\nexport function helped(): never {\n\tthrow new Error('helped');\n}\n",
);
symlinkSync(join(REPOSITORY, "node_modules"), join(directory, "node_modules"));

let kernel: Kernel;
let first: number;
beforeAll(async () => {
	kernel = await Kernel.start({ directory });
	const { reply } = await kernel.run(
		"type Unused = 1;\nfunction half(n: number) {\n\tif (n > 1) throw new RangeError('too big');\n\treturn n / 2;\n}",
	);
	first = reply.execution_count as number;
});
afterAll(() => kernel.stop());

/** What a cell shows, with its own number as N. */
async function shown(code: string): Promise<string> {
	const { stdout, stderr, text, error, reply } = await kernel.run(code);
	const all =
		stdout + stderr + (text ?? "") + (error ? plain(error.traceback) : "");
	return all.replaceAll(`cell ${reply.execution_count}:`, "cell N:");
}

const caught = (code: string, say: string) =>
	`let e: any;\ntry { ${code} } catch (error) { e = error }\n${say}`;
const half = () =>
	`RangeError: too big\n    at half (cell ${first}:3:19)\n    at cell N:2:7`;

test.each([
	["console.error(e)", "\n"],
	["console.log(e.stack)", "\n"],
	["e.stack.split('\\n').length", ""],
	["e", ""],
	["process.stdout.write(e.stack)", ""],
])("%s of an error of an earlier cell's function", async (say, end) => {
	const wanted = /length/.test(say) ? "3" : half() + end;
	const text = await shown(caught("half(3)", say));
	expect(text.replace(/true$/, "")).toBe(wanted);
});

test("within objects, as a cause, and among others", async () => {
	const at = (line: number, column: number) => `at cell N:${line}:${column}`;
	expect(await shown("const e = new TypeError('inner');\n({ a: [e] })")).toBe(
		`{\n  a: [\n    TypeError: inner\n        ${at(1, 11)}\n  ]\n}`,
	);
	expect(
		await shown(
			"const cause = new TypeError('inner');\nnew Error('outer', { cause })",
		),
	).toBe(
		`Error: outer\n    ${at(2, 1)} {\n  [cause]: TypeError: inner\n      ${at(1, 15)}\n}`,
	);
	expect(
		await shown(
			"console.log(new AggregateError([\nnew Error('one')], 'many'))",
		),
	).toBe(
		`AggregateError: many\n    ${at(1, 13)} {\n  [errors]: [\n    Error: one\n        ${at(2, 1)}\n  ]\n}\n`,
	);
});

test("of a local module, which is named by its path", async () => {
	const e = caught("helped()", "console.error(e)");
	expect(await shown(`import { helped } from "./helper";\n${e}`)).toMatch(
		/^Error: helped\n {4}at helped \(helper\.ts:4:8\)\n {4}at cell N:3:\d+\n$/,
	);
});

test("of a package, whose own lines stay", async () => {
	const e = caught("matmul(tensor([[1, 2]]), tensor([[1, 2]]))", "e.stack");
	const text = await shown(`import { matmul, tensor } from "unrolled";\n${e}`);
	expect(text).toMatch(/at matmul \(.*\/lib\/dist\/.*\.js:\d+:\d+\)/);
	expect(text).toMatch(/at cell N:3:\d+/);
	expect(text).not.toMatch(/node:|kernel\/dist|tslab|unrolled\.kernel/);
});

test.each([
	["console.trace('here')", "Trace: here\n    at cell N:1:9\n"],
	[
		"const at = {} as Error; Error.captureStackTrace(at); at.stack",
		"'Error\\n    at cell N:1:31'",
	],
	[
		"await new Promise((done) => setTimeout(() => { console.log(new Error('t')); done(0) }))",
		"Error: t\n    at cell N:1:60\n0",
	],
	[
		"await null; async function late() { await null; throw new Error('l') }\nawait late().catch(console.log)",
		"Error: l\n    at late (cell N:1:55)\n    at cell N:2:1\n",
	],
	["structuredClone(new Error('copied'))", "Error: copied\n    at cell N:1:17"],
	[
		"throw structuredClone(new Error('copied'))",
		"Error: copied\n    at cell N:1:23",
	],
	[
		"const deep = (n: number): void => {\n\tif (!n) throw new Error('deep');\n\tdeep(n - 1);\n};\ndeep(20)",
		"Error: deep\n  1 | const deep = (n: number): void => {\n> 2 | \tif (!n) throw new Error('deep');\n    | \t              ^\n    at deep (cell N:2:16)\n    at deep (cell N:3:2)\n    at deep (cell N:3:2)\n    … the same 18 times more\n    at cell N:5:1",
	],
	[
		"require('nothing-here')",
		"Error: Cannot find module 'nothing-here'\n> 1 | require('nothing-here')\n    | ^\n    at cell N:1:1\n{ code: 'MODULE_NOT_FOUND', requireStack: [] }",
	],
])("%s", async (code, wanted) => {
	expect(await shown(code)).toBe(wanted);
});

test("whatever an error does when it is read", async () => {
	expect(
		await shown(
			"const e = new Error('x'); Object.defineProperty(e, 'name', { get() { throw 1 } }); e.stack!.split('\\n')[1]",
		),
	).toBe("'    at cell N:1:11'");
	expect(
		await shown("const e = new Error('x'); e.stack = 'own'; console.log(e)"),
	).toBe("[own]\n");
	const kept = "Error.prepareStackTrace";
	expect(
		await shown(
			`const kept = ${kept}; ${kept} = (_, calls) => calls.length; const n = new Error().stack; ${kept} = kept; typeof n`,
		),
	).toBe("'number'");
});
