import { expectOptions, type Rules } from "../expect/expect.ts";
import { text } from "../expect/rules.ts";
import { type Axis, readAxis } from "./axis.ts";
import { frame, legendOf } from "./frame.ts";
import { given } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { brief, looks, visible, written } from "./theme.ts";

/** From one time to another, and what was then. */
export interface Span {
	from: number;
	to: number;
	/** What it is; spans of one name have one colour. */
	name: string;
}

/** How `timeline` is asked for a picture. */
export interface TimelineOptions {
	/** The finding. */
	title: string;
	/** What runs from left to right. */
	x: Axis;
	/** The spans of each row by its name, in order. */
	rows: Readonly<Record<string, readonly Span[]>>;
}

const rulesOfOptions: Rules<TimelineOptions> = {
	title: text,
	x: given,
	rows: given,
};

/**
 * What happens when: rows of spans on one axis of time, such as the parts of a sequence, the pieces of truncated back-propagation,
 * or what a unit remembers. A span's name stands in it where it fits, and always in the legend.
 * @throws when a span does not run forwards, and beyond 12 names.
 */
export function timeline(options: TimelineOptions): Picture {
	expectOptions("timeline", options, rulesOfOptions);
	const x = readAxis("timeline: x", options.x);
	if (x.log) throw new Error('timeline: x has no scale "log"');
	const rows = Object.keys(options.rows);
	const values = rows.flatMap((row, r) =>
		options.rows[row].map(({ from, to, name }) => {
			if (!(Number.isFinite(from) && Number.isFinite(to) && from < to))
				throw new Error(
					`timeline: row "${row}": "${name}" must run from a number to a greater one, got ${from} to ${to}`,
				);
			return {
				r,
				row,
				from: written(from),
				to: written(to),
				middle: written((from + to) / 2),
				name: visible(name),
				length: visible(name).length,
			};
		}),
	);
	if (values.length === 0)
		throw new Error("timeline: rows must hold at least one span, got none");
	const names = [...new Set(values.map(({ name }) => name))];
	if (names.length > 12)
		throw new Error(
			`timeline: wanted at most 12 names, whose colours can be told apart, got ${names.length}`,
		);
	const place = {
		field: "from",
		type: "quantitative",
		title: x.title,
		scale: {
			zero: false,
			nice: false,
			...(x.range && { domain: x.range }),
		},
	};
	const y = {
		field: "r",
		type: "ordinal",
		title: null,
		axis: {
			labelExpr: `${JSON.stringify(rows.map(visible))}[datum.value]`,
			labelLimit: 160,
			labelFontSize: 12,
			ticks: false,
			domain: false,
		},
		scale: { paddingInner: 0.25, paddingOuter: 0.15 },
	};
	const tooltip = ["row", "name", "from", "to"].map((field) => ({
		field,
		type: field.length > 2 && field !== "from" ? "nominal" : "quantitative",
	}));
	const text = [
		options.title,
		...rows.map(
			(row) =>
				`  ${row}: ${options.rows[row].map(({ from, to, name }) => `${name} ${brief(from)} to ${brief(to)}`).join(", ")}`,
		),
	].join("\n");
	return vegaPicture(() => ({
		spec: {
			...frame({ title: options.title, height: 34 * rows.length }),
			data: { values },
			layer: [
				{
					mark: { type: "bar", clip: true, cornerRadius: 2 },
					encoding: {
						x: place,
						x2: { field: "to" },
						y,
						color: {
							field: "name",
							type: "nominal",
							scale: looks(names).colour,
							legend: legendOf(names, "square"),
						},
						tooltip,
					},
				},
				{
					mark: {
						type: "text",
						color: "white",
						fontSize: 11,
						fontWeight: "bold",
						clip: true,
					},
					encoding: {
						x: { ...place, field: "middle" },
						y,
						text: { field: "name", type: "nominal" },
						// Only where it fits.
						opacity: {
							condition: {
								test: "(datum.to - datum.from) / span(domain('x')) * width > 7 * datum.length + 6",
								value: 1,
							},
							value: 0,
						},
					},
				},
			],
		},
		text,
	}));
}
