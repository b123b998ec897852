import {
	canvas,
	jupyterDisplay,
	type MimeBundle,
	plotly,
	shadedText,
	svg,
	table,
	vegaLite,
} from "unrolled/plot";
import { expect, test } from "vitest";
import { heading } from "../../lib/plot/frame.ts";
import { pixels } from "./helpers.ts";

const words = (bundle: MimeBundle) => bundle["text/plain"] as string;
const html = (bundle: MimeBundle) => bundle["text/html"] as string;

test("a shaded text is HTML without a script, a still, and words that name the strongest pieces", async () => {
	const picture = shadedText({
		title: ([a]) => `It begins at ${a}`,
		tokens: ["a", "<", "\n", " "],
		value: "surprise (nats)",
		values: [0, 4, -2, Number.NaN],
	});
	const bundle = await picture[jupyterDisplay]();
	expect(Object.keys(bundle).sort()).toEqual([
		"image/png",
		"text/html",
		"text/plain",
	]);
	expect(words(bundle)).toBe(
		[
			"It begins at 0",
			'  surprise (nats): from −2 to 4; strongest: "<" 4, "↵" −2, "a" 0',
			"  1 of 4 have no number",
			"a<\n ",
		].join("\n"),
	);
	expect(html(bundle)).not.toMatch(/<script|<</);
	expect(html(bundle)).toContain('aria-label="It begins at 0. surprise');
	// 4 is the greatest: the full shade; −2 half of the other, underlined
	expect(html(bundle)).toContain("rgba(201, 106, 0, 0.65)");
	expect(html(bundle)).toContain(
		"rgba(61, 134, 204, 0.33); text-decoration: underline",
	);
	expect(pixels(bundle["image/png"]).ink).toBeGreaterThan(0.02);
});

test("a shaded text needs a number for each piece", () => {
	expect(() =>
		shadedText({ title: "t", tokens: ["a"], value: "v", values: [1, 2] }),
	).toThrow("shadedText: values must be one number for each of 1 tokens");
});

test("letters stay legible on every shade, in a light theme and in a dark one", () => {
	// The strongest shades over JupyterLab's grounds, and the inks of its letters.
	const luminance = (rgb: number[]) => {
		const [r, g, b] = rgb.map((part) => {
			const v = part / 255;
			return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const over = (ground: number, [r, g, b]: number[]) =>
		[r, g, b].map((part) => 0.65 * part + 0.35 * ground);
	for (const shade of [
		[201, 106, 0],
		[61, 134, 204],
	])
		for (const [ground, ink] of [
			[255, 33], // JupyterLab writes in 87 % black, on white
			[17, 255],
		]) {
			const [dark, light] = [
				luminance([ink, ink, ink]),
				luminance(over(ground, shade)),
			].sort((a, b) => a - b);
			expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
		}
});

test("a table writes the numbers of a column alike, with units, in HTML and in letters", async () => {
	const bundle = await table(
		[
			{ net: "elman", loss: 2.25, steps: 10 },
			{ net: "a < b", loss: -1, steps: 1000 },
			{ net: "none" },
		],
		{ title: "Two nets", units: { loss: "nats" } },
	)[jupyterDisplay]();
	expect(words(bundle)).toBe(
		[
			"Two nets",
			"net    loss (nats)  steps",
			"─────  ───────────  ─────",
			"elman         2.25     10",
			"a < b        −1.00   1000",
			"none",
		].join("\n"),
	);
	expect(html(bundle)).toContain("a &#60; b</td>");
	expect(html(bundle)).toContain("text-align: right");
	expect(pixels(bundle["image/png"]).ink).toBeGreaterThan(0.01);
});

test("a tensor is a table, and a long one says what is left out", () => {
	const tensor = { shape: [2, 2], data: new Float32Array([1, 2.5, 3, 4]) };
	expect(words(table(tensor).draft())).toBe(
		"   [0]  [1]\n─  ───  ───\n0    1  2.5\n1    3  4.0",
	);
	const many = Array.from({ length: 40 }, (_, n) => ({ n }));
	expect(words(table(many).draft())).toMatch(/\n29\n30 of 40 rows$/);
	expect(() => table([])).toThrow("at least one row with a column, got none");
	expect(() => table(many, { units: { m: "s" } })).toThrow(
		'table: there is no column "m", only "n"',
	);
});

test("figures of one's own are shown with their words", async () => {
	const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><title>A square</title><rect width="20" height="20"/></svg>`;
	const square = await svg(drawing)[jupyterDisplay]();
	expect(square["image/svg+xml"]).toBe(drawing);
	expect(words(square)).toBe("A square");
	expect(pixels(square["image/png"]).ink).toBe(1);
	expect(() => svg("<svg/>")).toThrow("svg: the text must be <svg xmlns=");

	const figure = { data: [{ z: [[1]] }], layout: { title: { text: "3-D" } } };
	const turned = await plotly(figure, { still: svg(drawing) })[
		jupyterDisplay
	]();
	expect(turned).toMatchObject({
		"application/vnd.plotly.v1+json": figure,
		"text/plain": "3-D",
		"image/png": square["image/png"],
	});
	expect(() => plotly({} as never)).toThrow("plotly: a figure is { data: […]");

	expect(() =>
		vegaLite({ $schema: "https://vega.github.io/schema/vega/v5.json" }),
	).toThrow("vegaLite: $schema must be that of Vega-Lite 5 or 6");

	const toDataURL = () => `data:image/png;base64,${square["image/png"]}`;
	expect(canvas({ toDataURL }, { text: "drawn" }).draft()).toEqual({
		"image/png": square["image/png"],
		"text/plain": "drawn",
	});
});

test("a long note has lines of about one length, and no word alone in the last", () => {
	const { title } = heading({
		title: "t",
		notes: [
			"Values that are exactly 0, and in no bin: now: 1 of 100; before: 1 of 100",
		],
	});
	const [first, second, ...more] = title.subtitle ?? [];
	expect(more).toEqual([]);
	expect(Math.abs(first.length - second.length)).toBeLessThan(10);
});
