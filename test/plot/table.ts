import {
	barChart,
	dendrogram,
	forecastChart,
	gradientChart,
	heatMap,
	histograms,
	lineChart,
	lossChart,
	multiples,
	type Picture,
	scatter,
	seedChart,
	timeline,
	vegaLite,
} from "unrolled/plot";

const words = Array.from(
	{ length: 60 },
	(_, i) => `${"word".repeat((i % 3) + 1)}${i}`,
);
const wave = Array.from({ length: 100 }, (_, t) => Math.sin(t / 10));

/** Every kind of chart, in the forms that differ; a new one joins with a line and is held to the laws of `pictures.test.ts`. */
export const charts: [string, Picture][] = [
	[
		"lineChart",
		lineChart({
			title: "It falls to 1",
			x: "step",
			y: { name: "loss", unit: "nats" },
			series: { train: [3, 2, 1], validation: { x: [0, 2], y: [3, 2] } },
		}),
	],
	[
		"lineChart with gaps",
		lineChart({
			title: "It breaks",
			x: "step",
			y: { name: "‖g‖", scale: "log" },
			series: { a: [1, 0, 2, Number.NaN, 4, 5], b: [1, 2, 3, 4, 5, 6] },
		}),
	],
	[
		"one long line",
		lineChart({
			title: "It waves",
			x: { name: "t", range: [0, 4000] },
			y: "sin t",
			series: {
				sin: Array.from({ length: 5000 }, (_, t) => Math.sin(t / 100)),
			},
		}),
	],
	[
		"heatMap",
		heatMap({
			title: "The diagonal is strong",
			rows: { name: "true", labels: ["a", "b"] },
			columns: { name: "guess", labels: ["a", "b", "b"] },
			value: "share",
			values: [
				[0.9, 0.1, 0],
				[0.2, Number.NaN, 0.8],
			],
		}),
	],
	[
		"heatMap of both signs",
		heatMap({
			title: "Weights",
			rows: { name: "from", labels: [" ", "\n"] },
			columns: { name: "to", labels: ["x"] },
			value: "weight",
			values: [[-1], [2]],
		}),
	],
	[
		"barChart",
		barChart({
			title: "e is the most frequent",
			x: { name: "letter", labels: ["e", " "] },
			y: "share",
			series: { train: [0.1, 0.2], validation: [0.1, 0.3] },
		}),
	],
	[
		"scatter",
		scatter({
			title: "Two groups",
			x: "first",
			y: "second",
			series: {
				vowel: { x: [1, 2], y: [1, 2], labels: ["a", "e"] },
				consonant: [3, 4],
			},
		}),
	],
	[
		"scatter with equal steps",
		scatter({
			title: "A circle is round",
			x: "real part",
			y: "imaginary part",
			equal: true,
			series: {
				circle: {
					x: wave.map((_, t) => Math.cos(t / 5)),
					y: wave.map((_, t) => Math.sin(t / 5)),
				},
			},
		}),
	],
	[
		"lineChart over sixteen powers of ten",
		lineChart({
			title: "It vanishes",
			x: "steps back",
			y: { name: "norm", scale: "log" },
			series: { a: wave.map((_, t) => 10 ** (2 - t / 6)) },
		}),
	],
	[
		"lineChart with bands and rules",
		lineChart({
			title: "It stays in its band at -1",
			x: "step",
			y: "y",
			series: { a: [0, -1], b: [1, 2] },
			bands: {
				meaning: "two runs",
				of: { a: { low: [-1, -2], high: [1, 0] } },
			},
			rules: [
				{ y: 1.5, label: "limit" },
				{ x: 1, label: "now" },
			],
			notes: ["A note"],
		}),
	],
	[
		"barChart with error marks",
		barChart({
			title: "They overlap",
			x: { name: "net", labels: ["elman", "a network of a long name", "lstm"] },
			y: "score",
			series: { score: [1, 2, 3] },
			errors: { meaning: "range of 3 seeds", of: { score: [0.5, [1, 4], 0] } },
		}),
	],
	[
		"heatMap of words, 60 × 60",
		heatMap({
			title: "Along the diagonal",
			rows: { name: "written", labels: words },
			columns: { name: "read", labels: words },
			value: "weight",
			values: words.map((_, r) =>
				words.map((_, c) => Math.exp(-((r - c) ** 2))),
			),
		}),
	],
	[
		"heatMap of 300 × 200 weights",
		heatMap({
			title: "Noise",
			rows: { name: "from" },
			columns: { name: "to" },
			value: "weight",
			values: {
				shape: [300, 200],
				data: Float32Array.from({ length: 60_000 }, (_, i) => Math.sin(i * i)),
			},
		}),
	],
	[
		"lossChart",
		lossChart({
			title: "Both fall",
			training: wave.map((loss, step) => ({ step, loss: loss + 2 })),
			validation: { x: [0, 99], y: [3, 2] },
			scale: "log",
		}),
	],
	[
		"gradientChart",
		gradientChart({
			title: ({ clipped }) => `${100 * clipped} % are clipped`,
			reports: wave.map((g, step) => ({ step, gradientNorm: g + 1 })),
			clip: 1,
		}),
	],
	[
		"seedChart",
		seedChart({
			title: "Two kinds",
			x: "step",
			y: "loss",
			runs: { a: [wave, wave.map((v) => v + 1)], b: [wave] },
		}),
	],
	[
		"dendrogram",
		dendrogram({
			title: "Two kinds part",
			labels: ["a", "b", "c", "d"],
			kinds: ["vowel", "consonant", "consonant", "consonant"],
			vectors: [[9], [1], [2], [4]],
		}),
	],
	[
		"dendrogram of a tree",
		dendrogram({
			title: "Given",
			labels: ["a", "b"],
			tree: { height: 2, children: [{ leaf: 1 }, { leaf: 0 }] },
		}),
	],
	[
		"histograms",
		histograms({
			title: "It saturates",
			value: "activation",
			panels: {
				"layer 1": { "t = 0": wave, "t = 1": wave },
				"layer 2": { "t = 0": wave, "t = 1": wave.map(Math.tanh) },
			},
		}),
	],
	[
		"histograms of sizes",
		histograms({
			title: "It vanishes",
			value: "∂L/∂h",
			scale: "log",
			panels: { "": { now: wave, before: wave.map((v) => v * 1e-6) } },
		}),
	],
	[
		"multiples",
		multiples({
			title: "Each differs",
			x: "t",
			y: { name: "h", range: [-1, 1] },
			panels: {
				"unit 0": { h: wave },
				"unit 1": { h: wave, z: [0, 1, Number.NaN, 1] },
			},
		}),
	],
	[
		"forecastChart",
		forecastChart({
			title: "It waves on",
			x: "t",
			y: "v",
			past: wave,
			at: [100, 101],
			samples: [
				[0, 1],
				[1, 2],
				[2, 1],
			],
			truth: { x: [100, 101], y: [1, 1] },
		}),
	],
	[
		"timeline",
		timeline({
			title: "One after the other",
			x: { name: "time", unit: "steps" },
			rows: {
				a: [
					{ from: 0, to: 2, name: "first" },
					{ from: 2, to: 4, name: "second" },
				],
				b: [{ from: 1, to: 3, name: "first" }],
			},
		}),
	],
	[
		"vegaLite, a specification of one's own",
		vegaLite({
			$schema: "https://vega.github.io/schema/vega-lite/v6.json",
			title: { text: ["My own"] },
			data: { values: [{ a: 1 }, { a: 2 }] },
			mark: "bar",
			encoding: { x: { field: "a", type: "quantitative" } },
		}),
	],
];
