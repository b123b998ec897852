import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { browserOrSkip } from "../browser/open.ts";
import { openPage } from "../browser/page.ts";
import { inVenv, notebook } from "../lessons/notebooks.ts";

const folder = join(project, "test/report/pages");

beforeAll(async () => {
	mkdirSync(folder, { recursive: true });
	const page = notebook(
		'import { lineChart } from "unrolled/plot";',
		'lineChart({ title: "Less than < \\"before\\"", x: "x", y: "y", series: { a: [1, 2, 3] } })',
	);
	const heading = {
		cell_type: "markdown" as const,
		id: "heading",
		metadata: {},
		source: "## A chart",
	};
	page.cells.splice(1, 0, heading);
	writeFileSync(join(folder, "page.ipynb"), JSON.stringify(page));
	const space = notebook(
		'import { surface, trajectories } from "unrolled/plot";\nconst axis = [-1, -0.5, 0, 0.5, 1];',
		'surface({ title: "A </script> saddle", x: { axis: "w", values: axis }, y: { axis: "b", values: axis }, z: "loss", values: axis.map((y) => axis.map((x) => x * x - y * y)) })',
		'trajectories({ title: "A way", series: { run: axis.map((x) => [x, x * x, 1 - x]) } })',
	);
	writeFileSync(join(folder, "space.ipynb"), JSON.stringify(space));
	for (const name of ["page.ipynb", "space.ipynb"]) {
		const run = ["execute", "--inplace", name];
		expect(await inVenv("jupyter", run, { cwd: folder })).toMatchObject({
			code: 0,
		});
	}
});

async function convert(
	to: string,
	file: string,
	from = "page.ipynb",
): Promise<string> {
	const done = await inVenv("jupyter", ["nbconvert", `--to=${to}`, from], {
		cwd: folder,
	});
	expect(done.code, done.output).toBe(0);
	expect(done.output).toMatch(new RegExp(`Writing .* to ${file}`)); // says where the page is
	return readFileSync(join(folder, file), "utf8");
}

test("a page shows a picture as a still at its own size, with what it says as its alternative text", async () => {
	const html = await convert("html", "page.html");
	const [picture = "", ...others] = html.match(/<img[^>]*>/g) ?? [];
	expect(others).toEqual([]);
	expect(picture).toMatch(/alt=['"]Less than &lt; /);
	const png = Buffer.from(/base64,([^"]*)/.exec(picture)?.[1] ?? "", "base64");
	const width = Number(/width="(\d+)"/.exec(picture)?.[1]);
	expect(width).toBe(Math.round(png.readUInt32BE(16) / 1.5));
});

test("a page with pictures of three dimensions holds one Plotly, and they turn when they are pointed at", async (context) => {
	expect((await convert("html", "page.html")).length).toBeLessThan(1_500_000);
	await convert("html", "space.html", "space.ipynb");
	const page = await openPage(browserOrSkip(context));
	context.onTestFinished(() => page.context().close());
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	await page.route(/^https?:/, (route) => route.abort()); // nothing is fetched
	await page.goto(`file://${join(folder, "space.html")}`);
	const figures = page.locator("[data-plotly]");
	expect(await figures.count()).toBe(2);
	expect(await page.locator("[data-plotly] img").count()).toBe(2);
	expect(await page.locator(".js-plotly-plot").count()).toBe(0);
	await figures.first().hover();
	await figures.first().locator(".gl-container canvas").first().waitFor();
	expect(await page.locator("[data-plotly] img").count()).toBe(1);
	await figures.last().focus();
	await figures.last().locator(".gl-container canvas").first().waitFor();
	expect(errors).toEqual([]);
	await page.screenshot({ path: join(folder, "space.png") });
	const versions = await page.evaluate(
		() => document.documentElement.innerHTML.match(/plotly\.js v\d/g)?.length,
	);
	expect(versions).toBe(1);
});

test("slides: one for each heading, none for imports", async () => {
	const html = await convert("slides", "page.slides.html");
	const slides = html.match(/<section(?![^>]*hidden)[^>]*>/g) ?? [];
	expect(slides.length).toBeGreaterThan(0);
	expect(html).toContain("A chart");
	expect(html.replace(/<script[\s\S]*?<\/script>/g, "")).not.toContain(
		"unrolled/plot",
	);
});
