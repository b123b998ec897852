import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional } from "../expect/rules.ts";
import type { Axis } from "./axis.ts";
import { type LineChart, lineChart } from "./line-chart.ts";
import { finding, given } from "./options.ts";
import type { Band } from "./overlays.ts";
import { type Line, type Numbers, type Points, readNumbers } from "./points.ts";
import { quantile } from "./training-charts.ts";

/** How `forecastChart` is asked for a picture. */
export interface ForecastChartOptions {
	/** The finding: a sentence, or a function that computes it from the lines. */
	title:
		| string
		| ((
				lines: Readonly<Record<"measured" | "forecast" | "what came", Line>>,
		  ) => string);
	x: Axis;
	y: Axis;
	/** What was known when the forecast was made. */
	past: Points;
	/** Where the forecast stands: one number for each x. */
	at: Numbers;
	/** Possible futures that the network drew, each with a number for each x of `at`: shown by median and intervals. */
	samples: readonly Numbers[];
	/** What came, where it is known. */
	truth?: Points;
	/** The shares of the futures that lie in the intervals, default a half and nine tenths. */
	intervals?: readonly number[];
}

const rulesOfOptions: Rules<ForecastChartOptions> = {
	title: finding,
	x: given,
	y: given,
	past: given,
	at: given,
	samples: given,
	truth: optional(given),
	intervals: optional(given),
};

/**
 * A forecast with its intervals, from futures that the network drew (`monteCarlo`, or sampling step after step): between their
 * quantiles lie half and nine tenths of them. A threshold marks where the past ends.
 * @throws when a future does not have a number for each x.
 */
export function forecastChart(
	options: ForecastChartOptions,
): LineChart<"measured" | "forecast" | "what came"> {
	const {
		title,
		x,
		y,
		past,
		at,
		samples,
		truth,
		intervals = [0.5, 0.9],
	} = expectOptions("forecastChart", options, rulesOfOptions);
	const places = readNumbers("forecastChart: at", at);
	const futures = samples.map((sample, i) =>
		readNumbers(`forecastChart: samples[${i}]`, sample),
	);
	const wrong = futures.findIndex((future) => future.length !== places.length);
	if (futures.length === 0 || places.length === 0 || wrong >= 0)
		throw new Error(
			`forecastChart: samples must be one or more of ${places.length} numbers, one for each x of at, got ${wrong < 0 ? futures.length : `${futures[wrong].length} numbers in [${wrong}]`}`,
		);
	const outside = intervals.find((share) => !(share > 0 && share < 1));
	if (outside !== undefined)
		throw new Error(
			`forecastChart: intervals must be shares between 0 and 1, got ${outside}`,
		);
	const sorted = places.map((_, i) =>
		futures.map((future) => future[i]).sort((a, b) => a - b),
	);
	const bands = intervals.map(
		(share): Band => ({
			x: places,
			low: sorted.map((values) => quantile(values, (1 - share) / 2)),
			high: sorted.map((values) => quantile(values, (1 + share) / 2)),
		}),
	);
	const series = {
		measured: past,
		forecast: {
			x: places,
			y: sorted.map((values) => quantile(values, 0.5)),
		},
		...(truth !== undefined && { "what came": truth }),
	} as Record<"measured" | "forecast" | "what came", Points>;
	const shares = intervals.map((share) => `${Math.round(100 * share)} %`);
	return lineChart({
		title,
		x,
		y,
		series,
		bands: {
			meaning: `${shares.join(" and ")} of ${futures.length} drawn futures; line: their median`,
			of: { forecast: bands },
		},
		rules: [{ x: places[0], label: "forecast" }],
	});
}
