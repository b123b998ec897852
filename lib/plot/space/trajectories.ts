import { PCA } from "ml-pca";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional } from "../../expect/rules.ts";
import { frame } from "../frame.ts";
import { finding, given } from "../options.ts";
import type { Picture } from "../picture.ts";
import { readNumbers } from "../points.ts";
import { looks, visible } from "../theme.ts";
import { type Scene, scenePicture, shortAll, turn } from "./figure.ts";

/** How `trajectories` is asked for a picture. */
export interface TrajectoriesOptions<Name extends string = string> {
	/** The finding: a sentence, or a function of the share of the variance that the picture shows. */
	title: string | ((shown: number) => string);
	/** States of each run by its name [T, H], H at least 2. */
	series: Readonly<Record<Name, readonly ArrayLike<number>[]>>;
	/** What was read at each step of a run; points are coloured by it, without it by time. */
	symbols?: Readonly<Partial<Record<Name, readonly string[]>>>;
}

interface Trajectory {
	name: string;
	points: number[][];
	symbols?: readonly string[];
}

const rulesOfOptions: Rules<TrajectoriesOptions> = {
	title: finding,
	series: given,
	symbols: optional(given),
};

/**
 * Hidden states as ways through space: the first three principal components of all states together, turned by the reader's hand in
 * JupyterLab; the still shows the first two. States of two or three numbers are drawn as they are.
 *
 * Points are coloured by the symbol that was read (each symbol has its own shape as well) or else by time, light to dark. Throws
 * when a run has no states, states differ in length, a number is not finite, or symbols are not one for each state.
 */
export function trajectories<Name extends string>(
	options: TrajectoriesOptions<Name>,
): Picture {
	expectOptions("trajectories", options, rulesOfOptions);
	const names = Object.keys(options.series) as Name[];
	const runs = names.map((name) => ({
		name,
		points: readStates(name, options.series[name]),
		symbols: options.symbols?.[name],
	}));
	const [H] = runs.map(({ points }) => points[0].length);
	if (H === undefined)
		throw new Error("trajectories: series must name at least one run, got {}");
	for (const { name, points, symbols } of runs) {
		if (points[0].length !== H)
			throw new Error(
				`trajectories: states of "${name}" must be [T, H=${H}] as those of "${names[0]}", got [${points.length}, ${points[0].length}]`,
			);
		if (symbols && symbols.length !== points.length)
			throw new Error(
				`trajectories: symbols of "${name}" must be one for each of ${points.length} states, got ${symbols.length}`,
			);
	}
	const { placed, axes, shown } = projected(runs, H);
	const title =
		typeof options.title === "string" ? options.title : options.title(shown);
	return scenePicture(() => scene(title, placed, axes, shown));
}

function readStates(
	name: string,
	states: readonly ArrayLike<number>[],
): number[][] {
	const place = `trajectories: series "${name}"`;
	const rows = Array.from(states, (row, t) =>
		readNumbers(`${place}[${t}]`, row),
	);
	const wanted = rows[0]?.length ?? 0;
	if (wanted < 2)
		throw new Error(
			`${place} must be states [T, H] with T ≥ 1 and H ≥ 2, got [${rows.length}, ${wanted}]`,
		);
	for (const [t, row] of rows.entries()) {
		if (row.length !== wanted)
			throw new Error(
				`${place} must be states of one length, got ${wanted} and ${row.length}`,
			);
		if (!row.every(Number.isFinite))
			throw new Error(
				`${place} must be finite, got ${row.find((v) => !Number.isFinite(v))} at step ${t}`,
			);
	}
	return rows;
}

/** Three numbers for each state, the names of the axes, and how much of the variance they hold. */
function projected(runs: readonly Trajectory[], H: number) {
	const all = runs.flatMap(({ points }) => points);
	if (H <= 3 || all.length < 3)
		return {
			placed: runs.map((run) => ({
				...run,
				points: run.points.map(([x, y, z = 0]) => [x, y, z]),
			})),
			axes: ["unit 1", "unit 2", H > 2 ? "unit 3" : ""],
			shown: 1,
		};
	const pca = new PCA(all);
	const shares = pca.getExplainedVariance().slice(0, 3);
	const placed = runs.map((run) => ({
		...run,
		points: pca.predict(run.points, { nComponents: 3 }).to2DArray(),
	}));
	const percent = (share: number) => `${Math.round(100 * share)} %`;
	return {
		placed,
		axes: [0, 1, 2].map(
			(i) => `component ${i + 1} (${percent(shares[i] ?? 0)})`,
		),
		shown: shares.reduce((a, b) => a + b, 0),
	};
}

const shapes3d = [
	"circle",
	"square",
	"diamond",
	"cross",
	"x",
	"circle-open",
	"square-open",
	"diamond-open",
];

