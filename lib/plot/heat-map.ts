import { type Picture, vegaPicture } from "./picture.ts";
import { readNumbers } from "./points.ts";
import { brief, frame, visible } from "./theme.ts";

/** One side of a heat map: what it is, and the name of each row or column. */
export interface Side {
	name: string;
	labels: readonly string[];
}

/** How `heatMap` is asked for a picture. */
export interface HeatMapOptions {
	/** The finding: a sentence, or a function that computes it from the values. */
	title: string | ((values: readonly (readonly number[])[]) => string);
	rows: Side;
	columns: Side;
	/** What a cell's number is, with its unit: `"share of names"`. */
	value: string;
	/** values [rows, columns] */
	values: readonly ArrayLike<number>[];
	/** The numbers at the two ends of the colours; without it they fit the values. */
	range?: readonly [number, number];
}

/**
 * A table of numbers as colours: a confusion matrix, the weights of an attention, a weight matrix.
 *
 * Up to 25 columns the numbers stand in the cells; row and column names may repeat (the words of a sentence). Values of both signs
 * get two colours around 0. NaN and ±∞ are grey cells that say so.
 *
 * Throws when `values` does not have a row for each row name and a number for each column name.
 */
export function heatMap({
	title,
	rows,
	columns,
	value,
	values,
	range,
}: HeatMapOptions): Picture {
	const table = readTable(rows, columns, values);
	const finding = typeof title === "string" ? title : title(table);
	const finite = table.flat().filter(Number.isFinite);
	const odd = rows.labels.length * columns.labels.length - finite.length;
	if (finite.length === 0)
		throw new Error(
			"heatMap: there is nothing to draw: no value is a finite number",
		);
	const notes =
		odd > 0
			? [`Grey: ${odd} of ${odd + finite.length} values are no finite number`]
			: [];
	const scale = colours(finite, range);

	const cells = table.flatMap((row, r) =>
		row.map((v, c) => ({
			r,
			c,
			row: visible(rows.labels[r]),
			column: visible(columns.labels[c]),
			value: v,
			text: short(v),
		})),
	);
	const cell = size(columns, 46);
	const high = size(rows, cell);
	const place = { x: side(columns, "c", -40), y: side(rows, "r", 0) };
	const tooltip = [
		{ field: "row", type: "nominal", title: rows.name },
		{ field: "column", type: "nominal", title: columns.name },
		{ field: "text", type: "nominal", title: value },
	];
	const color = {
		field: "value",
		type: "quantitative",
		scale: scale.vega,
		legend: { title: value, gradientLength: 160, tickCount: 5 },
	};
	// Numbers in one ink each: light on dark cells and dark on light ones.
	const numbers = (ink: string, written: typeof cells) => ({
		data: { values: written.map(({ r, c, text }) => ({ r, c, text })) },
		mark: { type: "text", fontSize: cell >= 34 ? 11 : 9, color: ink },
		encoding: { ...place, text: { field: "text", type: "nominal" } },
	});
	const [held, grey] = [true, false].map((finite) =>
		cells.filter(({ value }) => Number.isFinite(value) === finite),
	);
	const layer = [
		{
			data: { values: held },
			mark: { type: "rect" },
			encoding: { ...place, color, tooltip },
		},
		{
			data: { values: grey },
			mark: { type: "rect", color: "#868686" },
			encoding: { ...place, tooltip },
		},
		...(cell >= 22 && high >= 14
			? [
					numbers(
						"white",
						cells.filter(({ value }) => !scale.light(value)),
					),
					numbers(
						"black",
						cells.filter(({ value }) => scale.light(value)),
					),
				]
			: []),
	].filter(({ data }) => data.values.length > 0);
	const width = cell * columns.labels.length;
	const height = high * rows.labels.length;
	const text = [
		finding,
		...notes,
		`  ${value}: ${brief(Math.min(...finite))} to ${brief(Math.max(...finite))}`,
	].join("\n");
	return vegaPicture(() => ({
		spec: {
			...frame({ title: finding, notes, width, height }),
			layer,
		},
		text,
	}));
}

function readTable(
	rows: Side,
	columns: Side,
	values: readonly ArrayLike<number>[],
): number[][] {
	const [R, C] = [rows.labels.length, columns.labels.length];
	if (R === 0 || C === 0)
		throw new Error(
			`heatMap needs at least one row and one column, got [${R}, ${C}]`,
		);
	const table = Array.from(values, (row, r) =>
		readNumbers(`heatMap: values[${r}]`, row),
	);
	const wrong = table.find((row) => row.length !== C);
	if (table.length !== R || wrong)
		throw new Error(
			`heatMap: values must be [rows=${R}, columns=${C}], got [${table.length}, ${(wrong ?? table[0])?.length ?? 0}]`,
		);
	return table;
}

/** Width or height of a cell in pixels, so that a side stays within about 560. */
const size = ({ labels }: Side, most: number) =>
	Math.min(most, Math.max(12, Math.floor(560 / labels.length)));

/** The axis of one side. Cells lie by their number and are labelled by name, since names may repeat. */
function side({ name, labels }: Side, field: string, angle: number) {
	const long = labels.some((label) => label.length > 2);
	return {
		field,
		type: "ordinal",
		title: name,
		axis: {
			labelExpr: `${JSON.stringify(labels.map(visible))}[datum.value]`,
			labelAngle: long ? angle : 0,
			labelOverlap: false,
			labelLimit: 160,
			ticks: false,
			domain: false,
			grid: false,
		},
	};
}

/** Colours for the values, and whether a value's colour is a light one. */
function colours(finite: readonly number[], range?: readonly [number, number]) {
	const least = finite.reduce((a, b) => Math.min(a, b));
	const greatest = finite.reduce((a, b) => Math.max(a, b));
	if (range !== undefined && !(range[0] < range[1]))
		throw new Error(
			`heatMap: range must be [from, to] with from < to, got [${range}]`,
		);
	const [from, to] = range ?? [Math.min(0, least), Math.max(0, greatest)];
	if (from < 0 && to > 0) {
		const end = Math.max(-from, to);
		return {
			vega: { domain: [-end, end], scheme: "blueorange", clamp: true },
			light: (v: number) => Math.abs(v) / end < 0.6,
		};
	}
	const top = from === to ? from + 1 : to;
	return {
		vega: { domain: [from, top], scheme: "viridis", clamp: true },
		light: (v: number) => (v - from) / (top - from) >= 0.55,
	};
}

/** A number that fits into a cell. */
const short = (v: number): string =>
	Number.isInteger(v) || !Number.isFinite(v)
		? String(v)
		: v.toFixed(2).replace(/^(-?)0\./, "$1.");
