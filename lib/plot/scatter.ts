import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, optional } from "../expect/rules.ts";
import { type Axis, encode, readAxis } from "./axis.ts";
import { frame, heading, legendOf } from "./frame.ts";
import { finding, given } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import {
	cut,
	type Line,
	omissions,
	type Points,
	readPoints,
	type Series,
} from "./points.ts";
import { looks, visible } from "./theme.ts";

/** Points of one series; with `labels` the name of each point stands beside it. */
export type Cloud = Points & { labels?: readonly string[] };

/** How `scatter` is asked for a picture. */
export interface ScatterOptions<Name extends string> {
	/** The finding: a sentence, or a function that computes it from the points. */
	title: string | ((clouds: Readonly<Record<Name, Line>>) => string);
	x: Axis;
	y: Axis;
	/** Whether a step is as long upwards as to the side, so that a circle is round; default no. */
	equal?: boolean;
	/** Each group of points by its name. */
	series: Readonly<Record<Name, Cloud>>;
}

const rulesOfOptions: Rules<ScatterOptions<string>> = {
	title: finding,
	x: given,
	y: given,
	equal: optional(flag),
	series: given,
};

/**
 * Points in a plane: embeddings, states, a measure against another. Series differ in colour and in shape.
 *
 * NaN, ±∞, and values ≤ 0 on a log axis are left out and counted under the title.
 * @throws when x, y and labels differ in length, and when no point can be drawn.
 */
export function scatter<Name extends string>(
	options: ScatterOptions<Name>,
): Picture {
	expectOptions("scatter", options, rulesOfOptions);
	const x = readAxis("scatter: x", options.x);
	const y = readAxis("scatter: y", options.y);
	const names = Object.keys(options.series) as Name[];
	if (names.length === 0)
		throw new Error(
			"scatter: series must name at least one group of points, got {}",
		);
	const clouds = Object.fromEntries(
		names.map((name) => [
			name,
			readPoints(`scatter: series "${name}"`, options.series[name]),
		]),
	) as Record<Name, Series>;

	const notes: string[] = [];
	const values = names.flatMap((series) => {
		const { labels } = options.series[series];
		const cloud = clouds[series];
		if (labels !== undefined && labels.length !== cloud.y.length)
			throw new Error(
				`scatter: series "${series}" must have a label for each point, got ${labels.length} for ${cloud.y.length}`,
			);
		const { runs, out } = cut(cloud, x, y);
		notes.push(...omissions(series, cloud, out, x));
		return runs.flat().map((i) => ({
			x: cloud.x[i],
			y: cloud.y[i],
			series,
			...(labels && { label: visible(labels[i]) }),
		}));
	});
	if (values.length === 0)
		throw new Error(
			`scatter: there is nothing to draw. ${notes.join(". ") || "No points were given"}`,
		);

	if (options.equal && (x.log || y.log))
		throw new Error("scatter: equal wants two linear axes, got a log axis");
	const title =
		typeof options.title === "string" ? options.title : options.title(clouds);
	const { colour, shape } = looks(names);
	const legend = legendOf(names, "circle");
	const clip = x.range !== undefined || y.range !== undefined;
	const ranges = {
		x: x.range ?? around(values.map((value) => value.x)),
		y: y.range ?? around(values.map((value) => value.y)),
	};
	const place = options.equal
		? {
				x: encode({ ...x, range: ranges.x }, "x"),
				y: encode({ ...y, range: ranges.y }, "y"),
			}
		: {
				x: encode(x, "x", { padding: 12 }),
				y: encode(y, "y", { padding: 12 }),
			};
	const color = { field: "series", type: "nominal", scale: colour, legend };
	const labelled = names.some(
		(name) => options.series[name].labels !== undefined,
	);
	const points = {
		mark: {
			type: "point",
			filled: true,
			size: 45,
			opacity: 0.8,
			clip,
			tooltip: { content: "data" },
		},
		encoding: {
			...place,
			color,
			shape: { field: "series", type: "nominal", scale: shape, legend },
		},
	};
	const words = {
		data: { values: values.filter((value) => "label" in value) },
		mark: { type: "text", align: "left", dx: 6, dy: -4, fontSize: 11, clip },
		encoding: { ...place, text: { field: "label", type: "nominal" }, color },
	};
	const summary = names.map(
		(name) => `  ${name}: ${clouds[name].y.length} points`,
	);
	const ground = options.equal
		? equalSteps({ title, notes }, ranges)
		: frame({ title, notes, width: 640, height: 360 });
	return vegaPicture(() => ({
		spec: {
			...ground,
			data: { values },
			layer: labelled ? [points, words] : [points],
		},
		text: [title, ...notes.map((note) => `  ${note}`), ...summary].join("\n"),
	}));
}

/** From the least to the greatest of some numbers, with room for their marks. */
function around(values: readonly number[]): readonly [number, number] {
	const [low, high] = values.reduce(
		([low, high], value) => [Math.min(low, value), Math.max(high, value)],
		[Infinity, -Infinity],
	);
	const room = 0.06 * (high - low) || 1;
	return [low - room, high + room];
}

/** The ground of a chart on which both axes have as many pixels for a step: it cannot follow the width of its place. */
function equalSteps(
	heads: { title: string; notes: readonly string[] },
	{ x, y }: { x: readonly [number, number]; y: readonly [number, number] },
) {
	const ratio = (y[1] - y[0]) / (x[1] - x[0]);
	const width = Math.round(Math.min(380, Math.max(120, 340 / ratio)));
	return {
		...heading({ ...heads, width: 400 }),
		width,
		height: Math.round(width * ratio),
	};
}
