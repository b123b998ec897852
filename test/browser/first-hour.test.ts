import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, type TestContext, test } from "vitest";
import { languageInfo } from "../../.setup/language.mjs";
import { deliver, reset } from "../../.setup/lessons.mjs";
import { project } from "../../.setup/places.mjs";
import { notebook } from "../lessons/notebooks.ts";
import { startLabIn } from "../setup/lab.ts";
import { browserOrSkip } from "./open.ts";
import { command, notebookState, openPage } from "./page.ts";

const pictures = join(project, "test/report/browser/first-hour");
const lesson = "00-welcome.ipynb";
const minute = 60_000;

const current = (page: Page) =>
	page.evaluate(() => {
		const context = jupyterapp.shell.currentWidget?.context;
		return { path: context?.path, unsaved: context?.model.dirty };
	});

/** JupyterLab on a folder of copies, and a page on what it opens by itself. */
async function begin(context: TestContext, work: string, ...options: string[]) {
	const browser = browserOrSkip(context);
	const lab = await startLabIn(
		work,
		"--LabApp.expose_app_in_browser=True",
		...options,
	);
	context.onTestFinished(() => void lab.npm.kill("SIGTERM"));
	const page = await openPage(browser);
	context.onTestFinished(() => page.context().close());
	await page.goto(lab.url(`?token=${lab.token}`));
	return { lab, page };
}

/** Until the notebook in front is drawn and its kernel idle. */
const ready = (page: Page) =>
	expect
		.poll(
			() =>
				notebookState(page).then(
					(state) => state.status,
					() => "not yet",
				),
			{ timeout: minute },
		)
		.toBe("idle");

async function picture(page: Page, name: string) {
	mkdirSync(pictures, { recursive: true });
	await page.screenshot({ path: join(pictures, `${name}.png`) });
}

const idsOf = (file: string): string[] =>
	JSON.parse(readFileSync(file, "utf8")).cells.map(
		(cell: { source: string | string[] }) => [cell.source].flat().join(""),
	);

