import { expect, test } from "vitest";
import { brief, looks, minus, visible, wrap } from "../../lib/plot/theme.ts";

/** Relative luminance of a colour, and the contrast of two (WCAG 2). */
const luminance = (colour: string) => {
	const [r, g, b] = [1, 3, 5]
		.map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
		.map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string) => {
	const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (light + 0.05) / (dark + 0.05);
};

const names = Array.from({ length: 36 }, (_, i) => `series ${i}`);

test("each colour has a contrast of 3 : 1 to white and to the dark theme's #333", () => {
	for (const colour of looks(names).colour.range)
		for (const ground of ["#ffffff", "#333333"])
			expect(
				contrast(colour, ground),
				`${colour} on ${ground}`,
			).toBeGreaterThanOrEqual(3);
});

test("36 series all look different, also without colour up to six", () => {
	const { colour, dash, shape } = looks(names);
	const pairs = names.map((_, i) => `${colour.range[i]} ${dash.range[i]}`);
	expect(new Set(pairs).size).toBe(36);
	expect(new Set(dash.range.slice(0, 6).map(String)).size).toBe(6);
	expect(new Set(shape.range.slice(0, 6)).size).toBe(6);
});

test("a title is broken between words", () => {
	expect(wrap("one two three four", 9)).toEqual(["one two", "three", "four"]);
	expect(wrap("incomprehensibilities are long", 9)).toEqual([
		"incomprehensibilities",
		"are long",
	]);
});

test("characters without ink are made visible", () => {
	expect([" ", "\n", "a b", ""].map(visible)).toEqual(["␣", "↵", "a b", "∅"]);
});

test("numbers are written for reading", () => {
	expect(
		[0, 12, 0.5, 2.34567, 123.456, 1234567.8, 1e-7, Number.NaN].map(brief),
	).toEqual(["0", "12", "0.5", "2.35", "123.5", "1.23e+6", "1.00e−7", "NaN"]);
});

test("a minus sign is one in words as on axes, and a hyphen stays a hyphen", () => {
	expect(minus("at z = -5, between -.5 and (-1), of 9-10 long-term x-1")).toBe(
		"at z = −5, between −.5 and (−1), of 9-10 long-term x-1",
	);
});
