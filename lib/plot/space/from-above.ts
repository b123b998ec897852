import { encode, type ReadAxis } from "../axis.ts";
import { frame } from "../frame.ts";
import { short, turn } from "./figure.ts";

/** Where a surface was measured, and its heights: NaN is a hole. */
export interface Grid {
	xs: number[];
	ys: number[];
	rows: number[][];
}

/** A way over the surface, as it is drawn. */
export interface ReadPath {
	name: string;
	x: number[];
	y: number[];
	z: number[];
}

export type Axes = { x: ReadAxis; y: ReadAxis; z: ReadAxis };

/** How ways look on the surface, whose colours run from violet to yellow. */
export const ways = [
	{
		ink: "#ff3366",
		dash: "solid",
		symbol: "circle",
		line: [1, 0],
		mark: "circle",
	},
	{
		ink: "#ff9f1c",
		dash: "dash",
		symbol: "diamond",
		line: [7, 3],
		mark: "diamond",
	},
	{
		ink: "#ffffff",
		dash: "dot",
		symbol: "square",
		line: [2, 2],
		mark: "square",
	},
];

/** The surface from above: colours for its height, the ways drawn over them. */
export function fromAbove(
	title: string,
	{ x, y, z }: Axes,
	{ xs, ys, rows }: Grid,
	paths: ReadPath[],
	names: readonly string[],
) {
	// from the middle to the neighbour before, to the neighbour after and beyond: the next cell lies on it, and no seam shows
	const edges = (values: number[], i: number) => {
		const last = values.length - 1;
		const from = i > 0 ? (values[i - 1] + values[i]) / 2 : values[0];
		return [from, values[Math.min(last, i + 1)]];
	};
	const cells = ys.flatMap((_, r) =>
		xs.flatMap((_, c) => {
			if (!Number.isFinite(rows[r][c])) return [];
			const [x0, x1] = edges(xs, c).map(short);
			const [y0, y1] = edges(ys, r).map(short);
			return [{ x0, x1, y0, y1, v: rows[r][c] }];
		}),
	);
	const range = (values: number[]) => [
		Math.min(...values),
		Math.max(...values),
	];
	const place = (axis: ReadAxis, field: string, values: number[]) => ({
		...encode(axis, field),
		scale: { domain: range(values), nice: false, zero: false },
	});
	const steps = paths.flatMap(({ name, x: px, y: py }, n) =>
		px.map((_, i) => ({
			name,
			x: px[i],
			y: py[i],
			i,
			fill: ways[n % 3].ink,
			shape: ways[n % 3].mark,
		})),
	);
	const scale = (key: "ink" | "line") => ({
		domain: names,
		range: names.map((_, i) => ways[i % 3][key]),
	});
	const legend =
		names.length > 1
			? {
					title: null,
				}
			: null;
	const own = {
		x: place(x, "x", xs),
		y: place(y, "y", ys),
		detail: { field: "name" },
		order: { field: "i" },
	};
	const line = (width: number) => ({
		type: "line",
		strokeWidth: width,
		strokeJoin: "round",
		clip: true,
	});
	return {
		...frame({
			title,
			notes: [`Seen from above. ${turn}`],
			width: 520,
			height: 340,
		}),
		layer: [
			{
				data: { values: cells },
				mark: { type: "rect", strokeWidth: 0 },
				encoding: {
					x: place(x, "x0", xs),
					x2: { field: "x1" },
					y: place(y, "y0", ys),
					y2: { field: "y1" },
					color: {
						field: "v",
						type: "quantitative",
						scale: { scheme: "viridis", ...(z.log && { type: "log" }) },
						legend: { title: z.title, orient: "right" },
					},
				},
			},
			{
				data: { values: steps },
				mark: { ...line(4), stroke: "white", opacity: 0.6 },
				encoding: own,
			},
			{
				data: { values: steps },
				mark: line(2),
				encoding: {
					...own,
					stroke: {
						field: "name",
						type: "nominal",
						scale: scale("ink"),
						legend,
					},
					strokeDash: {
						field: "name",
						type: "nominal",
						scale: scale("line"),
						legend,
					},
				},
			},
			{
				data: { values: steps },
				mark: {
					type: "point",
					size: 24,
					opacity: 1,
					clip: true,
					stroke: "#222222",
					strokeWidth: 0.7,
				},
				encoding: {
					x: own.x,
					y: own.y,
					fill: { field: "fill", type: "nominal", scale: null },
					shape: { field: "shape", type: "nominal", scale: null },
				},
			},
		].slice(0, paths.length > 0 ? 4 : 1),
	};
}
