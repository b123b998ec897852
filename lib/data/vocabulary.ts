import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { expectList, isList } from "../expect/lists.ts";
import {
	text as aString,
	flag,
	optional,
	size as sizeRule,
	whole,
} from "../expect/rules.ts";
import { described } from "../expect/words.ts";

/** Tokens and their numbers. */
export interface Vocabulary {
	/** How many tokens there are. */
	readonly size: number;
	/** In the order of their ids. */
	readonly tokens: readonly string[];
	/** The id that every token outside the vocabulary gets; undefined where there is none. */
	readonly unknown?: number;
	/** The id that fills up, where `padding` was asked for. */
	readonly padding?: number;
	/** The id before a text, where `start` was asked for. */
	readonly start?: number;
	/** The id after a text, where `end` was asked for. */
	readonly end?: number;
	/** Text → ids, or a list of tokens → ids. A text is cut into characters, in a vocabulary of words at its spaces. */
	encode(text: string | readonly string[]): number[];
	/** Ids → text; words are joined by spaces. */
	decode(ids: ArrayLike<number>): string;
}

export interface VocabularyOptions {
	/** A token, such as `"?"`, that stands for every one that is not in the vocabulary. Default: such a one is an error. */
	unknown?: string;
	/** A token to fill up with, such as `"_"`; its id is 0. */
	padding?: string;
	/** A token before a text. */
	start?: string;
	/** A token after a text. */
	end?: string;
	/** Leaves out tokens that come less often than this. */
	least?: number;
	/** Keeps at most this many tokens, the most frequent; those above are not counted. */
	most?: number;
}

const aToken = optional({
	wanted: 'a token, such as "?"',
	fits: (value) => typeof value === "string" && value !== "",
});
const rules: Rules<VocabularyOptions> = {
	unknown: aToken,
	padding: aToken,
	start: aToken,
	end: aToken,
	least: optional(sizeRule),
	most: optional(sizeRule),
};

/**
 * The tokens of a text with numbers from 0.
 *
 * ```ts
 * const letters = vocabulary(text);                                          // characters, in the order of their code points
 * const known = vocabulary(sentences.map((s) => words(s)), { unknown: "?", padding: "_" });      // words, the most frequent first
 * ```
 *
 * A string gives a vocabulary of characters; a list of tokens, or of lists of them, one of words. The tokens of the options come first,
 * in the order padding, unknown, start, end.
 * @throws when there is no token, or one of the options stands in the text itself; (encode, decode) when a token or an id is not in it.
 */
export function vocabulary(
	text: string | readonly string[] | readonly (readonly string[])[],
	options: VocabularyOptions = {},
): Vocabulary {
	const {
		unknown,
		padding,
		start,
		end,
		least = 1,
		most,
	} = expectOptions("vocabulary", options, rules);
	const characters = typeof text === "string";
	const counts = new Map<string, number>();
	for (const token of characters ? text : flat(text))
		counts.set(token, (counts.get(token) ?? 0) + 1);
	const special = [padding, unknown, start, end].filter(
		(token) => token !== undefined,
	);
	for (const token of special)
		if (
			(token !== unknown && counts.has(token)) ||
			special.indexOf(token) !== special.lastIndexOf(token)
		)
			throw new Error(
				`vocabulary: ${JSON.stringify(token)} stands for two things; choose a token that is not in the text`,
			);
	const frequent = [...counts]
		.filter(([token, count]) => count >= least && token !== unknown)
		.sort(([a, n], [b, m]) => m - n || byCodePoint(a, b))
		.slice(0, most)
		.map(([token]) => token);
	const tokens = [
		...special,
		...(characters ? frequent.sort(byCodePoint) : frequent),
	];
	const ids = new Map(tokens.map((token, id) => [token, id]));
	const idOf = (token?: string) =>
		token === undefined ? undefined : ids.get(token);
	const other = idOf(unknown);
	return {
		size: tokens.length,
		tokens: tokens.slice(),
		unknown: other,
		padding: idOf(padding),
		start: idOf(start),
		end: idOf(end),
		encode: (given) => {
			expectValue("vocabulary: encode", "the text", given, aText);
			const cut =
				typeof given !== "string" || characters
					? given
					: given.split(/\s+/).filter((word) => word !== "");
			return Array.from(cut, (token, i) => {
				const id = ids.get(token) ?? other;
				if (id === undefined)
					throw new Error(
						`vocabulary: ${JSON.stringify(token)} is not one of its ${tokens.length} tokens, at ${i}; the option unknown names a token for all others`,
					);
				return id;
			});
		},
		decode: (ids) =>
			expectList("vocabulary: decode", "ids", ids, whole())
				.map((id) => {
					const token = tokens[id];
					if (token === undefined)
						throw new Error(
							`vocabulary: id ${id} is not one of 0 … ${tokens.length - 1}`,
						);
					return token;
				})
				.join(characters ? "" : " "),
	};
}

const listed = {
	wanted: "a string, or a list of tokens",
	fits: (value: unknown) =>
		typeof value === "string" ||
		(Array.isArray(value) &&
			Array.from(value).every((token) => typeof token === "string")),
};
const aText = {
	...listed,
	hint: (value: unknown) =>
		isList(value) ? "encode one sequence at a time" : undefined,
};

/** The tokens of a list, or of a list of lists. */
function flat(text: readonly (string | readonly string[])[]): string[] {
	const wrong = (value: unknown, at: string) =>
		new Error(
			`vocabulary: the text must be a string, a list of tokens, or a list of lists of them, got ${described(value)}${at}`,
		);
	if (!Array.isArray(text)) throw wrong(text, "");
	const found: string[] = [];
	Array.from(text).forEach((part: unknown, i) => {
		if (typeof part === "string") found.push(part);
		else if (!Array.isArray(part)) throw wrong(part, ` at ${i}`);
		else
			Array.from(part).forEach((token: unknown, j) => {
				if (typeof token !== "string") throw wrong(token, ` at [${i}][${j}]`);
				found.push(token);
			});
	});
	return found;
}

function byCodePoint(a: string, b: string): number {
	const [p, q] = [[...a], [...b]];
	for (let i = 0; i < Math.min(p.length, q.length); i++) {
		const difference =
			(p[i].codePointAt(0) as number) - (q[i].codePointAt(0) as number);
		if (difference !== 0) return difference;
	}
	return p.length - q.length;
}

const wordRules = { capitals: optional(flag) };

/**
 * The words of a text, and its punctuation marks, in small letters: `words("It's 3 o'clock.")` is `["it's", "3", "o'clock", "."]`.
 *
 * A word is letters and digits, with apostrophes and hyphens inside.
 */
export function words(
	text: string,
	options: {
		/** Keep capital letters. */
		capitals?: boolean;
	} = {},
): string[] {
	expectValue("words", "the text", text, aString);
	const { capitals = false } = expectOptions("words", options, wordRules);
	const found = text.match(
		/[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*|[^\s\p{L}\p{N}\p{M}]/gu,
	);
	return (found ?? []).map((word) => (capitals ? word : word.toLowerCase()));
}
