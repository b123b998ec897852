import {
	elmanAlphabet,
	elmanLetters,
	elmanNext,
	elmanNouns,
	elmanSentences,
	elmanWords,
	letterFeatures,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { expect, test } from "vitest";

test("letters are syllables ba, dii and guuu, each as often", () => {
	const { letters, vectors } = elmanLetters({
		consonants: 1000,
		random: random(1),
	});
	expect(letters).toMatch(/^(ba|dii|guuu)+$/);
	expect(letters.replace(/[^bdg]/g, "")).toHaveLength(1000);
	for (const c of "bdg")
		expect(letters.split(c).length / 1000).toBeCloseTo(1 / 3, 1);
	expect(vectors).toHaveLength(letters.length);
	expect(vectors[0]).toEqual(elmanAlphabet[letters[0]]);
});

test("six letters of six features differ from each other, and all are voiced", () => {
	const rows = Object.values(elmanAlphabet);
	expect(new Set(rows.map(String)).size).toBe(6);
	expect(
		rows.every((row) => row.length === letterFeatures.length && row[5] === 1),
	).toBe(true);
	expect(
		Object.entries(elmanAlphabet).every(
			([letter, row]) => row[1] === Number("aiu".includes(letter)),
		),
	).toBe(true);
});

test("there are 29 words: 18 nouns and 11 verbs", () => {
	expect(elmanWords).toHaveLength(29);
	expect(elmanNouns).toHaveLength(18);
	expect(elmanNouns).toContain("sandwich");
	expect(elmanNouns).not.toContain("think");
	const used = new Set(
		elmanSentences({ sentences: 5000, random: random(2) }).flat(),
	);
	expect([...used].sort()).toEqual([...elmanWords].sort());
});

test("the next word's probabilities sum to 1 and are those of the sentences made", () => {
	const sentences = elmanSentences({ sentences: 40_000, random: random(3) });
	for (const beginning of [
		[],
		["man"],
		["dragon", "eat"],
		["cat", "break"],
		["girl", "see"],
		["book", "move"],
	]) {
		const truth = elmanNext(beginning);
		expect(truth.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
		const words = sentences.flatMap((sentence, i) => {
			if (!beginning.every((word, k) => sentence[k] === word)) return [];
			// After a sentence comes the next one.
			const next = sentence[beginning.length] ?? sentences[i + 1]?.[0];
			return next === undefined ? [] : [next];
		});
		for (const [i, word] of elmanWords.entries()) {
			const seen =
				words.filter((other) => other === word).length / words.length;
			expect(
				Math.abs(seen - truth[i]),
				`${beginning.join(" ")} ${word}`,
			).toBeLessThan(
				4 * Math.sqrt((truth[i] * (1 - truth[i])) / words.length) + 1e-12,
			);
		}
	}
});

test("lion eat leads to what lions eat, worked by hand", () => {
	const truth = Object.fromEntries(
		elmanWords.map((word, i) => [word, elmanNext(["lion", "eat"])[i]]),
	);
	expect(truth.man).toBeCloseTo(1 / 3 / 4, 12);
	expect(truth.cat).toBeCloseTo(1 / 3 / 3, 12);
	expect(truth.bread).toBeCloseTo(1 / 3 / 3, 12);
	expect(truth.rock).toBe(0);
});

test("a sentence that no template has is refused", () => {
	expect(() => elmanNext(["bread"])).toThrow(
		'elmanNext: no sentence begins with "bread"',
	);
	expect(() => elmanNext(["man", "sleep", "cat"])).toThrow(
		"no sentence begins with",
	);
	expect(() => elmanSentences({ sentences: 0, random: random(1) })).toThrow(
		"elmanSentences: sentences must be a whole number of at least 1, got 0",
	);
});
