import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { type TestContext, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { gradeClass } from "../course/class.ts";
import type { Course } from "../course/nbgrader.ts";
import { answers, anyPort } from "../setup/lab.ts";
import { browserOrSkip } from "./open.ts";
import { openPage } from "./page.ts";

const pictures = join(project, "test/report/browser/teacher");

/** `./course lab`, and a page on it. */
async function openCourse(
	course: Course,
	browser: string,
	context: TestContext,
) {
	const port = await anyPort();
	const token = "a-token-for-the-test";
	const lab = spawn(
		join(course.folder, "course"),
		[
			...["lab", "--no-browser", `--port=${port}`],
			`--IdentityProvider.token=${token}`,
			`--LabApp.workspaces_dir=${join(course.folder, "workspaces")}`,
			`--LabApp.user_settings_dir=${join(course.folder, "settings")}`,
		],
		{ cwd: course.folder, stdio: "ignore" },
	);
	context.onTestFinished(() => void lab.kill("SIGTERM"));
	const url = `http://127.0.0.1:${port}`;
	await answers(`${url}/api/status?token=${token}`);
	const page = await openPage(browser);
	context.onTestFinished(() => page.context().close());
	await page.goto(`${url}/lab?token=${token}`);
	return page;
}

/** Chooses an item of nbgrader's menu, which opens a tab. */
async function choose(page: Page, item: string) {
	await page.locator(".lm-MenuBar-itemLabel").getByText("Nbgrader").click();
	await page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click(); // biome-ignore format: one line
}

const picture = (page: Page, name: string) =>
	page.screenshot({ path: join(pictures, `${name}.png`) });

test("a teacher sees in the assignment list and in Formgrader what was released", async (context) => {
	const browser = browserOrSkip(context);
	mkdirSync(pictures, { recursive: true });
	const { course } = await gradeClass(({ name }) => name === "by-heart");
	await course.run(["nbgrader", "release_assignment", "abuse"]);
	const page = await openCourse(course, browser, context);

	await choose(page, "Assignment List");
	const released = page.locator("#released_assignments_list");
	await released.getByText("abuse").waitFor();
	await picture(page, "assignment-list");

	await choose(page, "Formgrader");
	const frame = page.frameLocator("iframe");
	const row = (name: string) => frame.locator("tbody tr", { hasText: name });
	await row("abuse").getByText("released").waitFor();
	await picture(page, "formgrader");
}, 300_000);
