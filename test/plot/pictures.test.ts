import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jupyterDisplay, lineChart, type Picture } from "unrolled/plot";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { drawn, misspelt, pixels, spec } from "./helpers.ts";
import { charts } from "./table.ts";

describe.each(charts)("%s", (_, picture) => {
	test("is a Vega-Lite view, a PNG and a text, and no HTML", async () => {
		const bundle = await picture[jupyterDisplay]();
		expect(Object.keys(bundle).sort()).toEqual([
			"application/vnd.vegalite.v5+json",
			"image/png",
			"text/plain",
		]);
		expect(spec(bundle).$schema).toMatch(/vega-lite\/v5\.json$/);
	});

	test("says its finding in the title, the text and the description", async () => {
		const bundle = await picture[jupyterDisplay]();
		const finding = spec(bundle).title.text.join(" ");
		expect((bundle["text/plain"] as string).startsWith(finding)).toBe(true);
		expect(spec(bundle).description).toContain(finding);
	});

	test("is drawn by Vega-Lite without a warning", async () => {
		const { warnings, svg } = await drawn(picture);
		expect(warnings).toEqual([]);
		expect(svg).not.toContain("NaN,");
		expect(svg).not.toContain("undefined");
	});

	test("is a specification as Vega-Lite's schema wants it", async () => {
		expect(misspelt(spec(await picture[jupyterDisplay]()))).toEqual([]);
	});

	test("loses no signal when vega-embed gives it the width of its place", () => {
		const { usermeta, ...rest } = JSON.parse(
			JSON.stringify(spec(picture.draft())),
		);
		if (usermeta.embedOptions.patch)
			expect(compile(rest).spec.signals).toBeUndefined();
		else expect(rest.autosize).toBeUndefined();
	});

	test("stays below 300 kB", async () => {
		const bundle = JSON.stringify(await picture[jupyterDisplay]());
		expect(bundle.length).toBeLessThan(300_000);
	});

	test("has an opaque PNG that is not blank", async () => {
		const { "image/png": png } = await picture[jupyterDisplay]();
		expect(
			Buffer.from(png as string, "base64")
				.subarray(1, 4)
				.toString(),
		).toBe("PNG");
		const { width, height, ink } = pixels(png);
		expect(width).toBeGreaterThan(150);
		expect(height).toBeGreaterThan(100);
		expect(ink).toBeGreaterThan(0.01);
	});

	test("sends a draft at once, with the same view and a PNG of one pixel, so that JupyterLab makes none", async () => {
		const draft = picture.draft();
		expect(Object.keys(draft).sort()).toEqual([
			"application/vnd.vegalite.v5+json",
			"image/png",
			"text/plain",
		]);
		const png = Buffer.from(draft["image/png"] as string, "base64");
		expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1, 1]);
		expect(spec(draft)).toEqual(spec(await picture[jupyterDisplay]()));
	});
});

test("pictures need nothing of Node's outside the file that makes PNGs", () => {
	const folder = join(project, "lib/plot");
	const needy = readdirSync(folder, { recursive: true })
		.map(String)
		.filter((file) => file.endsWith(".ts"))
		.filter((file) =>
			/["']node:|\bprocess\.|\bBuffer\b/.test(
				readFileSync(join(folder, file), "utf8"),
			),
		);
	expect(needy).toEqual(["raster.ts"]);
});

test("letters are drawn without any font of the system", async () => {
	const blank = lineChart({
		title: " ",
		x: " ",
		y: " ",
		series: { a: [0, 1] },
	});
	const written = lineChart({
		title: "σ(x) · ‖∂L/∂h‖ ≤ ¼ and plain words",
		x: " ",
		y: " ",
		series: { a: [0, 1] },
	});
	const ink = async (p: Picture) =>
		pixels((await p[jupyterDisplay]())["image/png"]).ink;
	expect(await ink(written)).toBeGreaterThan((await ink(blank)) + 0.003);
});

test("the PNG of one picture is the same each time", async () => {
	const [, picture] = charts[0];
	expect((await picture[jupyterDisplay]())["image/png"]).toBe(
		(await picture[jupyterDisplay]())["image/png"],
	);
});
