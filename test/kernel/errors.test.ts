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
	test("names the user's own lines and columns", async () => {
		const { error } = await kernel.run(
			"interface Row { a: number }\n\nfunction half(row: Row): number {\n  throw new Error('whole');\n}\nhalf({ a: 1 });",
		);
		const text = plain(error?.traceback ?? []);
		expect(text).toMatch(/at half \(cell-\d+\.ts:4:9\)/);
		expect(text).toMatch(/at cell-\d+\.ts:6:1$/m);
		expect(text).not.toMatch(/kernel\/dist|node:internal|node:vm/);
	});

	test("shows a compile error with its line and a mark under the place", async () => {
		const { error } = await kernel.run(
			"const fine = 1;\nconst bad: number = 'text';",
		);
		const text = plain(error?.traceback ?? []);
		expect(text).toContain("2:7 - error TS2322");
		expect(text).toContain("const bad: number = 'text';");
		expect(text).toMatch(/\| {7}~~~$/m);
	});

	test("goes on to the causes", async () => {
		const { error } = await kernel.run(
			"throw new Error('outer', { cause: new TypeError('inner') })",
		);
		expect(plain(error?.traceback ?? [])).toContain("TypeError: inner");
	});
});
