import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional } from "../expect/rules.ts";
import type { Axis, ReadAxis } from "./axis.ts";
import { readAxis } from "./axis.ts";
import { frame, legendOf } from "./frame.ts";
import { finding, given } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { type Numbers, readNumbers } from "./points.ts";
import { brief, looks, visible } from "./theme.ts";

/** How far a bar's number is to be trusted: ± one number, or from and to. */
export type Margin = number | readonly [low: number, high: number];

/** How `barChart` is asked for a picture. */
export interface BarChartOptions<Name extends string> {
	/** The finding: a sentence, or a function that computes it from the bars. */
	title: string | ((bars: Readonly<Record<Name, readonly number[]>>) => string);
	/** What the bars stand for, and the name of each place on the axis. */
	x: { name: string; labels: readonly string[] };
	/** Starts at 0 always; a bar chart has no log scale. */
	y: Axis;
	/** One bar a label for each series; several series stand side by side, in this order. */
	series: Readonly<Record<Name, Numbers>>;
	/** Error marks: what they mean, which stands under the title (`"range of 5 seeds"`), and for a series one of each bar. */
	errors?: {
		meaning: string;
		of: Readonly<Partial<Record<Name, readonly Margin[]>>>;
	};
}

interface Bar {
	i: number;
	label: string;
	series: string;
	value: number;
	low?: number;
	high?: number;
	text: string;
}

const rulesOfOptions: Rules<BarChartOptions<string>> = {
	title: finding,
	x: given,
	y: given,
	series: given,
	errors: optional(given),
};

/**
 * Bars from 0: probabilities, counts, scores by name, with error marks where several runs were made. Several series stand side by
 * side in the order of the legend.
 * @throws when a series does not have a number (and an error mark, where it has any) for each label, and for NaN and ±∞: a bar has no gap
 * to show them by.
 */
export function barChart<Name extends string>(
	options: BarChartOptions<Name>,
): Picture {
	expectOptions("barChart", options, rulesOfOptions);
	const { labels } = options.x;
	const y = readY(options.y);
	if (labels.length === 0)
		throw new Error("barChart: x must have at least one label, got none");
	const names = Object.keys(options.series) as Name[];
	if (names.length === 0)
		throw new Error(
			"barChart: series must name at least one set of bars, got {}",
		);
	const bars = Object.fromEntries(
		names.map((name) => [name, readBars(name, labels, options.series[name])]),
	) as Record<Name, number[]>;
	const margins = readErrors(options, bars);
	const title =
		typeof options.title === "string" ? options.title : options.title(bars);
	const notes = options.errors
		? [`Error marks: ${options.errors.meaning}`]
		: [];

	const values = names.flatMap((series) =>
		bars[series].map((value, i): Bar => {
			const [low, high] = margins[series]?.[i] ?? [];
			const text =
				low === undefined || high === undefined
					? brief(value)
					: `${brief(value)} (${brief(low)} to ${brief(high)})`;
			return { i, label: visible(labels[i]), series, value, low, high, text };
		}),
	);
	const several = names.length > 1;
	return vegaPicture(() => ({
		spec: {
			...frame({
				title,
				notes,
				width: 100 + labels.length * Math.max(90, names.length * 45),
				height: 240,
			}),
			data: { values },
			encoding: {
				x: xAxis(options.x, names.length),
				...(several && {
					xOffset: { field: "series", type: "nominal", sort: names },
				}),
			},
			layer: [
				{
					mark: { type: "bar", tooltip: true, clip: true },
					encoding: {
						y: {
							field: "value",
							type: "quantitative",
							title: y.title,
							scale: y.range
								? { domain: y.range, nice: false }
								: { zero: true },
						},
						color: {
							field: "series",
							type: "nominal",
							scale: looks(names).colour,
							legend: legendOf(names, "square"),
						},
						tooltip: [
							{ field: "label", type: "nominal", title: options.x.name },
							...(several
								? [{ field: "series", type: "nominal", title: "series" }]
								: []),
							{ field: "text", type: "nominal", title: y.title },
						],
					},
				},
				...(options.errors ? errorMarks(y) : []),
			],
		},
		text: [
			title,
			...notes.map((note) => `  ${note}`),
			...names.map(
				(name) =>
					`  ${several ? `${name}: ` : ""}${values
						.filter(({ series }) => series === name)
						.map(({ label, text }) => `${label} ${text}`)
						.join(", ")}`,
			),
		].join("\n"),
	}));
}

