import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { notebook } from "../lessons/notebooks.ts";
import { openLab } from "./open.ts";
import { notebookState } from "./page.ts";

const minutes = 60_000;

/** What is typed, what is chosen when Tab was pressed, and what the cell holds then. */
const completed = [
	["do", "dogs", "dogs"],
	[
		'import { lst } from "unrolled"|||||||||||||||||||',
		"lstm",
		'import { lstm } from "unrolled"',
	],
	['import x from "unro"|', "unrolled", 'import x from "unrolled"'],
	[
		'import { helpful } from "./hel"|',
		"./helper",
		'import { helpful } from "./helper"',
	],
	['require("./hel")||', "./helper", 'require("./helper")'],
	['go("l")||', "left", 'go("left")'],
	["Math.hyp", "hypot", "Math.hypot"],
	["console.lo", "log", "console.log"],
] as const;

/** What is typed, and what Shift-Tab shows. */
const explained = [
	["go()|", /go\(where: "left" \| "right", steps\?: number\): void.*where/s],
	['go("left", )|', /go\(where.*steps/s],
	[
		'import { lstm } from "unrolled"; lstm()|',
		/lstm\(options: LstmOptions\).*hidden: number/s,
	],
	["Math.hypot", /square root/],
] as const;

test(
	"JupyterLab completes and explains what is typed, wherever the cursor is",
	async (context) => {
		const { lab, page } = await openLab(context, "asking", (folder) => {
			const cells = notebook(
				'let dogs = 1;\nfunction go(where: "left" | "right", steps = 1) {}',
				"",
			);
			writeFileSync(join(folder, "try.ipynb"), JSON.stringify(cells));
			writeFileSync(
				join(folder, "helper.ts"),
				"export function helpful() {}\n",
			);
		});
		await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
		await page.getByText("TypeScript (Unrolled)").first().waitFor();
		const ready = async () => (await notebookState(page)).status;
		await expect.poll(ready, { timeout: minutes }).toBe("idle");
		const editor = (at: number) =>
			page.locator(".jp-Notebook .jp-CodeCell").nth(at).locator(".cm-content");
		await editor(0).click();
		await page.keyboard.press("Control+Enter");
		await page.getByText("[1]:").first().waitFor();

		const asked = editor(1);
		for (const [typed, name, wanted] of completed) {
			await write(page, asked, typed);
			const item = page
				.locator(".jp-Completer-item:visible")
				.getByText(name, { exact: true });
			// JupyterLab forgets a completion that takes longer than a second; on a busy machine one presses again.
			await vi.waitFor(
				async () => {
					await page.keyboard.press("Tab");
					await item.first().waitFor({ timeout: 5000 });
				},
				{ timeout: minutes },
			);
			await item.first().click();
			await expect.poll(() => asked.textContent()).toBe(wanted);
		}
		for (const [typed, shown] of explained) {
			await write(page, asked, typed);
			await page.keyboard.press("Shift+Tab");
			const tip = page.locator(".jp-Tooltip");
			await tip.waitFor();
			await expect.poll(() => tip.textContent()).toMatch(shown); // shown first, filled a moment later
			await page.keyboard.press("Escape");
		}
	},
	5 * minutes,
);

/** Puts a text into a cell, and the cursor as many letters before its end as there are bars behind it. */
async function write(
	page: Page,
	editor: ReturnType<Page["locator"]>,
	marked: string,
): Promise<void> {
	const text = marked.replace(/\|+$/, "");
	await editor.click();
	await page.keyboard.press("Control+a");
	await page.keyboard.press("Delete");
	await page.keyboard.insertText(text);
	for (let at = text.length; at < marked.length; at++)
		await page.keyboard.press("ArrowLeft");
}
