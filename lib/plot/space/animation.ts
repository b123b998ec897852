import { expectOptions, type Rules } from "../../expect/expect.ts";
import { flag, notNegative, optional, text } from "../../expect/rules.ts";
import { type Axis, encode, type ReadAxis, readAxis } from "../axis.ts";
import { frame, heading } from "../frame.ts";
import { given } from "../options.ts";
import { jupyterDisplay, type MimeBundle, type Picture } from "../picture.ts";
import { png } from "../png.ts";
import { type Points, readPoints } from "../points.ts";
import { looks, minus, wrap } from "../theme.ts";
import { grid, pale, shortAll } from "./figure.ts";

/** One picture of an animation. */
export interface Frame<Name extends string = string> {
	/** What the slider says here: `"step 3"`. */
	name: string;
	/** Lines by name; a name that a frame lacks is not shown in it. */
	series: Readonly<Partial<Record<Name, Points>>>;
}

export interface AnimationOptions<Name extends string = string> {
	/** The finding. */
	title: string;
	x: Axis;
	y: Axis;
	frames: readonly Frame<Name>[];
	/** Whether a unit is as long across as upwards: for drawings and maps. Default: no. */
	equal?: boolean;
	/** Milliseconds from one frame to the next; default 100. */
	pause?: number;
}

/** Frames at most: of more, as many, evenly. */
const most = 80;

const rulesOfOptions: Rules<AnimationOptions> = {
	title: text,
	x: given,
	y: given,
	frames: given,
	equal: optional(flag),
	pause: optional(notNegative),
};

/**
 * Frames with a slider and a play button: a pen that writes, a car that drives, a state that moves. Once shown it needs no kernel. The
 * still is the last frame. A NaN leaves a gap in a line, as where a pen is lifted.
 * @throws when there is no frame, or x and y of a line differ in length.
 */
export function animation<Name extends string>(
	options: AnimationOptions<Name>,
): Picture {
	expectOptions("animation", options, rulesOfOptions);
	const { title, equal = false, pause = 100 } = options;
	const x = readAxis("animation: x", options.x);
	const y = readAxis("animation: y", options.y);
	const all = options.frames;
	if (all.length === 0)
		throw new Error("animation: frames must hold at least one frame, got none");
	const names = [...new Set(all.flatMap(({ series }) => Object.keys(series)))];
	const frames = thinned(all).map(({ name, series }) => ({
		name,
		lines: names.map((line) => {
			const points = (series as Record<string, Points | undefined>)[line];
			return points
				? readPoints(`animation: frame "${name}", series "${line}"`, points)
				: { x: [], y: [] };
		}),
	}));
	const ranges = {
		x:
			x.range ??
			span(frames.flatMap(({ lines }) => lines.flatMap((line) => line.x))),
		y:
			y.range ??
			span(frames.flatMap(({ lines }) => lines.flatMap((line) => line.y))),
	};
	const { colour, dash } = looks(names);
	const dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
	const last = frames[frames.length - 1];
	const traces = (lines: (typeof last)["lines"]) =>
		lines.map((line, i) => ({
			type: "scatter",
			mode: line.x.length > 1 ? "lines" : "markers",
			name: names[i],
			x: shortAll(line.x),
			y: shortAll(line.y),
			line: { color: colour.range[i], width: 2.5, dash: dashes[i % 5] },
			marker: { color: colour.range[i], size: 10 },
		}));
	const how = (name: string) => ({
		label: name,
		method: "animate",
		args: [
			[name],
			{
				mode: "immediate",
				transition: { duration: 0 },
				frame: { duration: 0, redraw: false },
			},
		],
	});
	const lines = wrap(minus(title), 56);
	const axis = (own: ReadAxis, range: readonly number[]) => ({
		title: { text: own.title, standoff: 6 },
		range,
		...(own.log && { type: "log", range: range.map(Math.log10) }),
		gridcolor: grid,
		zerolinecolor: grid,
	});
	const figure = {
		data: traces(last.lines),
		frames: frames.map(({ name, lines }) => ({ name, data: traces(lines) })),
		layout: {
			title: {
				text: `<b>${lines.join("<br>")}</b>`,
				x: 0.01,
				xanchor: "left",
				font: { size: 14 },
			},
			font: { family: "sans-serif", size: 12, color: pale },
			paper_bgcolor: "rgba(0,0,0,0)",
			plot_bgcolor: "rgba(0,0,0,0)",
			autosize: true,
			height: 480,
			margin: { l: 60, r: 20, t: 30 + 20 * lines.length, b: 110 },
			xaxis: axis(x, ranges.x),
			yaxis: { ...axis(y, ranges.y), ...(equal && { scaleanchor: "x" }) },
			showlegend: names.length > 1,
			legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
			updatemenus: [
				{
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
						{
							label: "▶",
							method: "animate",
							args: [
								null,
								{
									fromcurrent: false,
									transition: { duration: 0 },
									frame: { duration: pause, redraw: false },
								},
							],
						},
						{
							label: "❚❚",
							method: "animate",
							args: [
								[null],
								{
									mode: "immediate",
									transition: { duration: 0 },
									frame: { duration: 0, redraw: false },
								},
							],
						},
					],
				},
			],
			sliders: [
				{
					x: 0.16,
					y: -0.18,
					len: 0.84,
					active: frames.length - 1,
					pad: { t: 0, b: 0 },
					currentvalue: { visible: true, xanchor: "left" },
					steps: frames.map(({ name }) => how(name)),
				},
			],
		},
		config: { responsive: true, displaylogo: false, displayModeBar: false },
	};
	const text = [
		title,
		`  ${all.length} frames, ${all[0].name} to ${all[all.length - 1].name}`,
	].join("\n");
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
	const notes = [
		`The last of ${all.length} frames. In JupyterLab, point at the picture to play them.`,
	];
	const ratio = (ranges.y[1] - ranges.y[0]) / (ranges.x[1] - ranges.x[0]);
	const wide = Math.round(Math.min(440, Math.max(120, 400 / ratio)));
	const ground = equal
		? {
				...heading({ title, notes, width: 380 }),
				width: wide,
				height: Math.round(wide * ratio),
			}
		: frame({ title, notes, width: 520, height: 320 });
	const still = {
		...ground,
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
	const bundle = (words: string): MimeBundle => ({
		"application/vnd.plotly.v1+json": figure,
		"text/plain": minus(words),
	});
	return {
		draft: () => bundle(text),
		async [jupyterDisplay]() {
			const { image, missing } = await png(still);
			return image === undefined
				? bundle(`${text}\n(no PNG: ${missing})`)
				: { ...bundle(text), "image/png": image };
		},
	};
}

function thinned<F>(frames: readonly F[]): F[] {
	if (frames.length <= most) return [...frames];
	return Array.from(
		{ length: most },
		(_, i) => frames[Math.round((i * (frames.length - 1)) / (most - 1))],
	);
}

/** From the least to the greatest, with a little room. */
function span(values: number[]): [number, number] {
	const finite = values.filter(Number.isFinite);
	const [low, high] = finite.reduce(
		([a, b], v) => [Math.min(a, v), Math.max(b, v)],
		[Infinity, -Infinity],
	);
	if (finite.length === 0)
		throw new Error(
			"animation: there is nothing to draw: no frame has a point",
		);
	const room = (high - low || 1) * 0.05;
	return [low - room, high + room];
}
