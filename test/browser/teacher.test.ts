import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, type TestContext, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { gradeClass } from "../course/class.ts";
import type { Course } from "../course/nbgrader.ts";
import { answers, labOptions, serve } from "../setup/lab.ts";
import { browserOrSkip } from "./open.ts";
import { openPage } from "./page.ts";

const pictures = join(project, "test/report/browser/teacher");

/** `./course lab`, and a page on it. */
async function openCourse(
	course: Course,
	browser: string,
	context: TestContext,
) {
	const { token, url, options } = await labOptions();
	const lab = serve(join(course.folder, "course"), ["lab", ...options], {
		cwd: course.folder,
		stdio: ["ignore", "pipe", "pipe"],
	});
	context.onTestFinished(() => void lab.program.kill("SIGTERM"));
	await answers(lab, url(`api/status?token=${token}`));
	const page = await openPage(browser);
	context.onTestFinished(() => page.context().close());
	await page.goto(url(`lab?token=${token}`));
	return page;
}

/** Chooses an item of nbgrader's menu, which opens a tab, or the one that is open. */
async function choose(page: Page, item: string) {
	await page.locator(".lm-MenuBar-itemLabel").getByText("Nbgrader").click();
	await page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click(); // biome-ignore format: one line
}

const picture = (page: Page, name: string) =>
	page.screenshot({ path: join(pictures, `${name}.png`) });

/** What a teacher does in Formgrader. */
function formgrader(page: Page) {
	const frame = page.frameLocator("iframe");
	const row = (name: string) => frame.locator("tbody tr", { hasText: name });
	const link = (name: string) =>
		frame.getByRole("link", { name, exact: true }).click();
	return {
		frame,
		row,
		link,
		/** Clicks the sign of a column in a row, and waits for the message of what was done. */
		async act(name: string, column: string, message: string) {
			await row(name).locator(`.${column} a`).click();
			await frame.getByText(message).waitFor();
			await frame.locator(".modal.in .modal-footer .close").click();
			await frame.locator(".modal.in").waitFor({ state: "detached" });
		},
		/** The table of an assignment's submissions. */
		async submissions(assignment: string) {
			await link("Manage Assignments");
			await row(assignment).locator(".num-submissions a").click();
		},
		/** Types into a field of a submission's page, which is then saved. */
		async type(id: string, text: string, saved: "grade" | "comment") {
			const answer = page.waitForResponse(
				(one) =>
					one.url().includes(`/api/${saved}/`) &&
					one.request().method() === "PUT",
			);
			const field = frame.locator(`[id="${id}"]`);
			await field.fill(text);
			await field.press("Tab");
			expect((await answer).status()).toBe(200);
		},
	};
}

test("a teacher releases, collects, grades by hand and gives feedback in the browser", async (context) => {
	const browser = browserOrSkip(context);
	mkdirSync(pictures, { recursive: true });
	const { course } = await gradeClass(({ name }) => name === "by-heart");
	await course.run(["nbgrader", "release_assignment", "abuse"]);
	// nbgrader keeps what somebody submitted for all courses of a project
	appendFileSync(
		join(course.folder, "nbgrader_config.py"),
		'c.Exchange.cache = os.path.join(here, "cache")\n',
	);
	const page = await openCourse(course, browser, context);

	// as a student, who has the same list
	await choose(page, "Assignment List");
	const list = (name: string) => page.locator(`#${name}_assignments_list`);
	const button = (name: string) => page.getByRole("button", { name });
	await list("released").getByText("abuse").waitFor();
	await list("released").locator(button("Fetch")).click();
	await list("fetched").locator(button("Submit")).click();
	await list("submitted").getByText("abuse").first().waitFor();
	await picture(page, "assignment-list");

	await choose(page, "Formgrader");
	const { frame, row, link, act, submissions, type } = formgrader(page);
	await row("abuse").getByText("released").waitFor();
	await act("abuse", "collect", "Successfully collected");
	await row("abuse").locator(".num-submissions").getByText("2").waitFor();
	await picture(page, "formgrader");

	await submissions("abuse");
	await row("by-heart").getByText("graded", { exact: true }).waitFor();
	expect(await row("by-heart").locator(".score").innerText()).toBe("3 / 5");
	await picture(page, "submissions");

	await row("by-heart").locator(".student-name a").click();
	await row("abuse").locator(".name a").click();
	await frame.getByText("square is wrong with other arguments").first().waitFor(); // biome-ignore format: one line
	await frame.locator('[id="square-check"][placeholder="0"]').waitFor();
	await type("square-check", "1.5", "grade");
	await type("square-comment", "By **heart**, was it?", "comment");
	await picture(page, "submission");

	await link("Manual Grading");
	await submissions("abuse");
	await row("by-heart").locator(".score").getByText("4.5 / 5").waitFor();
	await act("by-heart", "generate-feedback", "Successfully generated feedback");
	expect(await course.points()).toMatchObject({ "by-heart": 4.5 });
	const feedback = readFileSync(
		join(course.folder, "feedback/by-heart/abuse/abuse.html"),
		"utf8",
	);
	expect(feedback).toContain("By <strong>heart</strong>, was it?");
	expect(feedback).toMatch(/\b4\.5\s*\/\s*5/);
}, 300_000);
