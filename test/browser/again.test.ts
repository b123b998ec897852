import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { openLab } from "./open.ts";
import { notebookState } from "./page.ts";

interface Cell {
	cell_type: string;
	source: string | string[];
	metadata: { unrolled?: { solution: string | string[] } };
}
const lesson = JSON.parse(
	readFileSync(join(project, "notebooks/01-neurons-and-nets.ipynb"), "utf8"),
) as { cells: Cell[] };
const textOf = (source: string | string[]) => [source].flat().join("");
const codes = lesson.cells.filter(({ cell_type }) => cell_type === "code");
/** The place of the first code cell with a text in it. */
const at = (text: string) =>
	codes.findIndex(({ source }) => textOf(source).includes(text));

test("cells of a lesson are run again, out of order and changed, in JupyterLab", {
	timeout: 300_000,
}, async (context) => {
	const own = "const half = () => 1 / 2; const twice = () => half() * 2;";
	const last = ["console.log(twice())", "half = 3", "const half = () => 3"];
	const more = [own, ...last].map((source, index) => ({
		id: `more-${index}`,
		cell_type: "code",
		source,
		metadata: {},
		outputs: [],
		execution_count: null,
	}));
	const { lab, page } = await openLab(context, "again", (folder) =>
		writeFileSync(
			join(folder, "again.ipynb"),
			JSON.stringify({ ...lesson, cells: [...codes, ...more] }),
		),
	);
	await page.goto(lab.url(`lab/tree/again.ipynb?token=${lab.token}`));
	await page.getByText("TypeScript (Unrolled)").first().waitFor();
	const status = async () => (await notebookState(page)).status;
	await expect.poll(status, { timeout: 60_000 }).toBe("idle");

	/** Runs a cell, with another text if one is given, and gives the text of its outputs. */
	async function run(index: number, text?: string): Promise<string> {
		// A person needs longer between two presses than Run All between two cells, which the kernel aborts after an error.
		await page.waitForTimeout(250);
		await page.evaluate(
			async ([index, text]) => {
				const { content } = jupyterapp.shell.currentWidget;
				content.activeCellIndex = index;
				if (text !== undefined)
					content.activeCell.model.sharedModel.setSource(text);
				await jupyterapp.commands.execute("notebook:run-cell");
			},
			[index, text] as const,
		);
		await expect.poll(status, { timeout: 60_000 }).toBe("idle");
		const { cells } = await notebookState(page);
		return cells[index].outputs.map(({ text }) => text).join("\n");
	}

	const [imports, answer, check] = [0, at("slopeOfSigma"), at("Slope of σ")];
	await run(imports);
	expect(await run(check)).toContain("Cannot find name 'slopeOfSigma'");
	await run(answer);
	await run(check);
	const { solution } = codes[answer].metadata.unrolled ?? { solution: "" };
	await run(answer, textOf(solution));
	const right = await run(check);
	expect(right).toContain("right");
	for (let again = 0; again < 3; again++) {
		expect(await run(check)).toBe(right);
		await run(answer);
		await run(imports);
	}
	await run(answer, "function slopeOfSigma(z: number) { return 1 }");
	expect(await run(check)).not.toBe(right);
	await run(answer, textOf(solution));
	expect(await run(check)).toBe(right);

	const first = codes.length;
	await run(first);
	expect(await run(first + 1)).toBe("1\n");
	expect(await run(first + 2)).toContain("Cannot assign to 'half'");
	await run(first + 3);
	expect(await run(first + 1)).toBe("6\n");
	// Run All stops at an error; who presses once the error is seen is answered, without a wait.
	const [failing, behind] = [first + 2, first + 3];
	const shown = await page.evaluate(
		async ([failing, behind]) => {
			const { content } = jupyterapp.shell.currentWidget;
			const model = (index: number) => content.widgets[index].model;
			const text =
				"await new Promise((done) => setTimeout(done, 300)); throw new Error('here');";
			model(failing).sharedModel.setSource(text);
			await jupyterapp.commands.execute("notebook:run-all-cells");
			const skipped = model(behind).executionCount;
			content.activeCellIndex = behind;
			await jupyterapp.commands.execute("notebook:run-cell");
			return { skipped, pressed: model(behind).executionCount };
		},
		[failing, behind] as const,
	);
	expect(shown).toEqual({ skipped: null, pressed: expect.any(Number) });

	await page.screenshot({
		path: join(project, "test/report/browser/again/again.png"),
	});
});
