import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text } from "../expect/rules.ts";
import { frame } from "./frame.ts";
import { type Matrix, pooled, readMatrix } from "./matrix.ts";
import { finding, given, range } from "./options.ts";
import { type Picture, vegaPicture } from "./picture.ts";
import { brief, grey, visible } from "./theme.ts";

/** One side of a heat map: what it is, and the name of each row or column (without names they are counted from 0). */
export interface Side {
	name: string;
	labels?: readonly string[];
}

/** How `heatMap` is asked for a picture. */
export interface HeatMapOptions {
	/** The finding: a sentence, or a function that computes it from the values. */
	title: string | ((values: readonly (readonly number[])[]) => string);
	rows: Side;
	columns: Side;
	/** What a cell's number is, with its unit: `"share of names"`. */
	value: string;
	/** values [rows, columns]: rows of numbers, or a tensor */
	values: Matrix;
	/** The numbers at the two ends of the colours; without it they fit the values. */
	range?: readonly [number, number];
}

/** A side as it is drawn: its name, the names of its places, and which of them stand on the axis. */
interface Places {
	title: string;
	names: string[];
	shown: string[];
}

/** More rows or columns than this are too small to be seen: each cell is then the strongest of several. */
const finest = 100;

const rulesOfOptions: Rules<HeatMapOptions> = {
	title: finding,
	rows: given,
	columns: given,
	value: text,
	values: given,
	range: optional(range),
};

/**
 * A table of numbers as colours: weights, gates over time, a confusion matrix, the weights of an attention with words on both sides.
 *
 * Up to 14 columns the numbers stand in the cells, and up to 60 each row and column has its name; names may repeat (the words of a
 * sentence). Values of both signs get two colours around 0. NaN and ±∞ are grey cells that say so. Of more than 100 rows or columns
 * each cell shows the strongest of its neighbours, and a note under the title says so.
 * @throws when `values` does not have a row for each row name and a number for each column name.
 */
export function heatMap(options: HeatMapOptions): Picture {
	const { title, rows, columns, value, values, range } = expectOptions(
		"heatMap",
		options,
		rulesOfOptions,
	);
	const table = readMatrix("heatMap", values, rows.labels, columns.labels);
	const finding = typeof title === "string" ? title : title(table);
	const all = table.flat();
	const finite = all.filter(Number.isFinite);
	if (finite.length === 0)
		throw new Error(
			"heatMap: there is nothing to draw: no value is a finite number",
		);
	const scale = colours(finite, range);
	const small = pooled(table, finest);
	const odd = all.length - finite.length;
	const notes = [
		...(odd > 0
			? [`Grey: ${odd} of ${all.length} values are no finite number`]
			: []),
		...(small.rows * small.columns > 1
			? [
					`A cell shows the strongest of up to ${small.rows} × ${small.columns} values`,
				]
			: []),
	];
	const [R, C] = [small.values.length, small.values[0].length];
	const down = places(rows, R, small.rows);
	const across = places(columns, C, small.columns);
	const high = R <= 14 ? 34 : Math.max(4, Math.min(24, Math.round(620 / R)));
	const spec = {
		...frame({
			title: finding,
			notes,
			width: 90 + 7 * Math.min(22, longest(down)) + 60 * C,
			height: high * R,
		}),
		...cells(small.values, down, across),
		encoding: {
			x: {
				field: "c",
				type: "ordinal",
				title: across.title,
				axis: names(across),
			},
			y: {
				field: "r",
				type: "ordinal",
				title: down.title,
				axis: {
					...names(down),
					labelAngle: 0,
					labelFontSize: rows.labels ? size(high) : 10,
				},
			},
			tooltip: [
				{ field: "row", type: "nominal", title: rows.name },
				{ field: "column", type: "nominal", title: columns.name },
				{ field: "text", type: "nominal", title: value },
			],
		},
		layer: [
			coloured(scale, value),
			...(odd > 0 ? [greyed] : []),
			...(C <= 14 && high >= 16 ? [numbered(scale, C)] : []),
		],
	};
	const [least, greatest] = extremes(finite);
	const text = [
		finding,
		...notes.map((note) => `  ${note}`),
		`  ${value}: ${brief(least)} to ${brief(greatest)}`,
	].join("\n");
	return vegaPicture(() => ({ spec, text }));
}

/** The data: row after row, each cell a number; the rest is computed where it is drawn, so that a large map stays a small file. */
function cells(
	values: readonly (readonly number[])[],
	down: Places,
	across: Places,
) {
	const C = across.names.length;
	return {
		data: { values: listed(values.flat()) },
		transform: [
			{ window: [{ op: "row_number", as: "n" }] },
			{ calculate: `floor((datum.n - 1) / ${C})`, as: "r" },
			{ calculate: `(datum.n - 1) % ${C}`, as: "c" },
			{ calculate: `${JSON.stringify(down.names)}[datum.r]`, as: "row" },
			{ calculate: `${JSON.stringify(across.names)}[datum.c]`, as: "column" },
			{ calculate: short, as: "text" },
		],
	};
}

