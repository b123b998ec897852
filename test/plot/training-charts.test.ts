import { gradientChart, lineChart, lossChart, seedChart } from "unrolled/plot";
import { expect, test } from "vitest";
import { quantile } from "../../lib/plot/training-charts.ts";
import { spec } from "./helpers.ts";

test("a chart of losses takes what fit reports", () => {
	const chart = lossChart({
		title: ({ training, validation }) =>
			`${training.last} and ${validation.least}`,
		training: [
			{ step: 1, loss: 3 },
			{ step: 2, loss: 2 },
		],
		validation: { x: [2], y: [2.5] },
	});
	expect(chart.lines.training.x).toEqual([1, 2]);
	expect(spec(chart.draft()).title.text).toEqual(["2 and 2.5"]);
});

test("a chart of gradients counts the steps above the limit, and draws it", () => {
	const chart = gradientChart({
		title: ({ norm, clipped }) => `${clipped} of ${norm.y.length}`,
		reports: [0.5, 1, 2, 4].map((gradientNorm, step) => ({
			step,
			gradientNorm,
		})),
		clip: 1,
	});
	const { title, layer } = spec(chart.draft());
	expect(title.text).toEqual(["0.5 of 4"]);
	expect(title.subtitle).toEqual(["Clipped in 2 of 4 steps"]);
	expect(layer.at(-1)?.data.values).toEqual([{ label: "clipped at 1" }]);
});

test("seeds are shown by their median and their range, worked by hand", () => {
	const chart = seedChart({
		title: "t",
		x: "step",
		y: "loss",
		runs: {
			a: [
				[1, 5],
				[3, Number.NaN],
				[2, 7],
			],
		},
		height: 150,
	});
	expect(spec(chart.draft()).height).toBe(150);
	expect(chart.lines.a.y).toEqual([2, 6]);
	expect(spec(chart.draft()).layer[0].data.values).toEqual([
		{ x: 0, low: 1, high: 3 },
		{ x: 1, low: 5, high: 7 },
	]);
	expect(() =>
		seedChart({ title: "t", x: "x", y: "y", runs: { a: [[1, 2], [1]] } }),
	).toThrow(
		'seedChart: runs of "a" must all have the same x; those of [1] differ from those of [0]',
	);
});

test("a quantile lies between its neighbours in proportion", () => {
	expect([0, 0.25, 0.5, 1].map((p) => quantile([1, 2, 4], p))).toEqual([
		1, 1.5, 2, 4,
	]);
	expect(quantile([], 0.5)).toBeNaN();
});

test("bands and rules that do not fit the chart are refused", () => {
	const draw = (options: object) => () =>
		lineChart({
			title: "t",
			x: "x",
			y: { name: "y", scale: "log" },
			series: { a: [1, 2] },
			...options,
		} as never).draft();
	const band = (of: object) => draw({ bands: { meaning: "m", of } });
	expect(band({ b: { low: [], high: [] } })).toThrow(
		'lineChart: bands: there is no series "b", only "a"',
	);
	expect(band({ a: { low: [1], high: [1, 2] } })).toThrow(
		'band of "a" must have as many x as low and high, got 1 x, 1 low and 2 high',
	);
	expect(band({ a: { low: [3], high: [1] } })).toThrow(
		"low must not be above high, got 3 above 1 at x 0",
	);
	expect(draw({ rules: [{ y: 0, label: "r" }] })).toThrow(
		'rule "r" must lie on an axis, { y: number } or { x: number } above 0 on a log axis, got 0',
	);
});
