import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel } from "./client.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
	await kernel.run("import { sep as slash } from 'node:path';\nlet q = 3;");
});
afterAll(() => kernel.stop());

test("an object takes an earlier cell's variable by its name alone", async () => {
	expect((await kernel.run("({ q, in: { slash } })")).text).toBe(
		"{ q: 3, in: { slash: '/' } }",
	);
	expect((await kernel.run("((q: string) => ({ q }))('own')")).text).toBe(
		"{ q: 'own' }",
	);
});

test("a pattern assigns to an earlier cell's variable", async () => {
	await kernel.run("({ q } = { q: 4 })");
	expect((await kernel.run("q")).text).toBe("4");
	await kernel.run("({ q = q + 1 } = {} as { q?: number })");
	expect((await kernel.run("q")).text).toBe("5");
});
