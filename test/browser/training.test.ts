import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { notebook } from "../lessons/notebooks.ts";
import { openLab } from "./open.ts";
import { beginCommand, notebookState } from "./page.ts";

const training = `const forever = fit(loss, { weights: model.weights, optimiser: adam(), steps: 1e9 });
await follow(display, forever, {
	steps: 1e9,
	async each({ step }) {
		seen.steps++;
		if (step % 20 === 0) display(\`step \${step}, rate \${rate.value}\`, { id: "progress" });
		await new Promise((done) => setTimeout(done, 5));
	},
})`;
const cells = [
	`import { display } from "@unrolled/kernel";
import { slider } from "@unrolled/kernel/widgets";
import { follow } from "unrolled/plot";
import { adam, fit, lstm, meanSquaredError, ones, random, unroll, zeros } from "unrolled";
const seen = { steps: 0 };
const model = unroll(lstm({ inputs: 2, hidden: 3, random: random(1) }));
const loss = () => meanSquaredError(model.apply(ones([4, 2, 2])), zeros([4, 2, 3]));
const rate = slider({ label: "rate", max: 10, step: 1, value: 2 });
rate`,
	training,
	"console.log(seen.steps)",
	"throw new Error('in the middle')",
	...Array.from({ length: 40 }, (_, at) => `console.log("behind ${at}")`),
];

test("in JupyterLab a slider moves while a cell trains, a training that is stopped is dead, and an error stops Run All", async (context) => {
	const { lab, page } = await openLab(context, "training", (folder) =>
		writeFileSync(
			join(folder, "train.ipynb"),
			JSON.stringify(notebook(...cells)),
		),
	);
	await page.goto(lab.url(`lab/tree/train.ipynb?token=${lab.token}`));
	await page.getByText("TypeScript (Unrolled)").first().waitFor();
	const cell = (at: number) =>
		page.locator(".jp-Notebook .jp-CodeCell").nth(at);
	async function run(at: number) {
		await cell(at).locator(".cm-content").click();
		await page.keyboard.press("Control+Enter");
	}
	/** What the cell counts has come to rest. */
	async function atRest() {
		await until("idle");
		await run(2);
		await expect.poll(() => said(2), patient).toMatch(/\d/);
		const steps = await said(2);
		await page.waitForTimeout(1500);
		await run(2);
		await expect.poll(() => said(2), patient).toBe(steps);
	}
	const stop = () =>
		page.getByRole("button", { name: /Interrupt the kernel/ }).click();
	const patient = { timeout: 60_000 };
	const until = async (status: string) =>
		expect
			.poll(async () => (await notebookState(page)).status, patient)
			.toBe(status);
	const said = async (at: number) => {
		const { cells } = await notebookState(page);
		return cells[at].outputs.map(({ text }) => text).join("");
	};
	await until("idle");
	await run(0);
	const handle = cell(0).locator(".noUi-handle");
	await handle.waitFor({ timeout: 60_000 });

	for (let round = 0; round < 2; round++) {
		await run(1);
		await cell(1)
			.getByText(/step \d+, rate/)
			.first()
			.waitFor();
		await handle.focus();
		await page.keyboard.press("ArrowRight");
		await cell(1)
			.getByText(new RegExp(`step \\d+, rate ${3 + round}`))
			.waitFor({ timeout: 30_000 });
		await page.screenshot({
			path: join(
				project,
				`test/report/browser/training/${round}-slider-while-training.png`,
			),
		});
		await stop();
		await cell(1).getByText("Interrupted: The cell was interrupted").waitFor();
		await cell(1)
			.getByText(/stopped at step \d+ of 1000000000 · after/)
			.waitFor();
		expect(await said(1)).not.toContain("left");
		// so do the charts, which are finished ones with their stills
		const { outputs } = (await notebookState(page)).cells[1];
		const charts = outputs.filter(({ mimes }) =>
			mimes.includes("application/vnd.vegalite.v5+json"),
		);
		expect(charts[0].text).toMatch(
			/^The loss goes from .* nats in \d+ of 1000000000 steps\n/,
		);
		expect(charts.map(({ size }) => size > 10_000)).toEqual([true, true]);
		await atRest();
	}

	// A page that is loaded again finds the kernel at work, with the outputs that were saved, and stops it.
	await run(1);
	await cell(1)
		.getByText(/step \d+, rate/)
		.first()
		.waitFor();
	await page.keyboard.press("Control+s");
	await page.waitForTimeout(500);
	page.on("dialog", (dialog) => void dialog.accept()); // whether to leave what is not saved
	await page.reload();
	await cell(1).waitFor();
	await until("busy");
	await cell(1)
		.getByText(/step \d+, rate/)
		.first()
		.waitFor();
	await page.screenshot({
		path: join(project, "test/report/browser/training/reloaded.png"),
	});
	await stop();
	await atRest();

	await cell(3).locator(".cm-content").click();
	await beginCommand(page, "notebook:run-all-below");
	await cell(3).getByText("Error: in the middle").first().waitFor();
	await page.waitForTimeout(2000);
	await until("idle");
	const { cells: after } = await notebookState(page);
	expect(after.slice(4).filter(({ ran }) => ran)).toEqual([]);
}, 300_000);
