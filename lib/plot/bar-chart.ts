import type { Axis } from "./axis.ts";
import { readAxis } from "./axis.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { readNumbers } from "./points.ts";
import { brief, frame, looks, visible } from "./theme.ts";

/** How `barChart` is asked for a picture. */
export interface BarChartOptions<Name extends string> {
	/** The finding: a sentence, or a function that computes it from the bars. */
	title: string | ((bars: Readonly<Record<Name, readonly number[]>>) => string);
	/** What the bars stand for, and the name of each place on the axis. */
	x: { name: string; labels: readonly string[] };
	/** Starts at 0 always; a bar chart has no log scale. */
	y: Axis;
	/** One bar a label for each series; several series stand side by side, in this order. */
	series: Readonly<Record<Name, ArrayLike<number>>>;
}

/**
 * Bars from 0: probabilities, counts, scores by name. Several series stand side by side in the order of the legend.
 *
 * Throws when a series does not have a number for each label, and for NaN and ±∞: a bar has no gap to show them by.
 */
export function barChart<Name extends string>(
	options: BarChartOptions<Name>,
): Picture {
	const { labels } = options.x;
	const y = readAxis("barChart: y", options.y);
	if (y.log)
		throw new Error(
			'barChart: y has no scale "log", since bars start at 0; lineChart and scatter have one',
		);
	if (y.range !== undefined && y.range[0] > 0)
		throw new Error(
			`barChart: y: range must start at 0 or below, since bars do, got [${y.range}]`,
		);
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

	const title =
		typeof options.title === "string" ? options.title : options.title(bars);
	const values = names.flatMap((series) =>
		bars[series].map((value, i) => ({
			i,
			label: visible(labels[i]),
			series,
			value,
			text: brief(value),
		})),
	);
	const several = names.length > 1;
	const upright = labels.every(
		(label) => label.length <= Math.max(2, 60 / labels.length),
	);
	const axis = {
		labelExpr: `${JSON.stringify(labels.map(visible))}[datum.value]`,
		labelAngle: upright ? 0 : -40,
		labelOverlap: false,
		labelLimit: 160,
	};
	const spec = {
		...frame({
			title,
			width: Math.min(640, Math.max(240, labels.length * names.length * 28)),
			height: 240,
		}),
		data: { values },
		mark: { type: "bar", tooltip: true, clip: true },
		encoding: {
			x: { field: "i", type: "ordinal", title: options.x.name, axis },
			...(several && {
				xOffset: { field: "series", type: "nominal", sort: names },
			}),
			y: {
				field: "value",
				type: "quantitative",
				title: y.title,
				scale: y.range ? { domain: y.range, nice: false } : { zero: true },
			},
			color: {
				field: "series",
				type: "nominal",
				scale: looks(names).colour,
				legend: several
					? { title: null, symbolSize: 140, symbolType: "square" }
					: null,
			},
			tooltip: [
				{ field: "label", type: "nominal", title: options.x.name },
				...(several
					? [{ field: "series", type: "nominal", title: "series" }]
					: []),
				{ field: "text", type: "nominal", title: y.title },
			],
		},
	};
	const summary = names.map(
		(name) =>
			`  ${several ? `${name}: ` : ""}${bars[name].map((v, i) => `${visible(labels[i])} ${brief(v)}`).join(", ")}`,
	);
	return vegaPicture(() => ({ spec, text: [title, ...summary].join("\n") }));
}

function readBars(
	name: string,
	labels: readonly string[],
	values: ArrayLike<number>,
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
