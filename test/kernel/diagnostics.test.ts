import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel, plain } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

/** What a reader sees of a cell that was not run. */
async function shown(code: string): Promise<string[]> {
	const { reply } = await kernel.run(code);
	return plain(reply.traceback as string[]).split("\n");
}

test("a cell from the middle, after a restart: the first line says to run the cells above, and each name is said once", async () => {
	const lines = await shown(
		"const steps = 10;\nfor (let i = 0; i < steps; i++) {\n  const y = model.apply(train);\n  losses.push(lossOf(y, train));\n}\nmodel.weights",
	);
	expect(lines[0]).toBe(
		"model, train, losses, lossOf are not defined here. If cells above define them, run those first: in JupyterLab, Run → Run All Above Selected Cell.",
	);
	expect(lines.filter((line) => line.includes("'model'"))).toHaveLength(1);
	expect(lines.length).toBeLessThan(8);
});

test("a lone missing name shows its line, for it may be a slip of the pen", async () => {
	const lines = await shown("const a = 1;\nconsole.log(b1)");
	expect(lines[0]).toBe(
		"b1 is not defined here. If a cell above defines it, run that cell first.",
	);
	expect(lines).toContain("> 2 | console.log(b1)");
});

test("a name that is nearly right gets the compiler's own advice", async () => {
	const lines = await shown("const losses = [1];\nlosess.length");
	expect(lines.join("\n")).toContain("Did you mean 'losses'?");
	expect(lines.join("\n")).not.toContain("not defined here");
});

test("of many errors the first five are shown, and the rest counted", async () => {
	const lines = await shown(
		Array.from({ length: 12 }, (_, i) => `const n${i}: number = "a";`).join(
			"\n",
		),
	);
	expect(lines.filter((line) => line.includes("TS2322"))).toHaveLength(5);
	expect(lines.at(-1)).toBe("… and 7 more errors");
});

test.each([
	["function f() {", "a brace"],
	["const a = [1, 2", "a bracket"],
	["console.log((1)", "a parenthesis"],
	["const t = `text", "a back quote"],
	["if (true) {\n  1;\n", "a brace, some lines on"],
	["const o = { a: 1", "a brace of an object"],
])("%j lacks %s: the error shows the reader's own code alone", async (code) => {
	const lines = await shown(code);
	const own = code.split("\n");
	for (const line of lines) {
		const [, row, text] = /^[> ] *(\d+) \| (.*)$/.exec(line) ?? [];
		if (row) expect(own[Number(row) - 1]).toBe(text);
	}
	expect(lines.join("\n")).not.toMatch(/export|__tslab__|tslab/);
});

test.each([
	["a name that nearly is one", "import { lstmm } from 'unrolled'"],
	["no name of it", "import { nothingOfTheKind } from 'unrolled'"],
	["a name that it re-exports", "export { nothing } from 'unrolled'"],
])(
	"a module is called as it was imported, not by its file: %s",
	async (_, code) => {
		const { error } = await kernel.run(code);
		expect(error?.evalue).toMatch(/"unrolled"/);
		expect(plain(error?.traceback ?? [])).not.toMatch(/dist\/index/);
	},
);
