import type { Random } from "unrolled";
import {
	expectOptions,
	expectValue,
	list,
	size,
	source,
	text,
} from "unrolled/expect";

/** Elman's 29 words by kind; `see` and `break` belong to two kinds. */
const kinds = {
	human: ["man", "woman", "boy", "girl"],
	animal: ["cat", "dog", "mouse"],
	thing: ["book", "rock", "car"],
	aggressor: ["dragon", "monster", "lion"],
	fragile: ["glass", "plate"],
	food: ["cookie", "bread", "sandwich"],
	intransitive: ["think", "sleep", "exist"],
	transitive: ["see", "chase", "like"],
	moving: ["move", "break"],
	perceiving: ["smell", "see"],
	destroying: ["break", "smash"],
	eating: ["eat"],
} as const;

type Kind = keyof typeof kinds;

/** The 16 sentences, as kinds of words. */
const templates: readonly (readonly Kind[])[] = [
	["human", "eating", "food"],
	["human", "perceiving", "thing"],
	["human", "destroying", "fragile"],
	["human", "intransitive"],
	["human", "transitive", "human"],
	["human", "moving", "thing"],
	["human", "moving"],
	["animal", "eating", "food"],
	["animal", "transitive", "animal"],
	["animal", "moving", "thing"],
	["animal", "moving"],
	["thing", "moving"],
	["aggressor", "destroying", "fragile"],
	["aggressor", "eating", "human"],
	["aggressor", "eating", "animal"],
	["aggressor", "eating", "food"],
];

/** The 29 words: 18 nouns, then 11 verbs. */
export const elmanWords: readonly string[] = [
	...new Set(Object.values(kinds).flat()),
];

/** The 18 nouns among them. */
export const elmanNouns: readonly string[] = elmanWords.slice(0, 18);

const rules = { sentences: size, random: source };

/**
 * Elman's sentences of two or three words, such as `lion eat man`; strung together without a mark between them they are what his network read.
 * Each of 16 templates is as likely as the others, and so is each word in its place.
 *
 * Elman 1990, Finding Structure in Time, tables 3 and 4.
 */
export function elmanSentences(options: {
	sentences: number;
	random: Random;
}): string[][] {
	const { sentences, random } = expectOptions("elmanSentences", options, rules);
	const one = <T>(items: readonly T[]): T =>
		items[random.integer(items.length)];
	return Array.from({ length: sentences }, () =>
		one(templates).map((kind) => one<string>(kinds[kind])),
	);
}

const words = list(text, "a list of words");

/**
 * The true probability of each word after the words of a sentence so far, in the order of `elmanWords`: what the best predictor says. Where a
 * sentence may end here, the first words of the next one have their share.
 * @throws when no sentence begins so.
 */
export function elmanNext(beginning: readonly string[]): number[] {
	expectValue("elmanNext", "the beginning", beginning, words);
	const next = new Map<string, number>();
	const give = (kind: Kind, share: number) => {
		for (const word of kinds[kind])
			next.set(word, (next.get(word) ?? 0) + share / kinds[kind].length);
	};
	let total = 0;
	for (const template of templates) {
		let share = 1;
		for (const [i, word] of beginning.entries()) {
			const words: readonly string[] =
				template[i] === undefined ? [] : kinds[template[i]];
			share *= words.includes(word) ? 1 / words.length : 0;
		}
		total += share;
		if (beginning.length < template.length)
			give(template[beginning.length], share);
		else for (const [first] of templates) give(first, share / templates.length);
	}
	if (total === 0)
		throw new Error(
			`elmanNext: no sentence begins with "${beginning.join(" ")}"`,
		);
	return elmanWords.map((word) => (next.get(word) ?? 0) / total);
}
