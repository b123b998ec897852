import { encode, type ReadAxis } from "../axis.ts";
import { frame, heading } from "../frame.ts";
import { looks } from "../theme.ts";
import type { ReadAnimation } from "./animation-figure.ts";

/** The last of `count` frames as a Vega-Lite specification. */
export function lastFrame(read: ReadAnimation, count: number) {
	const { x, y, names, frames, ranges } = read;
	const { colour, dash } = looks(names);
	const last = frames[frames.length - 1];
	const values = last.lines.flatMap((line, i) =>
		Array.from(line.x, (at, t) => ({
			x: at,
			y: line.y[t],
			t,
			name: names[i],
			alone: line.x.length === 1,
			...(line.x.length === 1 && { ink: colour.range[i] }),
		})),
	);
	const place = (own: ReadAxis, field: "x" | "y") => ({
		...encode(own, field, { values }),
		scale: {
			domain: ranges[field],
			nice: false,
			zero: false,
			...(own.log && { type: "log" }),
		},
	});
	const drawn = names.filter((_, i) => last.lines[i].x.length > 1);
	const legend = drawn.length > 1 ? { title: null, values: drawn } : null;
	return {
		...ground(read, count),
		data: { values },
		layer: [
			{
				transform: [{ filter: "!datum.alone" }],
				mark: { type: "line", strokeWidth: 2, clip: true },
				encoding: {
					x: place(x, "x"),
					y: place(y, "y"),
					order: { field: "t" },
					color: { field: "name", type: "nominal", scale: colour, legend },
					strokeDash: { field: "name", type: "nominal", scale: dash, legend },
				},
			},
			{
				transform: [{ filter: "datum.alone" }],
				mark: { type: "point", filled: true, size: 90, opacity: 1, clip: true },
				encoding: {
					x: place(x, "x"),
					y: place(y, "y"),
					color: { field: "ink", type: "nominal", scale: null },
				},
			},
			{
				transform: [{ filter: "datum.alone" }],
				mark: {
					type: "text",
					align: "left",
					dx: 9,
					dy: -9,
					fontSize: 12,
					fontWeight: "bold",
				},
				encoding: {
					x: place(x, "x"),
					y: place(y, "y"),
					text: { field: "name" },
					color: { field: "ink", type: "nominal", scale: null },
				},
			},
		],
	};
}

/** Its title and size: where a unit is as long across as upwards, the height follows from the width. */
function ground(
	{ title, equal, ranges: { x, y } }: ReadAnimation,
	count: number,
) {
	const notes = [
		`The last of ${count} frames. In JupyterLab, point at the picture to play them.`,
	];
	if (!equal) return frame({ title, notes, width: 520, height: 320 });
	const ratio = (y[1] - y[0]) / (x[1] - x[0]);
	const width = Math.round(Math.min(440, Math.max(120, 400 / ratio)));
	return {
		...heading({ title, notes, width: 380 }),
		width,
		height: Math.round(width * ratio),
	};
}
