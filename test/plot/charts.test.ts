import {
	barChart,
	forecastChart,
	heatMap,
	scatter,
	timeline,
} from "unrolled/plot";
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

test("error marks must fit their bars", () => {
	const draw = (of: object) => () =>
		barChart({
			...bars,
			series: { n: [1, 2] },
			errors: { meaning: "range", of },
		});
	expect(draw({ m: [1, 2] })).toThrow(
		'barChart: errors of "m": there is no such series, only "n"',
	);
	expect(draw({ n: [1] })).toThrow(
		'errors of "n" must be one for each of 2 bars, got 1',
	);
	expect(draw({ n: [1, [3, 2]] })).toThrow(
		'errors of "n" must be numbers ≥ 0 or [low, high], got [3,2] at 1',
	);
	expect(draw({ n: [0.5, [1, 4]] })().draft()["text/plain"]).toContain(
		"a 1 (0.5 to 1.5), b 2 (1 to 4)",
	);
});

test("a large map shows the strongest of its neighbours, and says so", () => {
	const values = Array.from({ length: 150 }, () => new Array(10).fill(0));
	values[1][3] = -7;
	const picture = heatMap({
		title: "t",
		rows: { name: "r" },
		columns: { name: "c" },
		value: "v",
		values,
	});
	const { data, title } = spec(picture.draft()) as never as {
		data: { values: number[] };
		title: { subtitle: string[] };
	};
	expect(data.values).toHaveLength(75 * 10);
	expect(data.values.indexOf(-7)).toBe(3);
	expect(title.subtitle).toEqual([
		"A cell shows the strongest of up to 2 × 1 values",
	]);
});

test("a heat map takes a tensor", () => {
	const tensor = { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) };
	const draw = (values: object) =>
		heatMap({
			...confusion,
			title: (v) => `${v[1][0]}`,
			values: values as never,
		});
	expect(spec(draw(tensor).draft()).title.text).toEqual(["3"]);
	expect(() => draw({ ...tensor, shape: [4] })).toThrow(
		"heatMap: values must be [rows, columns], got [4]",
	);
});

test("a forecast shows the quantiles of its futures, worked by hand", () => {
	const chart = forecastChart({
		title: "t",
		x: "x",
		y: "y",
		past: [0, 1],
		at: [2],
		samples: [[0], [1], [2], [3], [4]],
		intervals: [0.5],
	});
	expect(chart.lines.forecast.y).toEqual([2]);
	expect(spec(chart.draft()).layer[0].data.values).toEqual([
		{ x: 2, low: 1, high: 3 },
	]);
	const wrong = (options: object) => () =>
		forecastChart({
			title: "t",
			x: "x",
			y: "y",
			past: [0],
			at: [1],
			samples: [[1, 2]],
			...options,
		});
	expect(wrong({})).toThrow("one for each x of at, got 2 numbers in [0]");
	expect(wrong({ samples: [] })).toThrow("one for each x of at, got 0");
	expect(wrong({ samples: [[1]], intervals: [90] })).toThrow(
		"intervals must be shares between 0 and 1, got 90",
	);
});

test("spans of a timeline run forwards", () => {
	const draw = (from: number, to: number) => () =>
		timeline({
			title: "t",
			x: "x",
			rows: { a: [{ from, to, name: "n" }] },
		});
	expect(draw(2, 1)).toThrow(
		'timeline: row "a": "n" must run from a number to a greater one, got 2 to 1',
	);
	expect(draw(1, 2)().draft()["text/plain"]).toBe("t\n  a: n 1 to 2");
});
