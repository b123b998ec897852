import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, positive } from "../expect/rules.ts";
import { type Axis, readAxis } from "./axis.ts";
import { frame } from "./frame.ts";
import { lineLayers } from "./line-layers.ts";
import { finding, given, strings } from "./options.ts";
import {
	type Band,
	type ReadBand,
	type Rule,
	readBand,
	readRule,
} from "./overlays.ts";
import { type Chart, type Picture, vegaPicture } from "./picture.ts";
import { type Line, type Points, readPoints, type Series } from "./points.ts";
import { brief } from "./theme.ts";

/** How `lineChart` is asked for a picture. */
export interface LineChartOptions<Name extends string> {
	/** The finding: a sentence, or a function that computes it from the lines (called when every series has points). */
	title: string | ((lines: Readonly<Record<Name, Line>>) => string);
	x: Axis;
	y: Axis;
	/** Each line by its name; `[]` for one whose points come later. */
	series: Readonly<Record<Name, Points>>;
	/** Areas around lines: what they mean, which stands under the title (`"range of 5 seeds"`), and one or several of a line. */
	bands?: {
		meaning: string;
		of: Readonly<Partial<Record<Name, Band | readonly Band[]>>>;
	};
	/** Thresholds across the chart, with their names. */
	rules?: readonly Rule[];
	/** Height of the plot in pixels, default 280. */
	height?: number;
	/** More that the reader must know, in small letters under the title. */
	notes?: readonly string[];
}

/** A line chart that can grow while it is shown. */
export interface LineChart<Name extends string> extends Picture {
	/** The points so far. */
	readonly lines: Readonly<Record<Name, Line>>;
	/** Adds one point at x to each series named. */
	add(x: number, values: Readonly<Partial<Record<Name, number>>>): void;
}

const rulesOfOptions: Rules<LineChartOptions<string>> = {
	title: finding,
	x: given,
	y: given,
	series: given,
	bands: optional(given),
	rules: optional(given),
	height: optional(positive),
	notes: optional(strings),
};

/**
 * Lines over an axis, several series, with points that may be added while a network trains.
 *
 * Series differ in colour and in dash (and in the shape of their points, where they have 30 or fewer). NaN, ±∞, and values ≤ 0 on a
 * log axis leave a gap, a × at the top of the chart, and a count under the title. Lines of more than 1000 points are
 * thinned for drawing; their highest and lowest points stay.
 *
 * ```ts
 * const chart = lineChart({
 *   title: ({ train }) => `The loss falls to ${train.last.toFixed(2)} nats`,
 *   x: "step",
 *   y: { name: "loss", unit: "nats per character" },
 *   series: { train: [] },
 * });
 * chart.add(1, { train: 3.2 });
 * ```
 * @throws when x and y differ in length; when it is shown, also if a series has no point that can be drawn.
 */
export function lineChart<Name extends string>(
	options: LineChartOptions<Name>,
): LineChart<Name> {
	expectOptions("lineChart", options, rulesOfOptions);
	const x = readAxis("lineChart: x", options.x);
	const y = readAxis("lineChart: y", options.y);
	const names = Object.keys(options.series) as Name[];
	if (names.length === 0)
		throw new Error("lineChart: series must name at least one line, got {}");
	const lines = Object.fromEntries(
		names.map((name) => [
			name,
			readPoints(`lineChart: series "${name}"`, options.series[name]),
		]),
	) as Record<Name, Series>;

	const bands = readBands(options, names);
	const rules = (options.rules ?? []).map((rule) =>
		readRule("lineChart", rule, x, y),
	);

	const draw = (state: "draft" | "final"): Chart => {
		const empty = names.filter((name) => lines[name].y.length === 0);
		if (state === "final" && empty.length > 0)
			throw new Error(`lineChart: series "${empty[0]}" has no points`);
		const { layer, omitted, drawn } = lineLayers(lines, x, y, { bands, rules });
		const notes = [
			...(options.bands ? [`Band: ${options.bands.meaning}`] : []),
			...(options.notes ?? []),
			...omitted,
		];
		if (state === "final" && drawn === 0)
			throw new Error(
				`lineChart: there is nothing to draw. ${notes.join(". ")}`,
			);
		const title =
			typeof options.title === "string"
				? options.title
				: empty.length === 0
					? options.title(lines)
					: `${y.name} by ${x.name}`;
		const summary = names.map(
			(name) =>
				`  ${name}: ${lines[name].y.length} points, ${brief(lines[name].first)} → ${brief(lines[name].last)}`,
		);
		return {
			spec: {
				...frame({ title, notes, height: options.height ?? 280 }),
				layer,
			},
			text: [
				title,
				...notes.map((note) => `  ${note}`),
				...rules.map(({ label }) => `  line: ${label}`),
				...(empty.length > 0 ? [] : summary),
			].join("\n"),
		};
	};

	return {
		...vegaPicture(draw),
		lines,
		add(at, values) {
			for (const [name, value] of Object.entries<number | undefined>(values)) {
				if (!Object.hasOwn(lines, name))
					throw new Error(
						`lineChart: there is no series "${name}", only ${names.map((n) => `"${n}"`).join(", ")}`,
					);
				if (value === undefined) continue;
				if (typeof at !== "number" || typeof value !== "number")
					throw new Error(
						`lineChart: add takes numbers, got ${typeof at} and ${typeof value} for "${name}"`,
					);
				lines[name as Name].x.push(at);
				lines[name as Name].y.push(value);
			}
		},
	};
}

function readBands<Name extends string>(
	{ bands }: LineChartOptions<Name>,
	names: readonly Name[],
): ReadBand[] {
	return Object.entries(bands?.of ?? {}).flatMap(([name, given]) => {
		if (!names.includes(name as Name))
			throw new Error(
				`lineChart: bands: there is no series "${name}", only ${names.map((n) => `"${n}"`).join(", ")}`,
			);
		const several = Array.isArray(given) ? given : [given];
		return several.map((band: Band) =>
			readBand(`lineChart: band of "${name}"`, name, band),
		);
	});
}
