import {
	barChart,
	heatMap,
	jupyterDisplay,
	lineChart,
	type Picture,
	scatter,
} from "unrolled/plot";
import { describe, expect, test } from "vitest";
import { drawn, pixels, spec } from "./helpers.ts";

const pictures: [string, Picture][] = [
	[
		"lineChart",
		lineChart({
			title: "It falls to 1",
			x: "step",
			y: { name: "loss", unit: "nats" },
			series: { train: [3, 2, 1], validation: { x: [0, 2], y: [3, 2] } },
		}),
	],
	[
		"lineChart with gaps",
		lineChart({
			title: "It breaks",
			x: "step",
			y: { name: "‖g‖", scale: "log" },
			series: { a: [1, 0, 2, Number.NaN, 4, 5], b: [1, 2, 3, 4, 5, 6] },
		}),
	],
	[
		"one long line",
		lineChart({
			title: "It waves",
			x: { name: "t", range: [0, 4000] },
			y: "sin t",
			series: {
				sin: Array.from({ length: 5000 }, (_, t) => Math.sin(t / 100)),
			},
		}),
	],
	[
		"heatMap",
		heatMap({
			title: "The diagonal is strong",
			rows: { name: "true", labels: ["a", "b"] },
			columns: { name: "guess", labels: ["a", "b", "b"] },
			value: "share",
			values: [
				[0.9, 0.1, 0],
				[0.2, Number.NaN, 0.8],
			],
		}),
	],
	[
		"heatMap of both signs",
		heatMap({
			title: "Weights",
			rows: { name: "from", labels: [" ", "\n"] },
			columns: { name: "to", labels: ["x"] },
			value: "weight",
			values: [[-1], [2]],
		}),
	],
	[
		"barChart",
		barChart({
			title: "e is the most frequent",
			x: { name: "letter", labels: ["e", " "] },
			y: "share",
			series: { train: [0.1, 0.2], validation: [0.1, 0.3] },
		}),
	],
	[
		"scatter",
		scatter({
			title: "Two groups",
			x: "first",
			y: "second",
			series: {
				vowel: { x: [1, 2], y: [1, 2], labels: ["a", "e"] },
				consonant: [3, 4],
			},
		}),
	],
];

describe.each(pictures)("%s", (_, picture) => {
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

	test("sends a draft at once, without a PNG and with the same view", async () => {
		const draft = picture.draft();
		expect(Object.keys(draft).sort()).toEqual([
			"application/vnd.vegalite.v5+json",
			"text/plain",
		]);
		expect(spec(draft)).toEqual(spec(await picture[jupyterDisplay]()));
	});
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
	const [, picture] = pictures[0];
	expect((await picture[jupyterDisplay]())["image/png"]).toBe(
		(await picture[jupyterDisplay]())["image/png"],
	);
});