/** Places by number, named by their labels, since labels may repeat. */
function xAxis({ name, labels }: BarChartOptions<string>["x"], series: number) {
	const longest = Math.max(...labels.map((label) => label.length));
	return {
		field: "i",
		type: "ordinal",
		title: name,
		// Few bars stand apart: they would be as broad as high.
		scale: { padding: Math.max(0.15, 0.7 - 0.1 * labels.length * series) },
		axis: {
			labelExpr: `${JSON.stringify(labels.map(visible))}[datum.value]`,
			labelAngle: longest * 6.5 * labels.length <= 390 ? 0 : -40,
			labelOverlap: false,
			labelLimit: 160,
		},
	};
}

/** From low to high, with a bar across each end: dark, with a light rim, to be seen on every bar and every ground. */
function errorMarks(y: ReadAxis) {
	const clip = y.range !== undefined;
	const transform = [{ filter: "isValid(datum.low)" }];
	const end = (field: string, color: string, rim: number) => ({
		transform,
		mark: { type: "tick", color, size: 12 + rim, thickness: 2 + rim, clip },
		encoding: { y: { field, type: "quantitative" } },
	});
	return [
		{ color: "white", rim: 2 },
		{ color: "#222222", rim: 0 },
	].flatMap(({ color, rim }) => [
		{
			transform,
			mark: { type: "rule", color, strokeWidth: 2 + rim, clip },
			encoding: {
				y: { field: "low", type: "quantitative" },
				y2: { field: "high" },
			},
		},
		end("low", color, rim),
		end("high", color, rim),
	]);
}

function readY(axis: Axis): ReadAxis {
	const y = readAxis("barChart: y", axis);
	if (y.log)
		throw new Error(
			'barChart: y has no scale "log", since bars start at 0; lineChart and scatter have one',
		);
	if (y.range !== undefined && y.range[0] > 0)
		throw new Error(
			`barChart: y: range must start at 0 or below, since bars do, got [${y.range}]`,
		);
	return y;
}

function readBars(
	name: string,
	labels: readonly string[],
	values: Numbers,
): number[] {
	const bars = readNumbers(`barChart: series "${name}"`, values);
	if (bars.length !== labels.length)
		throw new Error(
			`barChart: series "${name}" must have a number for each of ${labels.length} labels, got ${bars.length}`,
		);
	const wrong = bars.findIndex((value) => !Number.isFinite(value));
	if (wrong >= 0)
		throw new Error(
			`barChart: series "${name}" must be finite, got ${bars[wrong]} at "${labels[wrong]}"`,
		);
	return bars;
}

function readErrors<Name extends string>(
	{ errors }: BarChartOptions<Name>,
	bars: Record<Name, number[]>,
): Partial<Record<Name, (readonly [number, number])[]>> {
	const read: Partial<Record<Name, (readonly [number, number])[]>> = {};
	for (const [name, margins] of Object.entries(errors?.of ?? {})) {
		const place = `barChart: errors of "${name}"`;
		const values: number[] | undefined = bars[name as Name];
		if (values === undefined)
			throw new Error(
				`${place}: there is no such series, only ${Object.keys(bars)
					.map((n) => `"${n}"`)
					.join(", ")}`,
			);
		const given = [...(margins as readonly Margin[])];
		if (given.length !== values.length)
			throw new Error(
				`${place} must be one for each of ${values.length} bars, got ${given.length}`,
			);
		read[name as Name] = given.map((margin, i) => {
			const [low, high] =
				typeof margin === "number"
					? [values[i] - margin, values[i] + margin]
					: margin;
			if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
				throw new Error(
					`${place} must be numbers ≥ 0 or [low, high], got ${JSON.stringify(margin)} at ${i}`,
				);
			return [low, high];
		});
	}
	return read;
}
