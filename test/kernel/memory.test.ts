/** What a cell costs in memory ends with it, however it ends. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
	await kernel.run(`
		import v8 from "node:v8";
		import vm from "node:vm";
		import { display, json } from "@unrolled/kernel";
		v8.setFlagsFromString("--expose-gc");
		const collect: () => void = vm.runInNewContext("gc");
		const pause = () => new Promise((done) => setTimeout(done, 20));
		const large = () => new Array(500_000).fill(Math.random());`);
});
afterAll(() => kernel.stop());

/** Megabytes that are in use when all is collected that can be. */
async function used(): Promise<number> {
	const { text } = await kernel.run(
		"collect(); await pause(); collect(); const { heapUsed, external } = process.memoryUsage(); heapUsed + external",
	);
	return Number(text) / 2 ** 20;
}

const MEGABYTES = 4; // of each
const CELLS = 12;

test.each([
	["a value", "large()", {}],
	["a long text", "String(large())", {}],
	["a print", "console.log('x'.repeat(4_000_000))", {}],
	["a display", "display({ 'text/html': 'x'.repeat(4_000_000) })", {}],
	["a throw", "throw Object.assign(new Error('x'), { list: large() })", {}],
	["a thrown value", "throw large()", {}],
	[
		"a throw of what closes over it",
		"{ const list = large(); throw Object.assign(new Error('x'), { get: () => list }) }",
		{},
	],
	[
		"a rejection",
		"{ const list = large(); Promise.reject(Object.assign(new Error('x'), { get: () => list })) }",
		{},
	],
	["a wait", "{ const list = large(); await null; list.length }", {}],
	[
		"a timer that has ended",
		"{ const list = large(); setTimeout(() => list.length, 1); await pause() }",
		{},
	],
	[
		"a display that fails",
		"({ list: large(), [Symbol.for('Jupyter.display')]() { throw null } })",
		{},
	],
	[
		"a circle in JSON",
		"{ const a: any = { list: large() }; a.a = a; json(a) }",
		{},
	],
	["a name that is declared again", "let again = large(); 0", {}],
	["silence", "large()", { silent: true }],
	[
		"an expression of the front end's",
		"1",
		{ user_expressions: { x: "large()" } },
	],
])("%s", async (_, code, more) => {
	await kernel.run(code, more);
	const before = await used();
	for (let n = 0; n < CELLS; n++) await kernel.run(code, more);
	expect((await used()) - before).toBeLessThan((CELLS * MEGABYTES) / 4);
});

test("and what is kept on purpose is seen by these tests", async () => {
	await kernel.run("const kept: number[][] = []");
	const before = await used();
	for (let n = 0; n < CELLS; n++) await kernel.run("kept.push(large())");
	expect((await used()) - before).toBeGreaterThan((CELLS * MEGABYTES) / 2);
});
