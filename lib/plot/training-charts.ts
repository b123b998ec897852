import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, positive, text } from "../expect/rules.ts";
import type { Axis } from "./axis.ts";
import { type LineChart, lineChart } from "./line-chart.ts";
import { finding, given, scale } from "./options.ts";
import { type Line, type Points, readPoints } from "./points.ts";
import { brief } from "./theme.ts";

/** What `fit` reports of a step, as far as a chart of losses needs it. */
export interface LossReport {
	step: number;
	loss: number;
}

/** What `fit` reports of a step, as far as a chart of gradients needs it. */
export interface GradientReport {
	step: number;
	/** ‖g‖₂ over all weights, before clipping. */
	gradientNorm: number;
}

/** How `lossChart` is asked for a picture. */
export interface LossChartOptions {
	/** The finding: a sentence, or a function that computes it from the two lines. */
	title:
		| string
		| ((lines: Readonly<Record<"training" | "validation", Line>>) => string);
	/** What `fit` reported, step after step, or points. */
	training: readonly LossReport[] | Points;
	/** The loss on held-out data, where it was measured. */
	validation?: readonly LossReport[] | Points;
	/** What the loss counts, default `"nats"`. */
	unit?: string;
	/** On a log axis losses ≤ 0 leave a gap, a cross and a note. */
	scale?: "linear" | "log";
}

const lossChartRules: Rules<LossChartOptions> = {
	title: finding,
	training: given,
	validation: optional(given),
	unit: optional(text),
	scale: optional(scale),
};

/**
 * The loss by step, of training and of held-out data.
 *
 * ```ts
 * const reports = await Array.fromAsync(fit(loss, { … }));
 * lossChart({ title: "Both fall", training: reports, validation: { x: [100, 200], y: [2.3, 2.1] } })
 * ```
 */
export function lossChart(
	options: LossChartOptions,
): LineChart<"training" | "validation"> {
	const {
		title,
		training,
		validation,
		unit = "nats",
		scale,
	} = expectOptions("lossChart", options, lossChartRules);
	const series = {
		training: lossPoints("training", training),
		...(validation !== undefined && {
			validation: lossPoints("validation", validation),
		}),
	} as Record<"training" | "validation", Points>;
	return lineChart({
		title,
		x: "step",
		y: { name: "loss", unit, scale },
		series,
	});
}

/** How `gradientChart` is asked for a picture. */
export interface GradientChartOptions {
	/** The finding: a sentence, or a function of the norms and of the share of steps that were clipped. */
	title: string | ((found: { norm: Line; clipped: number }) => string);
	/** What `fit` reported, step after step. */
	reports: readonly GradientReport[];
	/** The limit that `fit` clipped at: drawn in, and counted how often it was passed. */
	clip?: number;
	/** Default `"log"`: gradients vanish and explode by powers of ten. */
	scale?: "linear" | "log";
}

const gradientChartRules: Rules<GradientChartOptions> = {
	title: finding,
	reports: given,
	clip: optional(positive),
	scale: optional(scale),
};

/** The norm of the gradient by step, with the threshold of clipping drawn in. */
export function gradientChart(options: GradientChartOptions): LineChart<"‖g‖"> {
	const {
		title,
		reports,
		clip,
		scale = "log",
	} = expectOptions("gradientChart", options, gradientChartRules);
	const y: Axis = { name: "norm of the gradient ‖g‖", scale };
	const points = {
		x: reports.map(({ step }) => step),
		y: reports.map(({ gradientNorm }) => gradientNorm),
	};
	const over =
		clip === undefined ? 0 : points.y.filter((norm) => norm > clip).length;
	const clipped = points.y.length === 0 ? 0 : over / points.y.length;
	return lineChart({
		title:
			typeof title === "string"
				? title
				: ({ "‖g‖": norm }) => title({ norm, clipped }),
		x: "step",
		y,
		series: { "‖g‖": points },
		...(clip !== undefined && {
			rules: [{ y: clip, label: `clipped at ${brief(clip)}` }],
			notes: [`Clipped in ${over} of ${points.y.length} steps`],
		}),
	});
}

/** How `seedChart` is asked for a picture. */
export interface SeedChartOptions<Name extends string> {
	/** The finding: a sentence, or a function that computes it from the medians. */
	title: string | ((medians: Readonly<Record<Name, Line>>) => string);
	x: Axis;
	y: Axis;
	/** The runs of each kind of network, one of each seed; those of one kind have the same x. */
	runs: Readonly<Record<Name, readonly Points[]>>;
	/** Height of the plot in pixels, default 280. */
	height?: number;
}

const seedChartRules: Rules<SeedChartOptions<string>> = {
	title: finding,
	x: given,
	y: given,
	runs: given,
	height: optional(positive),
};

/** Several seeds of each kind: the median as a line, and from the lowest to the highest run as a band. */
export function seedChart<Name extends string>(
	options: SeedChartOptions<Name>,
): LineChart<Name> {
	const { title, x, y, runs, height } = expectOptions(
		"seedChart",
		options,
		seedChartRules,
	);
	const names = Object.keys(runs) as Name[];
	const series = {} as Record<Name, Points>;
	const of = {} as Record<Name, { x: number[]; low: number[]; high: number[] }>;
	for (const name of names) {
		const place = `seedChart: runs of "${name}"`;
		const read = runs[name].map((run, i) => readPoints(`${place}[${i}]`, run));
		if (read.length === 0)
			throw new Error(`${place} must be at least one run, got none`);
		const [{ x }] = read;
		const other = read.findIndex((run) => String(run.x) !== String(x));
		if (other >= 0)
			throw new Error(
				`${place} must all have the same x; those of [${other}] differ from those of [0]`,
			);
		const sorted = x.map((_, i) =>
			read
				.map((run) => run.y[i])
				.filter(Number.isFinite)
				.sort((a, b) => a - b),
		);
		const median = sorted.map((values) => quantile(values, 0.5));
		series[name] = { x, y: median };
		// Where every run broke off there is neither median nor range.
		const there = x.flatMap((_, i) => (sorted[i].length > 0 ? [i] : []));
		of[name] = {
			x: there.map((i) => x[i]),
			low: there.map((i) => sorted[i][0]),
			high: there.map((i) => sorted[i][sorted[i].length - 1]),
		};
	}
	const counts = [...new Set(names.map((name) => runs[name].length))];
	return lineChart({
		title,
		x,
		y,
		series,
		height,
		bands: {
			meaning: `lowest to highest of ${counts.join(" or ")} runs; line: their median`,
			of,
		},
	});
}

/** The value below which a share of sorted values lies, between its two neighbours in proportion. NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
	if (sorted.length === 0) return Number.NaN;
	const at = share * (sorted.length - 1);
	const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
	return low + (high - low) * (at - Math.floor(at));
}

function lossPoints(
	name: string,
	given: readonly LossReport[] | Points,
): Points {
	const reports = given as readonly LossReport[];
	if (Array.isArray(given) && typeof reports[0] === "object")
		return {
			x: reports.map(({ step }) => step),
			y: reports.map(({ loss }) => loss),
		};
	return readPoints(`lossChart: ${name}`, given as Points);
}