test(
	"a learner's first hour: the course opens, work is saved, kept by an update and brought back by a reset",
	async (context) => {
		const root = mkdtempSync(join(tmpdir(), "unrolled-"));
		const folders = {
			notebooks: join(root, "notebooks"),
			work: join(project, "test/report/browser/work"),
		};
		rmSync(folders.work, { recursive: true, force: true });
		cpSync(join(project, "notebooks"), folders.notebooks, { recursive: true });
		const language = await languageInfo(project);
		const copy = join(folders.work, lesson);

		// It opens on the first lesson, and opening changes nothing.
		const { page } = await begin(context, folders.work);
		await ready(page);
		expect(await current(page)).toEqual({ path: lesson, unsaved: false });
		const before = readFileSync(copy, "utf8");
		expect(await page.locator(".jp-Dialog").count()).toBe(0);
		const items = page.locator(".jp-DirListing-itemText:visible");
		await items.nth(1).waitFor();
		const names = await items.evaluateAll((items) =>
			items.map((item) => ({
				name: item.textContent,
				cut: item.scrollWidth > item.clientWidth,
			})),
		);
		expect(names.filter(({ cut }) => cut)).toEqual([]);
		for (const theme of ["Light", "Dark"]) {
			await command(page, "apputils:change-theme", {
				theme: `JupyterLab ${theme}`,
			});
			for (const width of [1024, 1600]) {
				await page.setViewportSize({ width, height: 900 });
				await page.waitForTimeout(500);
				await picture(page, `opened-${theme.toLowerCase()}-${width}`);
			}
		}
		await command(page, "docmanager:save"); // nothing to save, and nothing saved
		expect(JSON.parse(readFileSync(copy, "utf8"))).toEqual(JSON.parse(before));

		// A learner is offered TypeScript, and no teacher's menus.
		const menus = await page.locator(".lm-MenuBar-itemLabel").allTextContents();
		expect(menus).not.toContain("Nbgrader");
		expect(await page.getByText(/Validate|Create Assignment/).count()).toBe(0);
		await command(page, "launcher:create");
		const cards = page.locator(".jp-LauncherCard-label");
		await cards.first().waitFor();
		const kernels = (await cards.allTextContents()).filter((label) =>
			/python|typescript/i.test(label),
		);
		expect(new Set(kernels)).toEqual(new Set(["TypeScript (Unrolled)"]));
		await picture(page, "launcher");

		// A notebook of one's own beside the lessons; nobody is asked for a kernel.
		await cards.filter({ hasText: "TypeScript" }).first().click();
		await ready(page);
		const editor = page.locator(".jp-Notebook:visible .cm-content").first();
		await editor.click();
		await page.keyboard.type('import { lstm } from "unrolled"; lstm.name');
		await page.keyboard.press("Control+Enter");
		await page.getByText("'lstm'", { exact: true }).waitFor();
		const saveAsNamed = async () => {
			await page.keyboard.press("Control+S");
			await page.locator(".jp-Dialog").waitFor(); // it asks for a name
			await page.keyboard.press("Enter");
			await expect.poll(async () => (await current(page)).unsaved).toBe(false);
		};
		await saveAsNamed();
		const own = (await current(page)).path ?? "";
		expect(existsSync(join(folders.work, own))).toBe(true);

		// One from the menu begins with TypeScript too, without a question.
		const menuItem = (name: string) =>
			page.locator(".lm-Menu-item", {
				has: page.locator(".lm-Menu-itemLabel", { hasText: name }),
			});
		await page.locator(".lm-MenuBar-itemLabel").getByText("File").click();
		await menuItem("New").first().click();
		await menuItem("Notebook").last().click();
		await expect.poll(async () => (await current(page)).path).not.toBe(own);
		await ready(page);
		expect(await page.locator(".jp-Dialog").count()).toBe(0);
		expect(
			await page.locator(".jp-Toolbar-kernelName:visible").textContent(),
		).toBe("TypeScript (Unrolled)");
		await saveAsNamed();

		// A change of the learner's, saved and closed.
		await command(page, "docmanager:open", { path: lesson });
		await ready(page);
		await command(page, "notebook:insert-cell-above");
		await page.keyboard.press("Enter");
		await page.keyboard.type("// mine");
		await command(page, "docmanager:save");
		await expect.poll(() => idsOf(copy)).toContain("// mine");
		await command(page, "application:close-all");

		// The project changes that lesson and another one.
		for (const name of [lesson, "01-neurons-and-nets.ipynb"]) {
			const file = join(folders.notebooks, name);
			const changed = JSON.parse(readFileSync(file, "utf8"));
			changed.cells[0].source = ["# Changed\n"];
			writeFileSync(file, JSON.stringify(changed));
		}
		const said: string[] = [];
		deliver(folders, language, (line) => said.push(line));
		expect(said.join("\n")).toContain(`Kept as you left them, though`);
		expect(idsOf(copy)).toContain("// mine");
		expect(idsOf(join(folders.work, "01-neurons-and-nets.ipynb"))[0]).toBe(
			"# Changed\n",
		);

		// Reset: the lesson as it is now, the learner's beside it.
		const { kept } = reset(folders, "00", language);
		expect(idsOf(join(folders.work, kept ?? ""))).toContain("// mine");
		await command(page, "docmanager:open", { path: lesson });
		await ready(page);
		await page.getByRole("heading", { name: "Changed" }).waitFor();
		expect((await current(page)).unsaved).toBe(false);
		expect(existsSync(join(folders.work, own))).toBe(true);
		await picture(page, "reset");
	},
	5 * minute,
);

test(
	"a teacher who asks gets nbgrader's menus, and a notebook outside the clone imports the course's packages",
	async (context) => {
		const outside = mkdtempSync(join(tmpdir(), "a course "));
		const source =
			'import { random } from "unrolled";\nimport { parity } from "@unrolled/datasets";\nimport { slider } from "@unrolled/kernel/widgets";\n[typeof random, typeof parity, typeof slider].join(" ")';
		writeFileSync(
			join(outside, "mine.ipynb"),
			JSON.stringify(notebook(source)),
		);
		const { lab, page } = await begin(
			context,
			join(project, "test/report/work"),
			"--teacher",
			`--ServerApp.root_dir=${outside}`,
		);
		await page.goto(lab.url(`lab/tree/mine.ipynb?token=${lab.token}`));
		await ready(page);
		await page.locator(".lm-MenuBar-itemLabel").getByText("Nbgrader").waitFor();
		await picture(page, "teacher");
		await command(page, "runmenu:run-all");
		await page.getByText("'function function function'").waitFor();
	},
	3 * minute,
);