type Colours = ReturnType<typeof colours>;

/** The cells with their colours. */
function coloured({ vega }: Colours, value: string) {
	return {
		transform: [{ filter: "isNumber(datum.data)" }],
		mark: {
			type: "rect",
			aria: false, // its words are those of the whole map: each cell's own would be most of what the page holds
			// a little over the next cell, or the ground would shine through between them
			width: { expr: "bandwidth('x') + 0.7" },
			height: { expr: "bandwidth('y') + 0.7" },
		},
		encoding: {
			color: {
				field: "data",
				type: "quantitative",
				scale: vega,
				legend: {
					title: value,
					titleLimit: 400,
					gradientLength: 180,
					tickCount: 4,
				},
			},
		},
	};
}

/** The cells that are no finite number. */
const greyed = {
	transform: [{ filter: "!isNumber(datum.data)" }],
	mark: { type: "rect", color: grey },
};

/** The numbers in the cells of so many columns: light on dark cells and dark on light ones. */
function numbered({ light }: Colours, columns: number) {
	return {
		mark: { type: "text", fontSize: columns <= 10 ? 11 : 10 },
		encoding: {
			text: { field: "text", type: "nominal" },
			color: {
				condition: {
					test: `!isNumber(datum.data) || ${light}`,
					value: "black",
				},
				value: "white",
			},
		},
	};
}

/** The places of one side, `step` of the table's in each. Of many names only some are shown, of numbers the round ones. */
function places({ name, labels }: Side, count: number, step: number): Places {
	const names = Array.from({ length: count }, (_, i) =>
		labels === undefined ? String(i * step) : visible(labels[i * step]),
	);
	const every =
		labels !== undefined
			? Math.ceil(count / 60)
			: (rounds.find((round) => (count * step) / round <= 20) ?? 1000);
	const round = (i: number) => Math.floor((i * step - 1) / every);
	const shown = names.map((name, i) =>
		labels !== undefined
			? i % every === 0
				? name
				: ""
			: round(i) !== round(i + 1)
				? String((round(i) + 1) * every)
				: "",
	);
	return { title: name, names, shown };
}

const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500];

const longest = ({ shown }: Places) =>
	Math.max(...shown.map((name) => name.length));

/** The size of letters that stand in lines `high` pixels high. */
const size = (high: number) => Math.max(7, Math.min(11, high - 1));

/** The axis of a side, whose places lie by their number and are named by their labels. */
function names(side: Places) {
	const count = side.shown.filter((name) => name !== "").length;
	const flat = longest(side) <= 2 || longest(side) * 6.5 * count <= 380;
	return {
		labelExpr: `${JSON.stringify(side.shown)}[datum.value]`,
		labelAngle: flat ? 0 : count <= 16 ? -40 : -90,
		labelFontSize: { expr: `clamp(width / ${count}, 7, 11)` },
		labelOverlap: false,
		labelLimit: 160,
		ticks: false,
		domain: false,
		grid: false,
	};
}

function extremes(finite: readonly number[]): [number, number] {
	return [
		finite.reduce((a, b) => Math.min(a, b)),
		finite.reduce((a, b) => Math.max(a, b)),
	];
}

/** Colours for the values, and the condition under which a value's colour is a light one. */
function colours(finite: readonly number[], range?: readonly [number, number]) {
	const [least, greatest] = extremes(finite);
	if (range !== undefined && !(range[0] < range[1]))
		throw new Error(
			`heatMap: range must be [from, to] with from < to, got [${range}]`,
		);
	const [from, to] = range ?? [Math.min(0, least), Math.max(0, greatest)];
	if (from < 0 && to > 0) {
		const end = Math.max(-from, to);
		return {
			vega: { domain: [-end, end], scheme: "blueorange", clamp: true },
			light: `abs(datum.data) < ${0.6 * end}`,
		};
	}
	const top = from === to ? from + 1 : to;
	return {
		vega: { domain: [from, top], scheme: "viridis", clamp: true },
		light: `datum.data >= ${from + 0.55 * (top - from)}`,
	};
}

/** The values in the file, four digits of each: bare numbers where all are, which takes least, else with the names of the others. */
function listed(values: readonly number[]) {
	const short = values.map((v) =>
		Number.isFinite(v) ? Number(v.toPrecision(4)) : String(v),
	);
	return values.every(Number.isFinite)
		? short
		: short.map((data) => ({ data }));
}

/** A number that fits into a cell: whole ones as they are, others with two digits and without the 0 in front. */
const short =
	"!isNumber(datum.data) ? datum.data : floor(datum.data) == datum.data ? format(datum.data, 'd') : replace(format(datum.data, '.2f'), regexp('^(−?)0\\\\.'), '$1.')";
