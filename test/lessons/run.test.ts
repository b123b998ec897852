import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";
import { browserOrSkip } from "../browser/open.ts";
import { openPage } from "../browser/page.ts";
import { type Executed, execute, findingsOf } from "./execute.ts";
import { inVenv, lessons, notebooks, type Output, text } from "./notebooks.ts";
import { tableOf } from "./table.ts";

test("there are lessons", () => {
	expect(lessons).not.toEqual([]);
});

const kept = join(project, "test/report/lessons");
const executed = new Map<string, Executed>();

// One thread for each lesson, and as many lessons at once as vitest.config.ts allows.
test.concurrent.each(notebooks)(
	"%s runs from top to bottom through the kernel, and its findings hold",
	async (lesson) => {
		executed.set(lesson, await execute(lesson, { keep: "lessons" }));
	},
	20 * 60_000,
);

/** Shows the table in the last lines of `npm test`. */
afterAll(() => {
	const { lessonTable } = places(project);
	mkdirSync(dirname(lessonTable), { recursive: true });
	writeFileSync(lessonTable, tableOf([...executed.values()]));
});

/** Keeps the picture of each lesson's cover, test/report/lessons/00-welcome.png, from where the README's may be copied. */
afterAll(() => {
	for (const { lesson, notebook } of executed.values())
		for (const { metadata, outputs = [] } of notebook.cells)
			if (metadata.tags?.includes("cover"))
				writeFileSync(
					join(kept, lesson.replace(".ipynb", ".png")),
					String(outputs.find(hasStill)?.data?.["image/png"]),
					"base64",
				);
});

const hasStill = ({ data }: Output) => data?.["image/png"] !== undefined;
const isPicture = (output: Output) =>
	hasStill(output) ||
	Object.keys(output.data ?? {}).some((type) => /vega|plotly|svg/.test(type));

describe.each(notebooks)("%s, when it was run,", (lesson) => {
	const isLesson = lessons.includes(lesson);
	/** Its cells of code. The test that runs the lesson says why there are none. */
	const cells = () =>
		(executed.get(lesson)?.notebook.cells ?? []).filter(
			(cell) => cell.cell_type === "code" && text(cell.source).trim() !== "",
		);
	const outputs = () => cells().flatMap((cell) => cell.outputs ?? []);

	test("ran every cell, and none complained", () => {
		expect(cells()).not.toEqual([]);
		for (const { execution_count, outputs, source } of cells()) {
			expect(execution_count, text(source)).toBeGreaterThan(0);
			const complaints = outputs?.filter(
				(one) => one.output_type === "error" || one.name === "stderr",
			);
			expect(complaints, text(source)).toEqual([]);
		}
	});

	if (isLesson)
		test("states findings, each a sentence with its figures", () => {
			const run = executed.get(lesson);
			const findings = run ? findingsOf(run.notebook) : [];
			expect(findings.length).toBeGreaterThanOrEqual(2);
			for (const finding of findings) expect(finding).toMatch(/^✓ .*\d.*\.$/);
		});

	test("shows two pictures at least, each with a still for where no kernel runs", () => {
		const pictures = outputs().filter(isPicture);
		expect(pictures.length).toBeGreaterThanOrEqual(2);
		expect(pictures.filter((one) => !hasStill(one))).toEqual([]);
	});

	if (!isLesson)
		test("is a page on which every picture is a still", async () => {
			const made = await inVenv("jupyter", ["nbconvert", "--to=html", lesson], {
				cwd: kept,
			});
			expect(made.code, made.output).toBe(0);
			const page = readFileSync(
				join(kept, lesson.replace(".ipynb", ".html")),
				"utf8",
			);
			const stills = page.match(/src="data:image\/png;base64,[^"]{1000,}"/g);
			const drawn = outputs().filter(
				(one) => isPicture(one) && !one.data?.["text/html"], // which needs no still
			);
			expect(stills).toHaveLength(drawn.length);
			expect(page).not.toContain("no PNG:");
		});

	if (!isLesson)
		test("is a page that shows every still where scripts are off, each with the words for it", async (context) => {
			const browser = browserOrSkip(context);
			const page = await openPage(browser, { javaScriptEnabled: false });
			context.onTestFinished(() => page.context().close());
			const file = join(kept, lesson.replace(".ipynb", ".html"));
			await page.goto(pathToFileURL(file).href);
			const shown = await page
				.locator(".jp-OutputArea-output img")
				.evaluateAll((images) =>
					(images as HTMLImageElement[]).map((image) => ({
						seen: image.naturalWidth > 1 && image.checkVisibility(),
						says: image.alt,
					})),
				);
			const pictures = outputs().filter(
				(one) => isPicture(one) && !one.data?.["text/html"],
			);
			expect(shown.filter(({ seen }) => !seen)).toEqual([]);
			expect(shown.map(({ says }) => says)).toEqual(
				pictures.map(({ data }) => text(data?.["text/plain"] as string)),
			);
		});

	test("has a drawn diagram", () => {
		const drawn = outputs().filter(({ data }) => data?.["image/svg+xml"]);
		expect(drawn.length).toBeGreaterThanOrEqual(1);
	});

	const most = isLesson ? 1 : 2;
	test(`is smaller than ${most} MB with its outputs`, () => {
		expect(executed.get(lesson)?.size).toBeLessThan(most);
	});

	test("has no output above 300 kB", () => {
		for (const output of outputs())
			expect(JSON.stringify(output).length).toBeLessThan(300_000);
	});
});
