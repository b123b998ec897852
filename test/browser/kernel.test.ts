import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { project } from "../../.setup/places.mjs";
import { notebook } from "../lessons/notebooks.ts";
import { openLab } from "./open.ts";
import { notebookState } from "./page.ts";

const cells = [
	"const before = 41;\nconsole.log('begun');\nfor (;;);",
	"before + 1",
	"Math.sq",
	`import { slider, output, column } from "@unrolled/kernel/widgets";
const rate = slider({ label: "rate", max: 10, step: 1, value: 2 });
const out = output();
rate.onChange((value) => out.show(\`the square of \${value} is \${value ** 2}\`));
column(rate, out)`,
	`import { anywidget } from "@unrolled/kernel/widgets";
const esm = \`export default { render({ model, el }) {
	const button = document.createElement("button");
	button.className = "counter";
	const show = () => { button.textContent = "pressed " + model.get("presses") + " times"; };
	button.addEventListener("click", () => { model.set("presses", model.get("presses") + 1); model.save_changes(); });
	model.on("change:presses", show);
	show();
	el.append(button);
} }\`;
anywidget({ esm, css: ".counter { padding: 1em }", state: { presses: 0 } })`,
];

test("JupyterLab runs, interrupts, completes, explains, moves a slider, presses a button of anywidget's and restarts", async (context) => {
	const { lab, page } = await openLab(context, "kernel", (folder) =>
		writeFileSync(
			join(folder, "try.ipynb"),
			JSON.stringify(notebook(...cells)),
		),
	);
	await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
	await page.getByText("TypeScript (Unrolled)").first().waitFor();
	let pictures = 0;
	/** Kept for those who want to see it: test/report/browser/kernel/1-interrupted.png … */
	const picture = (name: string) =>
		page.screenshot({
			path: join(
				project,
				`test/report/browser/kernel/${++pictures}-${name}.png`,
			),
		});
	const cell = (at: number) =>
		page.locator(".jp-Notebook .jp-CodeCell").nth(at);
	const editor = (at: number) => cell(at).locator(".cm-content");
	async function run(at: number) {
		await editor(at).click();
		await page.keyboard.press("Control+Enter");
	}
	const until = async (status: string) =>
		expect
			.poll(async () => (await notebookState(page)).status, { timeout: 60_000 })
			.toBe(status);
	await until("idle");

	await run(0);
	await cell(0).locator(".jp-OutputArea").getByText("begun").waitFor();
	await page.getByRole("button", { name: /Interrupt the kernel/ }).click();
	await cell(0).getByText("Interrupted: The cell was interrupted").waitFor();
	await until("idle");
	await run(1);
	await cell(1)
		.locator(".jp-OutputArea-executeResult")
		.getByText("42", { exact: true })
		.waitFor();
	await picture("interrupted");

	await editor(2).click();
	await page.keyboard.press("End");
	const completion = page.locator(".jp-Completer").getByText("sqrt");
	// JupyterLab forgets a completion that takes longer than a second; on a busy machine one presses again.
	await vi.waitFor(
		async () => {
			await page.keyboard.press("Tab");
			await completion.waitFor({ timeout: 5000 });
		},
		{ timeout: 60_000 },
	);
	await picture("completed");
	await page.keyboard.press("Enter");
	await expect.poll(() => editor(2).textContent()).toBe("Math.sqrt");
	await page.keyboard.press("Shift+Tab");
	await page.locator(".jp-Tooltip").getByText("square root").waitFor();
	await picture("explained");
	await page.keyboard.press("Escape");

	await run(3);
	const handle = cell(3).locator(".noUi-handle");
	await handle.waitFor();
	await handle.focus();
	await page.keyboard.press("ArrowRight");
	await cell(3).getByText("the square of 3 is 9").waitFor();
	await picture("slider");
	await run(4);
	await cell(4).getByText("pressed 0 times").click();
	await cell(4).getByText("pressed 1 times").waitFor();
	await picture("anywidget");

	await page
		.getByRole("button", { name: "Restart the kernel", exact: true })
		.click();
	await page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
	await until("idle");
	await run(1);
	await cell(1).getByText("Cannot find name").first().waitFor();
	await picture("restarted");
}, 300_000);
