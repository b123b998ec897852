import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text } from "../expect/rules.ts";
import { type Axis, drawable, encode, readAxis } from "./axis.ts";
import { heading, legendOf } from "./frame.ts";
import { given } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import {
	cut,
	type Line,
	omissions,
	type Points,
	readPoints,
	thin,
} from "./points.ts";
import { brief, looks, written } from "./theme.ts";

/** How `multiples` is asked for a picture. */
export interface MultiplesOptions {
	/** The finding. */
	title: string;
	x: Axis;
	y: Axis;
	/** Small charts by name, each with its lines by name; all share their axes, and a name has one look in all. */
	panels: Readonly<Record<string, Readonly<Record<string, Points>>>>;
	/** How many stand side by side, default up to 3. */
	columns?: number;
}

/** Points of all lines together, at most. */
const most = 3000;

const rulesOfOptions: Rules<MultiplesOptions> = {
	title: text,
	x: given,
	y: given,
	panels: given,
	columns: optional(given),
};

/**
 * Small line charts of one kind, side by side on the same axes, so that only what differs catches the eye.
 *
 * NaN, ±∞, and values ≤ 0 on a log axis leave a gap and are counted under the title.
 * @throws when nothing can be drawn.
 */
export function multiples(options: MultiplesOptions): Picture {
	expectOptions("multiples", options, rulesOfOptions);
	const x = readAxis("multiples: x", options.x);
	const y = readAxis("multiples: y", options.y);
	const panels = Object.keys(options.panels);
	if (panels.length === 0)
		throw new Error("multiples: panels must name at least one chart, got {}");
	const names = [
		...new Set(panels.flatMap((panel) => Object.keys(options.panels[panel]))),
	];
	const { columns = Math.min(3, panels.length) } = options;
	if (!Number.isInteger(columns) || columns < 1 || columns > 6)
		throw new Error(
			`multiples: columns must be a whole number from 1 to 6, got ${columns}`,
		);
	const lines: { panel: string; name: string; line: Line }[] = panels.flatMap(
		(panel) =>
			Object.entries(options.panels[panel]).map(([name, points]) => ({
				panel,
				name,
				line: readPoints(`multiples: "${panel}", "${name}"`, points),
			})),
	);
	const notes: string[] = [];
	const limit = Math.max(20, Math.ceil(most / Math.max(1, lines.length)));
	let part = 0;
	const values = lines.flatMap(({ panel, name, line }) => {
		const { runs, out } = cut(line, x, y);
		notes.push(...omissions(`${panel}, ${name}`, line, out, x));
		return runs.flatMap((run) => {
			part++;
			return thin(run, line.y, limit).map((i) => ({
				panel,
				series: name,
				x: written(line.x[i]),
				y: written(line.y[i]),
				part,
			}));
		});
	});
	if (values.length === 0)
		throw new Error(
			`multiples: there is nothing to draw. ${notes.join(". ") || "No points were given"}`,
		);
	const few = lines.every(
		({ line }) => line.y.filter((v) => drawable(y, v)).length <= 30,
	);
	const { colour, dash } = looks(names);
	const legend = legendOf(names);
	const spec = {
		...heading({ title: options.title, notes: notes.slice(0, 3) }),
		data: { values },
		facet: {
			field: "panel",
			type: "nominal",
			sort: panels,
			title: x.title,
			header: {
				labelFontSize: 12,
				labelPadding: 5,
				titleOrient: "bottom",
				titleFontSize: 12,
			},
		},
		columns,
		spacing: 14,
		spec: {
			width: Math.floor(470 / columns) - 16,
			height: columns === 1 ? 140 : 120,
			mark: {
				type: "line",
				order: false, // as the points come: a trajectory may turn back
				strokeWidth: 1.8,
				strokeJoin: "round",
				point: few && { size: 25 },
				clip: x.range !== undefined || y.range !== undefined,
			},
			encoding: {
				x: { ...small(encode(x, "x")), title: null },
				y: small(encode(y, "y")),
				color: { field: "series", type: "nominal", scale: colour, legend },
				strokeDash: { field: "series", type: "nominal", scale: dash, legend },
				detail: { field: "part", type: "nominal" },
			},
		},
	};
	const words = lines.map(
		({ panel, name, line }) =>
			`  ${panel}${names.length > 1 ? `, ${name}` : ""}: ${line.y.length} points, ${brief(line.first)} → ${brief(line.last)}`,
	);
	const text = [options.title, ...notes.map((n) => `  ${n}`), ...words];
	return vegaPicture(() => ({ spec, text: text.join("\n") }));
}

/** An axis of a small chart has room for few numbers. */
const small = (encoding: ReturnType<typeof encode>) => ({
	...encoding,
	axis: { ...("axis" in encoding && encoding.axis), tickCount: 4 },
});
