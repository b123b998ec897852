import { barChart, heatMap, scatter } from "unrolled/plot";
import { expect, test } from "vitest";
import { drawn, spec } from "./helpers.ts";

const confusion = {
	rows: { name: "true", labels: ["a", "b"] },
	columns: { name: "guess", labels: ["a", "b"] },
	value: "share",
};
const bars = {
	title: "t",
	x: { name: "letter", labels: ["a", "b"] },
	y: "share",
};

test("a heat map writes its numbers, light on dark and dark on light", async () => {
	const { svg } = await drawn(
		heatMap({
			...confusion,
			title: "t",
			values: [
				[1, 0],
				[0.25, 0.75],
			],
		}),
	);
	const written = [
		...svg.matchAll(
			/aria-roledescription="text mark"[^>]*fill="([^"]*)">([^<]*)</g,
		),
	].map(([, ink, text]) => [text, ink]);
	expect(Object.fromEntries(written)).toEqual({
		"1": "black",
		"0": "white",
		".25": "white",
		".75": "black",
	});
});

test("a heat map computes its title from its values", () => {
	const picture = heatMap({
		...confusion,
		title: (values) => `${values[0][0] * 100} % are right`,
		values: [
			[0.5, 0],
			[0, 1],
		],
	});
	expect(spec(picture.draft()).title.text).toEqual(["50 % are right"]);
});

test("a heat map takes rows that are typed arrays, and shows what is no number", () => {
	const picture = heatMap({
		...confusion,
		title: "t",
		values: [new Float32Array([1, Number.NaN]), new Float32Array([0, 1])],
	});
	expect(spec(picture.draft()).title.subtitle).toEqual([
		"Grey: 1 of 4 values are no finite number",
	]);
});

test("a heat map's values must have a number for each row and column", () => {
	const draw = (values: number[][]) => () =>
		heatMap({ ...confusion, title: "t", values });
	expect(draw([[1, 2]])).toThrow(
		"heatMap: values must be [rows=2, columns=2], got [1, 2]",
	);
	expect(draw([[1, 2], [1]])).toThrow(
		"heatMap: values must be [rows=2, columns=2], got [2, 1]",
	);
	expect(
		draw([
			[Number.NaN, Number.NaN],
			[Number.NaN, Number.NaN],
		]),
	).toThrow("heatMap: there is nothing to draw");
});

test("bars start at 0 and refuse what they cannot show", () => {
	expect(() => barChart({ ...bars, series: { n: [1, 2, 3] } })).toThrow(
		'barChart: series "n" must have a number for each of 2 labels, got 3',
	);
	expect(() => barChart({ ...bars, series: { n: [1, Number.NaN] } })).toThrow(
		'barChart: series "n" must be finite, got NaN at "b"',
	);
	expect(() =>
		barChart({
			...bars,
			y: { name: "n", scale: "log" },
			series: { n: [1, 2] },
		}),
	).toThrow('barChart: y has no scale "log"');
	expect(() =>
		barChart({
			...bars,
			y: { name: "n", range: [1, 2] },
			series: { n: [1, 2] },
		}),
	).toThrow(
		"barChart: y: range must start at 0 or below, since bars do, got [1,2]",
	);
	const [{ encoding }] = spec(
		barChart({ ...bars, series: { n: [5, 6] } }).draft(),
	).layer as never as { encoding: { y: { scale: object } } }[];
	expect(encoding.y.scale).toEqual({ zero: true });
});

test("a scatter leaves out what has no place, and says so", () => {
	const picture = scatter({
		title: "t",
		x: "x",
		y: { name: "y", scale: "log" },
		series: { a: [1, -1, 2] },
	});
	expect(spec(picture.draft()).title.subtitle?.join(" ")).toContain(
		"a: 1 of 3 points cannot be drawn (the first is −1 at x 1",
	);
	expect(() =>
		scatter({ title: "t", x: "x", y: "y", series: { a: [] } }),
	).toThrow("scatter: there is nothing to draw. No points were given");
	expect(() =>
		scatter({
			title: "t",
			x: "x",
			y: "y",
			series: { a: { x: [1], y: [1], labels: [] } },
		}),
	).toThrow(
		'scatter: series "a" must have a label for each point, got 0 for 1',
	);
});
