import {
	aLayer,
	anyNumber,
	anything,
	dtype,
	flag,
	fn,
	type Kind,
	notNegative,
	number,
	numbers,
	oneOf,
	only,
	optional,
	options,
	or,
	size,
	source,
	text,
	whole,
} from "../kinds.ts";
import { anyAxes, numbersOf, own, type Row, row, u, writer } from "./shared.ts";

const letters = () => u.vocabulary("abcd");

const tokenKinds = {
	start: numbers(
		() => [1, 2],
		(n) => Number.isInteger(n) && n >= 0 && n < 4,
		(length) => length > 0,
	),
	limit: whole(2, 0),
	end: optional(whole(3)),
	state: anything(undefined),
};

const sampleKinds = {
	random: source,
	temperature: optional(notNegative(0.7)),
	top: optional(size(2)),
	nucleus: optional(number(0.9, (n) => n > 0 && n <= 1)),
};

/** A list of numbers, not empty and without a gap. */
const filledList = (v: unknown): boolean =>
	(Array.isArray(v) || v instanceof Uint8Array) &&
	v.length > 0 &&
	Array.from<unknown>(v).every((n) => typeof n === "number");

const items: Kind = {
	good: () => [1, 2, 3],
	accepts: (v) => (Array.isArray(v) || v instanceof Uint8Array) && v.length > 1,
};

const byItself = fn((item: never) => item);

const token = (good: string): Kind => ({
	good: () => good,
	accepts: (v) => typeof v === "string" && v !== "",
});

/** Batches and texts, and writing texts. */
export const rows: Row[] = [
	own(
		"vocabulary",
		or(
			text("abcd"),
			only(() => ["a", "b"]),
			{
				...only(() => [["a"]]),
				accepts: (v) =>
					Array.isArray(v) &&
					Array.from(v)
						.flat(1)
						.every((t) => typeof t === "string"),
			},
		),
		optional(
			options({
				unknown: optional(token("?")),
				padding: optional(token("_")),
				start: optional(token("<")),
				end: optional(token(">")),
				least: optional(size(1)),
				most: optional(size(3)),
			}),
		),
	),
	own("words", text("a b"), optional(options({ capitals: optional(flag) }))),
	own(
		"oneHot",
		or(
			numbers(
				() => [1, 2],
				(n) => [-1, 0, 1, 2].includes(n),
			),
			{ ...number(1), accepts: (v) => [-1, 0, 1, 2].includes(v as number) },
		),
		options({ classes: size(3), dtype: optional(dtype) }),
	),
	own(
		"pad",
		{
			good: () => [[1, 2], [3]],
			accepts: (v) => Array.isArray(v) && v.length > 0 && v.every(filledList),
		},
		optional(
			options({
				fill: optional(anyNumber(0)),
				steps: optional(size(3)),
				side: optional(oneOf("left", "right")),
				truncate: optional(oneOf("left", "right")),
			}),
		),
	),
	own(
		"batches",
		{
			...items,
			accepts: (v) => items.accepts(v) || (Array.isArray(v) && v.length > 0),
		},
		options({
			batch: size(1),
			random: optional(source),
			length: optional(fn(() => 1)),
			full: optional(flag),
		}),
	),
	own(
		"partition",
		items,
		numbersOf([0.5, 0.5]),
		optional(options({ random: optional(source), by: optional(byItself) })),
	),
	own(
		"folds",
		items,
		options({
			count: whole(2, 2, 2),
			random: optional(source),
			by: optional(byItself),
		}),
	),
	own("standardise", {
		good: () => [1, 2],
		accepts: (v) => filledList(v) && !(v as unknown[]).some(Number.isNaN),
	}),
	own(
		"seriesWindows",
		items,
		options({
			past: whole(1, 1, 2),
			ahead: optional(whole(1, 1, 2)),
			stride: optional(size(1)),
		}),
	),
	row(
		"textWindows",
		async (chunks: never, how: never) => {
			for await (const _ of u.textWindows(chunks, how));
		},
		only(() => ["abcdabcdabcd"]),
		options({
			vocabulary: only(letters),
			batch: whole(2, 1, 3),
			steps: whole(2, 1, 3),
			windows: optional(size(3)),
		}),
	),
	row(
		"vocabulary().encode",
		(t: string) => letters().encode(t),
		or(
			oneOf("abcd", "abc", ""),
			only(() => ["a", "b"]),
			{
				good: () => [],
				accepts: (v) =>
					Array.isArray(v) &&
					Array.from(v).every((t) => ["a", "b", "c", "d"].includes(t)),
			},
		),
	),
	row(
		"vocabulary().decode",
		(t: number[]) => letters().decode(t),
		numbers(
			() => [0, 1],
			(n) => [0, 1, 2, 3].includes(n),
		),
	),
	own(
		"windows",
		numbers(
			() => new Int32Array(20),
			(n) => Number.isInteger(n) && n >= 0,
			(l) => l >= 7,
		),
		options({ batch: whole(2, 1, 3), steps: whole(3, 1, 3) }),
	),

	own("sample", anyAxes([3]), options(sampleKinds)),
	own("greedy", aLayer(writer), options(tokenKinds)),
	own(
		"beamSearch",
		aLayer(writer),
		options({
			...tokenKinds,
			limit: whole(2, 1),
			width: whole(2, 1),
			alpha: optional(notNegative(1)),
		}),
	),
	own(
		"write",
		aLayer(writer),
		options({
			...sampleKinds,
			vocabulary: only(letters),
			start: oneOf("ab", "abc"),
			length: whole(3, 0),
		}),
	),
];
