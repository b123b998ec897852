import { drawable, type ReadAxis } from "./axis.ts";

/** Numbers in a row: an array, a typed array, or a tensor. */
export type Numbers = ArrayLike<number> | { readonly data: ArrayLike<number> };

/** Points as numbers: y alone (then x is 0, 1, 2, …), or x and y of equal length. */
export type Points = Numbers | { x: Numbers; y: Numbers };

/** The points of one series, and what a title wants to know of them. NaN where there are no points yet. */
export interface Line {
	readonly x: readonly number[];
	readonly y: readonly number[];
	/** y of the first and of the last point. */
	readonly first: number;
	readonly last: number;
	/** The smallest and the greatest finite y. */
	readonly least: number;
	readonly greatest: number;
}

/** A series that can grow. */
export class Series implements Line {
	readonly x: number[];
	readonly y: number[];

	constructor(x: number[], y: number[]) {
		this.x = x;
		this.y = y;
	}
	get first() {
		return this.y.length > 0 ? this.y[0] : Number.NaN;
	}
	get last() {
		return this.y.length > 0 ? this.y[this.y.length - 1] : Number.NaN;
	}
	get least() {
		return this.#extreme((a, b) => a < b);
	}
	get greatest() {
		return this.#extreme((a, b) => a > b);
	}
	#extreme(better: (a: number, b: number) => boolean) {
		let best = Number.NaN;
		for (const y of this.y)
			if (Number.isFinite(y) && (Number.isNaN(best) || better(y, best)))
				best = y;
		return best;
	}
}

/** Copies points into a series; `place` is what an error names: `lineChart: series "train"`. */
export function readPoints(place: string, points: Points): Series {
	const both =
		typeof points === "object" && points !== null && "y" in points
			? points
			: { x: undefined, y: points };
	const y = readNumbers(both.x === undefined ? place : `${place}: y`, both.y);
	const x =
		both.x === undefined
			? y.map((_, i) => i)
			: readNumbers(`${place}: x`, both.x);
	if (x.length !== y.length)
		throw new Error(
			`${place} must have as many x as y, got ${x.length} x and ${y.length} y`,
		);
	return new Series(x, y);
}

/** Copies numbers out of an array, a typed array or a tensor, and says which one is none. */
export function readNumbers(place: string, given: Numbers): number[] {
	const values =
		typeof given === "object" && given !== null && "data" in given
			? given.data
			: given;
	if (
		typeof values !== "object" ||
		values === null ||
		typeof values.length !== "number"
	)
		throw new Error(
			`${place} must be an array of numbers, got ${values === null ? "null" : typeof values}`,
		);
	const numbers = Array.from(values);
	const wrong = numbers.findIndex((value) => typeof value !== "number");
	if (wrong >= 0)
		throw new Error(
			`${place} must be numbers, got ${typeof numbers[wrong]} at ${wrong}`,
		);
	return numbers;
}

/** A series cut where it cannot be drawn: the runs of points between, and the points left out (by index). */
export function cut(
	line: Line,
	x: ReadAxis,
	y: ReadAxis,
): { runs: number[][]; out: number[] } {
	const runs: number[][] = [];
	const out: number[] = [];
	let run: number[] = [];
	for (let i = 0; i < line.y.length; i++) {
		if (drawable(x, line.x[i]) && drawable(y, line.y[i])) {
			if (run.length === 0) runs.push(run);
			run.push(i);
		} else {
			out.push(i);
			run = [];
		}
	}
	return { runs, out };
}

/**
 * Leaves about `limit` of a run's points: of every stretch its lowest and its highest, so that no spike is lost.
 * A chart is at most 860 pixels wide; ten thousand points would only make the notebook large.
 */
export function thin(
	run: readonly number[],
	y: readonly number[],
	limit: number,
): number[] {
	if (run.length <= limit) return [...run];
	const stretches = Math.max(1, Math.floor(limit / 2) - 1);
	const kept = new Set([run[0], run[run.length - 1]]);
	for (let s = 0; s < stretches; s++) {
		const stretch = run.slice(
			Math.floor((s * run.length) / stretches),
			Math.floor(((s + 1) * run.length) / stretches),
		);
		kept.add(stretch.reduce((a, b) => (y[b] < y[a] ? b : a)));
		kept.add(stretch.reduce((a, b) => (y[b] > y[a] ? b : a)));
	}
	return run.filter((i) => kept.has(i));
}

/** One sentence on the points that are not drawn, or none: `train: 3 of 120 points cannot be drawn (the first is NaN at step 57)`. */
export function omissions(
	name: string,
	line: Line,
	out: readonly number[],
	x: ReadAxis,
): string[] {
	if (out.length === 0) return [];
	const [at, value] = [line.x[out[0]], line.y[out[0]]];
	const onX = !drawable(x, at);
	const first = onX ? `has ${x.name} ${at}` : `is ${value} at ${x.name} ${at}`;
	const why = Number.isFinite(onX ? at : value)
		? "; a log axis shows only what is above 0"
		: "";
	return [
		`${name}: ${out.length} of ${line.y.length} points cannot be drawn (the first ${first}${why})`,
	];
}
