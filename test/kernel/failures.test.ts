/** No false green: whatever ends in an error reply has its error message and its number, and the tools see it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { inVenv, type Notebook, notebook } from "../lessons/notebooks.ts";
import { Kernel, type Outcome } from "./client.ts";
import { failures, sound } from "./failures.ts";
import { begin } from "./running.ts";

let kernel: Kernel;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const errorsOf = ({ outputs }: Outcome) =>
	outputs.filter(({ type }) => type === "error").map(({ content }) => content);

/** Runs a cell after one that has not failed, and one after it. */
async function numbered(code: string): Promise<Outcome> {
	const before = (await kernel.run("1")).reply.execution_count as number;
	const outcome = await kernel.run(code);
	expect(outcome.reply.execution_count).toBe(before + 1);
	expect((await kernel.run("'alive'")).text).toBe("'alive'");
	return outcome;
}

test.each(failures)("%s", async (_, code, ename, evalue) => {
	const outcome = await numbered(code);
	const errors = errorsOf(outcome);
	expect(errors).toHaveLength(1);
	expect(outcome.reply).toMatchObject({ status: "error", ...errors[0] });
	expect(errors[0].ename).toBe(ename);
	expect(errors[0].evalue).toContain(evalue);
	expect(errors[0].traceback).not.toEqual([]);
});

test.each(sound)("%s is no failure", async (_, code) => {
	const outcome = await numbered(code);
	expect(outcome.reply.status).toBe("ok");
	expect(errorsOf(outcome)).toEqual([]);
});

test.each([
	["a loop", "for (;;);"],
	["a wait", "await new Promise(() => {})"],
	[
		"a display that loops",
		"({ [Symbol.for('Jupyter.display')]() { for (;;); } })",
	],
	[
		"a toJSON that loops",
		"({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': { toJSON() { for (;;); } } }) })",
	],
	[
		"a getter that loops in what is thrown",
		"throw { get [Symbol.toStringTag]() { for (;;); } }",
	],
])("%s that is interrupted", async (_, code) => {
	const id = await begin(kernel, code);
	await new Promise((done) => setTimeout(done, 50));
	await kernel.request("control", "interrupt_request", {});
	const outcome = await kernel.end(id);
	expect(errorsOf(outcome)).toHaveLength(1);
	expect(outcome.reply).toMatchObject({
		status: "error",
		execution_count: expect.any(Number),
		...outcome.error,
	});
	expect((await kernel.run("'alive'")).text).toBe("'alive'");
});

test("what fails in silence, or in an expression of the front end's, says so in the reply alone", async () => {
	const silent = await kernel.run("throw null", { silent: true });
	expect(silent.reply).toMatchObject({ status: "error", ename: "Thrown" });
	expect(errorsOf(silent)).toEqual([]);
	const user_expressions = {
		circle:
			"(() => { const a: any = []; a.push(a); return { [Symbol.for('Jupyter.display')]: () => ({ 'application/json': a }) } })()",
		value: "6 * 7",
	};
	const { reply } = await kernel.run("1", { user_expressions });
	expect(reply).toMatchObject({
		status: "ok",
		user_expressions: {
			circle: { status: "error", ename: "TypeError" },
			value: { status: "ok", data: { "text/plain": "42" } },
		},
	});
});

test("nbclient sees each of them fail", async ({ signal }) => {
	const folder = join(project, "test/report/failures");
	mkdirSync(folder, { recursive: true });
	const file = join(folder, "failures.ipynb");
	const cells = [...failures, ...sound].map(([, code]) => code);
	writeFileSync(file, JSON.stringify(notebook(...cells)));
	const args = ["execute", "--allow-errors", "--inplace", file];
	const { code, output } = await inVenv("jupyter", args, { signal });
	expect(code, output).toBe(0);
	const ran = JSON.parse(readFileSync(file, "utf8")) as Notebook;
	const failed = ran.cells.map(({ outputs }) =>
		(outputs ?? []).some(({ output_type }) => output_type === "error"),
	);
	const wrong = [...failures, ...sound].filter(
		(_, at) => failed[at] !== at < failures.length,
	);
	expect(wrong).toEqual([]);
	expect(ran.cells.map((cell) => cell.execution_count)).toEqual(
		cells.map((_, at) => at + 1),
	);
});
