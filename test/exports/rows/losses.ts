import {
	aTensor,
	type Kind,
	notNegative,
	number,
	numbers,
	oneOf,
	only,
	optional,
	options,
	or,
	positive,
	rate,
	size,
	source,
	whole,
} from "../kinds.ts";
import { numbersOf, own, type Row, u } from "./shared.ts";

/** Of two positions; nested lists and numbers have other shapes. */
const aMask: Kind = optional(
	or(
		numbers(
			() => [1, 0.5],
			(n) => n >= 0 && n < Infinity,
			(l) => l === 2,
		),
		aTensor([2]),
	),
);

const halves: Kind = {
	...aTensor([2, 3]),
	good: () => u.div(u.ones([2, 3]), 2),
};

const mixtureOutputs = or(
	numbers(
		() => [1, 2, 3, 4, 5, 6, 7, 8],
		Number.isFinite,
		(l) => l === 8,
	),
	aTensor([8]),
);

const mixtureKinds = {
	components: whole(1, 1, 1),
	pens: optional(whole(2, 2, 2)),
	least: optional(notNegative(0.1)),
	bias: optional(notNegative(1)),
};

const ctcKinds = {
	lengths: optional(
		numbers(
			() => [3],
			(n) => [1, 2, 3].includes(n),
			(l) => l === 1,
		),
	),
	blank: optional(oneOf(0, 2, 3)),
};

const anyTokens: Kind = {
	good: () => "ab",
	accepts: (v) =>
		typeof v === "string" || Array.isArray(v) || v instanceof Uint8Array,
};

const tokenLists: Kind = {
	good: () => ["ab", [1, 2]],
	accepts: (v) =>
		Array.isArray(v) &&
		v.length === 2 &&
		Array.from(v).every(anyTokens.accepts),
};

/** Losses and metrics. */
export const rows: Row[] = [
	...(
		["meanSquaredError", "meanAbsoluteError", "binaryCrossEntropy"] as const
	).map((name) =>
		own(name, aTensor([2, 3]), halves, optional(options({ mask: aMask }))),
	),

	own(
		"huber",
		aTensor([2, 3]),
		aTensor([2, 3]),
		optional(options({ mask: aMask, delta: optional(positive(1)) })),
	),

	own(
		"quantileLoss",
		aTensor([2, 1]),
		aTensor([2]),
		options({
			mask: aMask,
			quantiles: numbers(
				() => [0.5],
				(q) => q > 0 && q < 1,
				(l) => l === 1,
			),
		}),
	),

	own(
		"mixtureDensity",
		aTensor([2, 8]),
		aTensor([2, 2]),
		numbers(
			() => [1, 0],
			(n) => [-1, 0, 1].includes(n),
			(l) => l === 2,
		),
		options({
			components: whole(1, 1, 1),
			pens: optional(whole(2, 2, 2)),
			least: optional(notNegative(0.1)),
			mask: aMask,
		}),
	),

	own("mixture", mixtureOutputs, options(mixtureKinds)),

	own(
		"sampleMixture",
		mixtureOutputs,
		options({ ...mixtureKinds, random: source }),
	),

	own(
		"ctc",
		aTensor([3, 1, 4]),
		only(() => [[1]]),
		optional(options(ctcKinds)),
	),

	own("ctcRead", aTensor([3, 1, 4]), optional(options(ctcKinds))),

	own(
		"accuracy",
		aTensor([2, 3]),
		numbers(
			() => [1, 2],
			(n) => [-1, 0, 1, 2].includes(n),
			(l) => l === 2,
		),
	),

	own("perplexity", number(1)),

	own("bits", number(1)),

	own(
		"f1",
		numbersOf([1, 2]),
		numbersOf([1, 2]),
		optional(
			options({ average: optional(or(oneOf("macro", "micro"), whole(1, 0))) }),
		),
	),

	own("editDistance", anyTokens, anyTokens),

	own("errorRate", tokenLists, tokenLists),

	own("exactMatch", tokenLists, tokenLists),

	own(
		"bleu",
		only(() => [["a"], ["b"]]),
		only(() => [["a"], ["b"]]),
		optional(options({ order: optional(size(2)) })),
	),

	own("meanAbsolute", numbersOf([1, 2]), numbersOf([1, 2])),

	own(
		"mase",
		numbersOf([1, 2]),
		numbersOf([1, 2]),
		options({
			train: numbers(
				() => [1, 2],
				Number.isFinite,
				(l) => l > 1,
			),
			season: optional(whole(1, 1, 1)),
		}),
	),

	own(
		"softmaxCrossEntropy",
		aTensor([2, 3]),
		numbers(
			() => [1, 2],
			(n) => [-1, 0, 1, 2].includes(n),
			(l) => l === 2,
		),
		optional(
			options({
				mask: aMask,
				classes: optional(
					numbers(
						() => [1, 2, 3],
						(n) => n > 0 && n < Infinity,
						(l) => l === 3,
					),
				),
				smoothing: optional(rate(0.1)),
			}),
		),
	),
];
