import type { ReadAxis } from "../axis.ts";
import { looks } from "../theme.ts";
import { grid, paper, shortAll } from "./figure.ts";

/** The frames of an animation as they are drawn: of each line its points, none in a frame that lacks it. */
export interface ReadAnimation {
	title: string;
	x: ReadAxis;
	y: ReadAxis;
	equal: boolean;
	names: string[];
	frames: { name: string; lines: { x: number[]; y: number[] }[] }[];
	ranges: Record<"x" | "y", readonly [number, number]>;
}

/** Plotly's figure: the frames, a slider that chooses one, and buttons that play and stop them. `pause` is in milliseconds. */
export function playable(read: ReadAnimation, pause: number) {
	const { title, x, y, equal, names, frames, ranges } = read;
	const { colour } = looks(names);
	const last = frames[frames.length - 1];
	const traces = (lines: (typeof last)["lines"]) =>
		lines.map((line, i) => ({
			type: "scatter",
			mode: line.x.length > 1 ? "lines" : "markers",
			name: names[i],
			x: shortAll(line.x),
			y: shortAll(line.y),
			line: {
				color: colour.range[i],
				width: 2.5,
				dash: dashes[i % dashes.length],
			},
			marker: { color: colour.range[i], size: 10 },
		}));
	const axis = (own: ReadAxis, range: readonly number[]) => ({
		title: { text: own.title, standoff: 6 },
		range,
		...(own.log && { type: "log", range: range.map(Math.log10) }),
		gridcolor: grid,
		zerolinecolor: grid,
	});
	const { lines, layout } = paper(title);
	return {
		data: traces(last.lines),
		frames: frames.map(({ name, lines }) => ({ name, data: traces(lines) })),
		layout: {
			...layout,
			height: 480,
			margin: { l: 60, r: 20, t: 30 + 20 * lines, b: 110 },
			xaxis: axis(x, ranges.x),
			yaxis: { ...axis(y, ranges.y), ...(equal && { scaleanchor: "x" }) },
			showlegend: names.length > 1,
			legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
			updatemenus: [buttons(pause)],
			sliders: [slider(frames)],
		},
		config: { responsive: true, displaylogo: false, displayModeBar: false },
	};
}

const dashes = ["solid", "dash", "dot", "dashdot", "longdash"];

/** Plotly's options to show a frame at once, and stop. */
const atOnce = {
	mode: "immediate",
	transition: { duration: 0 },
	frame: { duration: 0, redraw: false },
};

function slider(frames: ReadAnimation["frames"]) {
	return {
		x: 0.16,
		y: -0.18,
		len: 0.84,
		active: frames.length - 1,
		pad: { t: 0, b: 0 },
		currentvalue: { visible: true, xanchor: "left" },
		steps: frames.map(({ name }) => ({
			label: name,
			method: "animate",
			args: [[name], atOnce],
		})),
	};
}

function buttons(pause: number) {
	const play = {
		fromcurrent: false,
		transition: { duration: 0 },
		frame: { duration: pause, redraw: false },
	};
	return {
		type: "buttons",
		direction: "left",
		showactive: false,
		x: 0,
		y: -0.28,
		xanchor: "left",
		yanchor: "middle",
		bgcolor: "#e8eaed",
		font: { color: "#1f2328" },
		buttons: [
			{ label: "▶", method: "animate", args: [null, play] },
			{ label: "❚❚", method: "animate", args: [[null], atOnce] },
		],
	};
}
