import { jupyterDisplay, lineChart } from "unrolled/plot";
import { expect, test } from "vitest";
import { drawn, spec } from "./helpers.ts";

const chart = (y: number[], scale: "linear" | "log" = "linear") =>
	lineChart({
		title: "A line",
		x: "step",
		y: { name: "loss", scale },
		series: { train: y },
	});
const notes = (picture: ReturnType<typeof chart>) =>
	spec(picture.draft()).title.subtitle?.join(" ");

test("large and small powers of ten on a log axis are written as powers", async () => {
	const labelsOf = async (y: number[]) =>
		[...(await drawn(chart(y, "log"))).svg.matchAll(/>([^<>]*)<\/text>/g)].map(
			([, label]) => label,
		);
	const wide = await labelsOf([1e-12, 1, 1e5]);
	expect(wide).toContain("10⁻¹²");
	expect(wide).toContain("10⁴");
	expect(wide.filter((label) => /e[-+−]\d|0000/.test(label))).toEqual([]);
	expect(await labelsOf([1, 1000])).toEqual(
		expect.arrayContaining(["1", "10", "100", "1000"]),
	);
});

test("an axis of steps has whole numbers, and others have what fits", async () => {
	const labels = async (x: number[]) => {
		const chart = lineChart({
			title: "t",
			x: "step",
			y: "y",
			series: { a: { x, y: x } },
		});
		const { svg } = await drawn(chart);
		const axis =
			/aria-label="X-axis[\s\S]*?role-axis-title/.exec(svg)?.[0] ?? "";
		return [...axis.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(
			([, label]) => label,
		);
	};
	expect(await labels([1, 2, 3])).toEqual(["1", "2", "3"]);
	expect((await labels([1, 2, 3.5])).length).toBeGreaterThan(4);
});

test("points added while training are drawn, and the title is computed from them", () => {
	const growing = lineChart({
		title: ({ train }) =>
			`from ${train.first} to ${train.last}, between ${train.least} and ${train.greatest}`,
		x: "step",
		y: "loss",
		series: { train: [] },
	});
	expect(spec(growing.draft()).title.text).toEqual(["loss by step"]);
	growing.add(1, { train: 3 });
	growing.add(2, { train: 0.5 });
	growing.add(3, { train: 1 });
	const draft = spec(growing.draft());
	expect(draft.title.text).toEqual(["from 3 to 1, between 0.5 and 3"]);
	expect(draft.layer[0].data.values).toEqual([
		{ x: 1, y: 3, series: "train", part: 0 },
		{ x: 2, y: 0.5, series: "train", part: 0 },
		{ x: 3, y: 1, series: "train", part: 0 },
	]);
});

test("a point that is not a number leaves a gap, a cross and a count", () => {
	const { layer, title } = spec(
		chart([5, 4, Number.NaN, 2, Number.POSITIVE_INFINITY, 1]).draft(),
	);
	expect(layer[0].data.values.map(({ part }) => part)).toEqual([0, 0, 1, 2]);
	expect(layer.at(-1)?.data.values.map(({ x }) => x)).toEqual([2, 4]);
	expect(title.subtitle?.join(" ")).toBe(
		"train: 2 of 6 points cannot be drawn (the first is NaN at step 2)",
	);
});

test("a log axis counts what it cannot show, and refuses when nothing is left", async () => {
	expect(notes(chart([1, 0, 3], "log"))).toContain(
		"1 of 3 points cannot be drawn (the first is 0 at step 1; a log axis shows only what is above 0)",
	);
	expect(notes(chart([1, 2, 3], "log"))).toBeUndefined();
	await expect(chart([0, -1], "log")[jupyterDisplay]()).rejects.toThrow(
		/lineChart: there is nothing to draw\. train: 2 of 2 .* above 0/,
	);
});

test("nothing to draw is an error in the end, but not while points may still come", async () => {
	expect(() => chart([]).draft()).not.toThrow();
	await expect(chart([])[jupyterDisplay]()).rejects.toThrow(
		'lineChart: series "train" has no points',
	);
	await expect(chart([Number.NaN])[jupyterDisplay]()).rejects.toThrow(
		"there is nothing to draw",
	);
});

test("a point between two gaps is drawn as a mark: it has no line", () => {
	const lone = Array.from({ length: 50 }, (_, i) =>
		i === 20 || i === 22 ? Number.NaN : i,
	);
	const [, marks] = spec(chart(lone).draft()).layer;
	expect(marks.data.values.map(({ x }) => x)).toEqual([21]);
});

test("a long line is thinned to about 1000 points and keeps its spikes and its ends", () => {
	const y = Array.from({ length: 20_000 }, (_, i) => Math.sin(i));
	y[12_345] = 99;
	y[678] = -99;
	const { values } = spec(chart(y).draft()).layer[0].data;
	expect(values.length).toBeLessThanOrEqual(1000);
	expect(values.length).toBeGreaterThan(900);
	expect(values.map(({ y }) => y)).toEqual(expect.arrayContaining([99, -99]));
	expect([values[0].x, values.at(-1)?.x]).toEqual([0, 19_999]);
});

test("two lines differ in colour and in dash", async () => {
	const two = lineChart({
		title: "Two",
		x: "x",
		y: "y",
		series: { a: [1, 2], b: [2, 1] },
	});
	const lines =
		(await drawn(two)).svg.match(
			/<path aria-label="x: [^>]*line mark[^>]*>/g,
		) ?? [];
	const style = (name: string) =>
		lines.map((line) => line.match(new RegExp(`${name}="([^"]*)"`))?.[1]);
	expect(lines).toHaveLength(2);
	expect(new Set(style("stroke")).size).toBe(2);
	expect(new Set(style("stroke-dasharray")).size).toBe(2);
});

test("a line may turn back: points are joined in their order, not by x", async () => {
	const loop = lineChart({
		title: "A loop",
		x: "h₁",
		y: "h₂",
		series: { state: { x: [0, 1, 0.5], y: [0, 1, 2] } },
	});
	const { svg } = await drawn(loop);
	const [, path] =
		svg.match(/line mark[^>]* d="([^"]*)"/) ??
		svg.match(/ d="([^"]*)"[^>]*line mark/) ??
		[];
	const [first, second, third] = (path.match(/-?[\d.]+(?=,)/g) ?? []).map(
		Number,
	);
	expect(first).toBe(0);
	expect(second).toBeGreaterThan(300);
	expect(third).toBe(second / 2);
});

