import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional, text } from "../../expect/rules.ts";
import { type Axis, type ReadAxis, readAxis } from "../axis.ts";
import { given } from "../options.ts";
import type { Picture } from "../picture.ts";
import { readNumbers } from "../points.ts";
import { brief } from "../theme.ts";
import { type Scene, scenePicture, short, shortAll } from "./figure.ts";
import {
	type Axes,
	fromAbove,
	type Grid,
	type ReadPath,
	ways,
} from "./from-above.ts";

/** A way over a surface, point by point; without z it lies on the surface. */
export interface Path {
	x: ArrayLike<number>;
	y: ArrayLike<number>;
	z?: ArrayLike<number>;
}

/** How `surface` is asked for a picture. */
export interface SurfaceOptions<Name extends string = string> {
	/** The finding. */
	title: string;
	/** Where the surface was measured: an axis, and its values in order. */
	x: { axis: Axis; values: ArrayLike<number> };
	y: { axis: Axis; values: ArrayLike<number> };
	/** What was measured; with `range`, what lies above or below is cut off. */
	z: Axis;
	/** values [rows of y, columns of x] */
	values: readonly ArrayLike<number>[];
	/** Ways over the surface by name: the steps of an optimiser. */
	paths?: Readonly<Record<Name, Path>>;
}

/** Rows and columns that are drawn at most: more make the notebook large and the page slow. */
const most = 90;

const rulesOfOptions: Rules<SurfaceOptions> = {
	title: text,
	x: given,
	y: given,
	z: given,
	values: given,
	paths: optional(given),
};

/**
 * A surface over two numbers, such as the loss over two weights, with ways over it: turned by the reader's hand in JupyterLab, and seen
 * from above as a still. Up to 90 × 90 points are drawn; of more, as many, evenly.
 *
 * Values that are not finite, or ≤ 0 on a log axis, are holes.
 * @throws when `values` is not [y, x], all of them are holes, or a path has not as many x as y.
 */
export function surface<Name extends string>(
	options: SurfaceOptions<Name>,
): Picture {
	expectOptions("surface", options, rulesOfOptions);
	const x = readAxis("surface: x", options.x.axis);
	const y = readAxis("surface: y", options.y.axis);
	const z = readAxis("surface: z", options.z);
	const xs = readNumbers("surface: x values", options.x.values);
	const ys = readNumbers("surface: y values", options.y.values);
	const rows = Array.from(options.values, (row, i) =>
		readNumbers(`surface: values[${i}]`, row),
	);
	const odd = rows.find((row) => row.length !== xs.length);
	if (rows.length !== ys.length || odd || xs.length < 2 || ys.length < 2)
		throw new Error(
			`surface: values must be [y=${ys.length}, x=${xs.length}], at least 2 of each, got [${rows.length}, ${(odd ?? rows[0])?.length ?? 0}]`,
		);
	const grid = thinned(xs, ys, rows, z);
	if (!grid.rows.flat().some(Number.isFinite))
		throw new Error(
			"surface: there is nothing to draw: no value has a place on the axis of z",
		);
	const paths = Object.entries<Path>(options.paths ?? {}).map(([name, path]) =>
		readPath(name, path, xs, ys, rows, z),
	);
	return scenePicture(() => scene(options.title, { x, y, z }, grid, paths));
}

/** At most so many rows and columns, the first and the last among them, and holes where nothing can be drawn. */
function thinned(
	xs: number[],
	ys: number[],
	rows: number[][],
	z: ReadAxis,
): Grid {
	const pick = (n: number) =>
		n <= most
			? Array.from({ length: n }, (_, i) => i)
			: Array.from({ length: most }, (_, i) =>
					Math.round((i * (n - 1)) / (most - 1)),
				);
	const [across, down] = [pick(xs.length), pick(ys.length)];
	return {
		xs: across.map((i) => xs[i]),
		ys: down.map((i) => ys[i]),
		rows: down.map((r) => across.map((c) => inside(rows[r][c], z))),
	};
}

/** A value within what is shown; NaN where it has no place on the axis. */
function inside(value: number, { log, range }: ReadAxis): number {
	if (!Number.isFinite(value) || (log && value <= 0)) return Number.NaN;
	return range ? Math.min(range[1], Math.max(range[0], value)) : value;
}

