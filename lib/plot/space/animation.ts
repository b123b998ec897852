import { expectOptions, type Rules } from "../../expect/expect.ts";
import { flag, notNegative, optional, text } from "../../expect/rules.ts";
import { type Axis, readAxis } from "../axis.ts";
import { given } from "../options.ts";
import type { Picture } from "../picture.ts";
import { type Points, readPoints } from "../points.ts";
import { playable, type ReadAnimation } from "./animation-figure.ts";
import { lastFrame } from "./animation-still.ts";
import { plotlyPicture } from "./figure.ts";

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
	const read = readFrames(options);
	const { title, frames: all } = options;
	const text = [
		title,
		`  ${all.length} frames, ${all[0].name} to ${all[all.length - 1].name}`,
	].join("\n");
	return plotlyPicture(() => ({
		figure: playable(read, options.pause ?? 100),
		still: lastFrame(read, all.length),
		text,
	}));
}

/** The frames that are drawn, each line in each of them, and the ranges of the axes, which are one for all. */
function readFrames(options: AnimationOptions): ReadAnimation {
	const { title, equal = false, frames: all } = options;
	const x = readAxis("animation: x", options.x);
	const y = readAxis("animation: y", options.y);
	if (all.length === 0)
		throw new Error("animation: frames must hold at least one frame, got none");
	const names = [...new Set(all.flatMap(({ series }) => Object.keys(series)))];
	const frames = thinned(all).map(({ name, series }) => ({
		name,
		lines: names.map((line) => {
			const points = series[line];
			return points
				? readPoints(`animation: frame "${name}", series "${line}"`, points)
				: { x: [], y: [] };
		}),
	}));
	const range = (axis: "x" | "y") =>
		span(frames.flatMap(({ lines }) => lines.flatMap((line) => line[axis])));
	const ranges = { x: x.range ?? range("x"), y: y.range ?? range("y") };
	return { title, x, y, equal, names, frames, ranges };
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
