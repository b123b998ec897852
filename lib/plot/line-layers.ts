import { drawable, encode, type ReadAxis, shown } from "./axis.ts";
import { legendOf } from "./frame.ts";
import {
	bandLayers,
	type ReadBand,
	type Rule,
	ruleLayers,
} from "./overlays.ts";
import { cut, omissions, type Series, thin } from "./points.ts";
import { looks, written } from "./theme.ts";

/** More points of one line, or of all lines, are thinned: a chart is at most 860 pixels wide. */
const most = 1000;
const mostOfAll = 3000;
/** Up to here each point of a line gets a mark. */
const few = 30;
/** Crosses for points without a place, at most. */
const crossed = 60;

interface Point {
	x: number;
	y: number;
	series: string;
	/** The stretch between two gaps that the point belongs to. */
	part: number;
}

/** A mark that stands for one point, with its looks: it needs no legend of its own. */
interface Mark {
	x: number;
	y?: number;
	series: string;
	colour: string;
	shape: string;
}

/** The Vega-Lite layers of a line chart: lines, marks where points are few, × for points that have no place on an axis. */
export function lineLayers(
	lines: Readonly<Record<string, Series>>,
	x: ReadAxis,
	y: ReadAxis,
	{
		bands = [],
		rules = [],
	}: { bands?: readonly ReadBand[]; rules?: readonly Rule[] } = {},
) {
	const names = Object.keys(lines);
	const { colour, dash, shape } = looks(names);
	const points: Point[] = [];
	const marks: Mark[] = [];
	const crosses: Mark[] = [];
	const omitted: string[] = [];
	const budget = Math.min(most, Math.ceil(mostOfAll / names.length));
	let part = 0;
	for (const [n, series] of names.entries()) {
		const line = lines[series];
		const style = { series, colour: colour.range[n], shape: shape.range[n] };
		const { runs, out } = cut(line, x, y);
		const count = line.y.length - out.length;
		for (const run of runs) {
			const share = Math.max(2, Math.round((budget * run.length) / count));
			const kept = thin(run, line.y, share).map((i) => ({
				x: written(line.x[i]),
				y: written(line.y[i]),
			}));
			points.push(...kept.map((point) => ({ ...point, series, part })));
			// A point without neighbours is no line: it needs a mark to be seen at all.
			if (count <= few || kept.length === 1)
				marks.push(
					...kept
						.filter((p) => shown(x, p.x) && shown(y, p.y))
						.map((point) => ({ ...point, ...style })),
				);
			part++;
		}
		const placed = out.filter(
			(i) => drawable(x, line.x[i]) && shown(x, line.x[i]),
		);
		crosses.push(
			...thin(placed, line.x, crossed).map((i) => ({ x: line.x[i], ...style })),
		);
		omitted.push(...omissions(series, line, out, x));
	}

	const place = { x: encode(x, "x", { values: points }), y: encode(y, "y") };
	const legend = legendOf(names);
	const own = {
		color: { field: "colour", type: "nominal", scale: null },
		shape: { field: "shape", type: "nominal", scale: null },
		tooltip: [
			{ field: "series", type: "nominal" },
			{ field: "x", type: "quantitative", title: x.title },
			{ field: "y", type: "quantitative", title: y.title },
		],
	};
	const coloured = (name: string) => colour.range[names.indexOf(name)];
	const layer: { data: { values: object[] } }[] = [
		...bandLayers(bands, place, coloured),
		{
			data: { values: points },
			mark: {
				type: "line",
				order: false, // as the points come: a trajectory may turn back
				strokeWidth: 1.8,
				strokeJoin: "round",
				clip: x.range !== undefined || y.range !== undefined,
			},
			encoding: {
				...place,
				color: { field: "series", type: "nominal", scale: colour, legend },
				strokeDash: { field: "series", type: "nominal", scale: dash, legend },
				detail: { field: "part", type: "nominal" },
			},
		},
		{
			data: { values: marks },
			mark: { type: "point", filled: true, size: 40, opacity: 1 },
			encoding: { ...place, ...own },
		},
		{
			data: { values: crosses },
			mark: { type: "text", text: "×", fontSize: 16, fontWeight: "bold" },
			encoding: { x: place.x, y: { value: 8 }, color: own.color },
		},
	].filter(
		({ data }) =>
			(data.values !== marks && data.values !== crosses) ||
			data.values.length > 0,
	);
	layer.push(...ruleLayers(rules));
	return { layer, omitted, drawn: points.length };
}
