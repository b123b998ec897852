import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EARLIER, FILES, ways } from "../kernel/ways.ts";
import { notebook } from "../lessons/notebooks.ts";
import { openLab } from "./open.ts";
import { notebookState } from "./page.ts";

/** Every other way to wait or loop; test/kernel/stopped.test.ts has all of them, without a page. */
const chosen = Object.entries(ways).filter((_, at) => at % 2 === 0);
const COUNTS = "JSON.stringify(count)";

test("what is stopped in JupyterLab is dead, however it waits or loops, and what earlier cells began goes on", {
	timeout: 300_000,
}, async (context) => {
	const codes = chosen.map(([, code], at) =>
		code.replaceAll("count.n", `count.n${at}`),
	);
	const { lab, page } = await openLab(context, "stopped", (folder) => {
		for (const [name, text] of Object.entries(FILES))
			writeFileSync(join(folder, name), text);
		const text = JSON.stringify(notebook(EARLIER, COUNTS, ""));
		writeFileSync(join(folder, "stopped.ipynb"), text);
	});
	await page.goto(lab.url(`lab/tree/stopped.ipynb?token=${lab.token}`));
	await page.getByText("TypeScript (Unrolled)").first().waitFor();
	const status = async () => (await notebookState(page)).status;
	const idle = () => expect.poll(status, { timeout: 60_000 }).toBe("idle");
	await idle();

	/** Runs a cell by the page's own command; stops it by the page's own when it has run for a while. Gives its outputs. */
	const run = (index: number, text?: string, stopAfter?: number) =>
		page.evaluate(
			async ([index, text, stopAfter]) => {
				const { content } = jupyterapp.shell.currentWidget;
				content.activeCellIndex = index;
				const { model } = content.activeCell;
				if (text !== undefined) model.sharedModel.setSource(text);
				const over = jupyterapp.commands.execute("notebook:run-cell");
				if (stopAfter !== undefined) {
					const begun = () => JSON.stringify(model.outputs?.toJSON());
					while (!begun().includes("begun"))
						await new Promise((done) => setTimeout(done, 20));
					await new Promise((done) => setTimeout(done, stopAfter));
					await jupyterapp.commands.execute("notebook:interrupt-kernel");
				}
				await over;
				return JSON.stringify(model.outputs?.toJSON());
			},
			[index, text, stopAfter] as const,
		);
	const counts = async (): Promise<Record<string, number>> => {
		const [{ data }] = JSON.parse(await run(1));
		return JSON.parse([data["text/plain"]].flat().join("").slice(1, -1));
	};

	await run(0);
	const zero = codes.map((_, at) => `count.n${at} = 0;`).join(" ");
	await run(2, zero);
	const wrong: string[] = [];
	for (const [at, [name]] of chosen.entries()) {
		const outputs = await run(2, `console.log("begun");\n${codes[at]}`, 100);
		if (!outputs.includes("Interrupted")) wrong.push(`${name}: ${outputs}`);
	}
	await idle();
	const before = await counts();
	await page.waitForTimeout(2000);
	const after = await counts();
	for (const [at, [name]] of chosen.entries())
		if (before[`n${at}`] !== after[`n${at}`]) wrong.push(`${name} goes on`);
	expect(after.n).toBe(before.n);
	expect(wrong).toEqual([]);
	for (const alive of ["interval", "printed"])
		expect(after[alive], alive).toBeGreaterThan(before[alive]);
});