test("an axis of whole numbers has no labels between them, one of other numbers has", async () => {
	const labels = async (...x: number[]) => {
		const y = x.map(() => 1);
		const { svg } = await drawn(
			lineChart({ title: "A", x: "t", y: "y", series: { a: { x, y } } }),
		);
		const [axis] = svg.match(
			/aria-label="X-axis[^"]*"[\s\S]*?role-axis-title/,
		) ?? [""];
		return axis.match(/(?<=>)[\d.]+(?=<\/text>)/g) ?? [];
	};
	expect(await labels(1, 2, 3, 4, 5, 6, 7)).toEqual([
		"1",
		"2",
		"3",
		"4",
		"5",
		"6",
		"7",
	]);
	expect((await labels(1, 2.5, 7)).join(" ")).toContain(".5");
});

test("a log axis writes powers of ten far from 1 as powers, and near it as numbers", async () => {
	const { svg } = await drawn(chart([1e-12, 1e-2, 1, 1e8], "log"));
	const [axis] = svg.match(
		/aria-label="Y-axis[^"]*"[\s\S]*?role-axis-title/,
	) ?? [""];
	const labels = axis.match(/(?<=>)[^<>]+(?=<\/text>)/g) ?? [];
	expect(labels).toContain("10⁻¹²");
	expect(labels).toContain("10⁸");
	expect(labels).toContain("1");
	expect(labels.join(" ")).not.toMatch(/e|0000/);
});

test("bad input is answered with what was wanted and what came", () => {
	const draw = (options: object) => () =>
		lineChart({
			title: "t",
			x: "x",
			y: "y",
			series: { a: [1] },
			...options,
		} as never);
	expect(draw({ series: { a: { x: [1, 2], y: [1] } } })).toThrow(
		'lineChart: series "a" must have as many x as y, got 2 x and 1 y',
	);
	expect(draw({ series: {} })).toThrow(
		"lineChart: series must name at least one line, got {}",
	);
	expect(draw({ series: { a: 3 } })).toThrow(
		'lineChart: series "a" must be an array of numbers, got number',
	);
	expect(draw({ series: { a: ["1"] } })).toThrow(
		'lineChart: series "a" must be numbers, got string at 0',
	);
	expect(draw({ y: { name: "y", scale: "Log" } })).toThrow(
		'lineChart: y: scale must be "linear" or "log", got "Log"',
	);
	expect(draw({ y: { name: "y", scale: "log", range: [0, 1] } })).toThrow(
		"lineChart: y: a log axis must start above 0, got range [0,1]",
	);
	expect(draw({ x: { name: "x", range: [1, 1] } })).toThrow(
		"lineChart: x: range must be [from, to] with from < to, got [1,1]",
	);
	expect(draw({ x: "" })).toThrow("lineChart: x must have a name");
	const growing = lineChart({ title: "t", x: "x", y: "y", series: { a: [] } });
	expect(() => growing.add(1, { b: 2 } as never)).toThrow(
		'lineChart: there is no series "b", only "a"',
	);
});