function scene(
	title: string,
	runs: readonly Trajectory[],
	axes: readonly string[],
	shown: number,
): Scene {
	const kinds = [...new Set(runs.flatMap(({ symbols }) => symbols ?? []))];
	const names = runs.map(({ name }) => name);
	const { colour, dash, shape } = looks(kinds.length > 0 ? kinds : names);
	const column = (points: number[][], i: number) =>
		shortAll(points.map((point) => point[i]));
	const at = (points: number[][]) => ({
		x: column(points, 0),
		y: column(points, 1),
		z: column(points, 2),
	});
	const lines = runs.map(({ name, points }, i) => ({
		type: "scatter3d",
		mode: kinds.length > 0 ? "lines" : "lines+markers",
		name,
		...at(points),
		line: {
			color: kinds.length > 0 ? "rgba(128,128,128,0.7)" : colour.range[i],
			width: 3,
			dash: ["solid", "dash", "dot"][i % 3],
		},
		marker: {
			size: 3.5,
			symbol: shapes3d[i % 8],
			color: points.map((_, t) => t),
			colorscale: "Viridis",
		},
		text: points.map((_, t) => `step ${t + 1}`),
		showlegend: runs.length > 1,
	}));
	const marks = kinds.map((kind, i) => {
		const own = runs.flatMap(({ name, points, symbols }) =>
			points.flatMap((point, t) =>
				symbols?.[t] === kind
					? [{ point, text: `${name}, step ${t + 1}` }]
					: [],
			),
		);
		return {
			type: "scatter3d",
			mode: "markers",
			name: visible(kind),
			...at(own.map(({ point }) => point)),
			marker: { size: 4.5, symbol: shapes3d[i % 8], color: colour.range[i] },
			text: own.map(({ text }) => text),
		};
	});
	const axis = (i: number) => ({ title: { text: axes[i] } });
	const percent = Math.round(100 * shown);
	return {
		title,
		traces: [...lines, ...marks],
		axes: { x: axis(0), y: axis(1), z: axis(2) },
		still: still(title, runs, axes, kinds, { colour, dash, shape }),
		text: [
			title,
			...runs.map(({ name, points }) => `  ${name}: ${points.length} states`),
			...(shown < 1
				? [`  three components show ${percent} % of the variance`]
				: []),
		].join("\n"),
	};
}

/** The first two components as lines over a plane. */
function still(
	title: string,
	runs: readonly Trajectory[],
	axes: readonly string[],
	kinds: readonly string[],
	{
		colour,
		shape,
	}: Pick<ReturnType<typeof looks>, "colour" | "shape" | "dash">,
) {
	const values = runs.flatMap(({ name, points, symbols }) =>
		points.map(([x, y], t) => ({
			name,
			x,
			y,
			t,
			...(symbols && { kind: visible(symbols[t]) }),
		})),
	);
	const names = runs.map(({ name }) => name);
	const legend = { title: null };
	const place = {
		x: {
			field: "x",
			type: "quantitative",
			title: axes[0],
			scale: { zero: false, padding: 10 },
		},
		y: {
			field: "y",
			type: "quantitative",
			title: axes[1],
			scale: { zero: false, padding: 10 },
		},
	};
	const own = looks(names);
	const several = runs.length > 1;
	const line = {
		mark: {
			type: "line",
			strokeWidth: 1.4,
			opacity: 0.8,
			...(kinds.length > 0 && { stroke: "#868686" }),
		},
		encoding: {
			...place,
			detail: { field: "name" },
			order: { field: "t" },
			strokeDash: {
				field: "name",
				type: "nominal",
				scale: own.dash,
				legend: several ? legend : null,
			},
			...(kinds.length === 0 && {
				stroke: {
					field: "name",
					type: "nominal",
					scale: own.colour,
					legend: several ? legend : null,
				},
			}),
		},
	};
	const dots = {
		mark: { type: "point", filled: true, size: 45, opacity: 1 },
		encoding: {
			...place,
			...(kinds.length > 0
				? {
						fill: {
							field: "kind",
							type: "nominal",
							scale: { ...colour, domain: kinds.map(visible) },
							legend: { ...legend, symbolSize: 90 },
						},
						shape: {
							field: "kind",
							type: "nominal",
							scale: { ...shape, domain: kinds.map(visible) },
							legend: { ...legend, symbolSize: 90 },
						},
					}
				: {
						fill: {
							field: "t",
							type: "quantitative",
							title: "step",
							legend: { orient: "right" },
							scale: { scheme: "viridis" },
						},
						shape: {
							field: "name",
							type: "nominal",
							scale: own.shape,
							legend: null,
						},
					}),
		},
	};
	return {
		...frame({ title, notes: [turn], width: 520, height: 340 }),
		data: { values },
		layer: [line, dots],
	};
}
