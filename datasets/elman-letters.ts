import type { Random } from "unrolled";
import { expectOptions, size, source } from "unrolled/expect";

/** What Elman's letters are made of: each letter as six features, 1 where it has them. */
export const letterFeatures = [
	"consonant",
	"vowel",
	"interrupted",
	"high",
	"back",
	"voiced",
] as const;

/** The features of the six letters (Elman 1990, table 2). */
export const elmanAlphabet: Readonly<Record<string, readonly number[]>> = {
	b: [1, 0, 1, 0, 0, 1],
	d: [1, 0, 1, 1, 0, 1],
	g: [1, 0, 1, 0, 1, 1],
	a: [0, 1, 0, 0, 1, 1],
	i: [0, 1, 0, 1, 0, 1],
	u: [0, 1, 0, 1, 1, 1],
};

const rules = { consonants: size, random: source };

/**
 * Elman's letters: consonants come at random, each brings its vowels: b a, d i i, g u u u. After a consonant the next letters are
 * certain; after the last vowel only that some consonant comes. A network that has learned it errs where a consonant starts, and there
 * only in what tells consonants apart.
 *
 * letters: the text, about three letters for a consonant. vectors [T, 6]: their features.
 *
 * Elman 1990, Finding Structure in Time, section "Structure in Letter Sequences".
 */
export function elmanLetters(options: { consonants: number; random: Random }): {
	letters: string;
	vectors: number[][];
} {
	const { consonants, random } = expectOptions("elmanLetters", options, rules);
	const syllables = ["ba", "dii", "guuu"];
	const letters = Array.from(
		{ length: consonants },
		() => syllables[random.integer(3)],
	).join("");
	return {
		letters,
		vectors: [...letters].map((letter) => [...elmanAlphabet[letter]]),
	};
}
