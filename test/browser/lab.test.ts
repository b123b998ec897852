import { cpSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { lookAt } from "./letters.ts";
import { openLab } from "./open.ts";
import { notebookState, redrawn } from "./page.ts";

const lesson = "00-welcome.ipynb";
const chart = ".vega-embed svg.marks";
const minutes = 60_000;

test("lesson 00 runs in JupyterLab in a real browser, and its chart is drawn", {
	timeout: 10 * minutes,
}, async (context) => {
	const { lab, page } = await openLab(context, "lessons", (folder) =>
		cpSync(join(project, "notebooks"), folder, { recursive: true }),
	);

	await page.goto(lab.url(`lab/tree/${lesson}?token=${lab.token}`));
	await page.getByText("TypeScript (Unrolled)").first().waitFor();
	expect(
		await page.locator(".jp-Dialog").count(),
		"a dialog asks something",
	).toBe(0);

	await page.getByRole("menuitem", { name: "Run", exact: true }).click();
	await page.getByText("Run All Cells", { exact: true }).click();

	let state = await notebookState(page);
	const failed = () =>
		state.cells.some(({ outputs }) =>
			outputs.some(({ type }) => type === "error"),
		);
	const isChart = ({ mimes }: { mimes: string[] }) =>
		mimes.includes("application/vnd.vegalite.v5+json");
	const firstChart = () =>
		state.cells.find(({ outputs }) => outputs.some(isChart));
	const ended = () =>
		state.status === "idle" && state.cells.every(({ ran }) => ran);
	const limit = Date.now() + 6 * minutes;
	const drafts = new Set<number>();
	while (!ended() && !failed() && Date.now() < limit) {
		await sleep(500);
		state = await notebookState(page);
		const chart = firstChart()?.outputs.find(isChart);
		if (chart && state.status === "busy") drafts.add(chart.size);
	}

	const outputs = state.cells.flatMap((cell) => cell.outputs);
	const errors = outputs.filter(
		({ type, name }) => type === "error" || name === "stderr",
	);
	expect(errors).toEqual([]);
	expect(state.kernel).toBe("TypeScript (Unrolled)");
	expect(state.cells.filter(({ ran }) => !ran)).toEqual([]);

	expect(drafts.size, "the chart grows while it trains").toBeGreaterThan(2);
	expect(firstChart()?.outputs.filter(isChart)).toHaveLength(1);

	const drawn = page.locator(chart).first();
	await showChart();
	const box = await drawn.boundingBox();
	expect(box?.width).toBeGreaterThan(200);
	expect(box?.height).toBeGreaterThan(100);
	expect((await lookAt(drawn)).wrong).toEqual([]);
	await sleep(2000); // scrolled to, it is drawn; then it rests
	expect(await redrawn(page, 3000), "drawn again").toBe(0);

	const picture = process.env.UNROLLED_SCREENSHOT;
	if (picture) await page.screenshot({ path: join(project, picture) });

	/** Scrolls to the cell of the chart, which is drawn only when in view. */
	async function showChart() {
		const cell = firstChart();
		if (!cell) throw new Error("no cell shows a Vega-Lite chart");
		await page.evaluate((source) => {
			const { content } = jupyterapp.shell.currentWidget;
			const at = [...content.model.cells].findIndex(
				(model) => model.sharedModel.getSource() === source,
			);
			content.activeCellIndex = at;
			return content.scrollToItem(at, "start");
		}, cell.source);
		await drawn.waitFor();
		await drawn.evaluate((svg) => svg.scrollIntoView({ block: "center" }));
	}
});
