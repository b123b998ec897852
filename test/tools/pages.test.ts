import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
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
	const run = ["execute", "--inplace", "page.ipynb"];
	expect(await inVenv("jupyter", run, { cwd: folder })).toMatchObject({
		code: 0,
	});
});

async function convert(to: string, file: string): Promise<string> {
	const done = await inVenv(
		"jupyter",
		["nbconvert", `--to=${to}`, "page.ipynb"],
		{
			cwd: folder,
		},
	);
	expect(done.code, done.output).toBe(0);
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

test("slides: one for each heading, none for imports", async () => {
	const html = await convert("slides", "page.slides.html");
	const slides = html.match(/<section(?![^>]*hidden)[^>]*>/g) ?? [];
	expect(slides.length).toBeGreaterThan(0);
	expect(html).toContain("A chart");
	expect(html.replace(/<script[\s\S]*?<\/script>/g, "")).not.toContain(
		"unrolled/plot",
	);
});