function readPath(
	name: string,
	path: Path,
	xs: number[],
	ys: number[],
	rows: number[][],
	axis: ReadAxis,
): ReadPath {
	const place = `surface: path "${name}"`;
	const x = readNumbers(`${place}: x`, path.x);
	const y = readNumbers(`${place}: y`, path.y);
	const z = path.z
		? readNumbers(`${place}: z`, path.z)
		: x.map((_, i) => height(x[i], y[i], xs, ys, rows));
	if (x.length !== y.length || z.length !== x.length)
		throw new Error(
			`${place} must have as many x as y${path.z ? " and z" : ""}, got ${x.length}, ${y.length}${path.z ? ` and ${z.length}` : ""}`,
		);
	return { name, x, y, z: z.map((value) => inside(value, axis)) };
}

/** The surface between its points, bilinear; NaN beside it. */
function height(
	x: number,
	y: number,
	xs: number[],
	ys: number[],
	rows: number[][],
): number {
	const at = (values: number[], value: number) => {
		const last = values.length - 1;
		const rising = values[last] > values[0];
		const i = values.findIndex((v, i) => {
			const next = values[i + 1]; // undefined behind the last, which nothing is above or below
			return rising ? v <= value && value <= next : v >= value && value >= next;
		});
		const share = (value - values[i]) / (values[i + 1] - values[i]);
		return i < 0 ? undefined : { i, share };
	};
	const [c, r] = [at(xs, x), at(ys, y)];
	if (!c || !r) return Number.NaN;
	const mixed = (row: number[]) =>
		row[c.i] * (1 - c.share) + row[c.i + 1] * c.share;
	return mixed(rows[r.i]) * (1 - r.share) + mixed(rows[r.i + 1]) * r.share;
}

function scene(
	title: string,
	{ x, y, z }: Axes,
	grid: Grid,
	paths: ReadPath[],
): Scene {
	const { xs, ys, rows } = grid;
	const names = paths.map(({ name }) => name);
	const traces = [
		{
			type: "surface",
			x: shortAll(xs),
			y: shortAll(ys),
			z: rows.map(shortAll),
			colorscale: "Viridis",
			opacity: 0.9,
			showscale: false,
			contours: {
				z: { show: true, color: "rgba(255,255,255,0.35)", width: 1 },
			},
			name: z.title,
			hovertemplate: `${x.name} %{x:.3g}<br>${y.name} %{y:.3g}<br>${z.name} %{z:.3g}<extra></extra>`,
			...(z.log && {
				surfacecolor: rows.map((row) => shortAll(row.map(Math.log10))),
			}),
		},
		...paths.map((path, i) => ({
			type: "scatter3d",
			mode: "lines+markers",
			name: path.name,
			x: shortAll(path.x),
			y: shortAll(path.y),
			z: shortAll(path.z),
			line: { color: ways[i % 3].ink, width: 5, dash: ways[i % 3].dash },
			marker: {
				color: ways[i % 3].ink,
				size: 3.5,
				symbol: ways[i % 3].symbol,
				line: { color: "#222222", width: 1 },
			},
			text: path.x.map((_, step) => `step ${step}`),
			showlegend: paths.length > 1,
		})),
	];
	const axis = ({ title, log, range }: ReadAxis) => ({
		title: { text: title },
		...(log && { type: "log" }),
		...(range && { range: log ? range.map(Math.log10) : range }),
	});
	const ends = paths.map(
		({ name, x: px, y: py, z: pz }) =>
			`  ${name}: ${px.length} points, from ${brief(short(pz[0]) ?? Number.NaN)} at (${brief(px[0])}, ${brief(py[0])}) to ${brief(short(pz[pz.length - 1]) ?? Number.NaN)} at (${brief(px[px.length - 1])}, ${brief(py[py.length - 1])})`,
	);
	const finite = rows.flat().filter(Number.isFinite);
	const [low, high] = finite.reduce(
		([a, b], v) => [Math.min(a, v), Math.max(b, v)],
		[Infinity, -Infinity],
	);
	return {
		title,
		traces,
		axes: { x: axis(x), y: axis(y), z: axis(z) },
		still: fromAbove(title, { x, y, z }, grid, paths, names),
		text: [
			title,
			`  ${z.title}: ${brief(low)} to ${brief(high)}`,
			...ends,
		].join("\n"),
	};
}
