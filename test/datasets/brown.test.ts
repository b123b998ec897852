import { brown, brownTags } from "@unrolled/datasets";
import { random } from "unrolled";
import { expect, test } from "vitest";

const text = (words: string[]) => words.join(" ");

test("the corpus has 57,000 sentences, nine tenths of its documents to train on", async () => {
	const { train, validation, licence } = await brown();
	expect([train.length, validation.length]).toEqual([51698, 5642]);
	const words = [...train, ...validation].flatMap(({ words }) => words);
	expect(words).toHaveLength(1161192);
	expect(licence).toMatch(/redistribution permitted/);
});

test("each word has one of the twelve tags", async () => {
	const { train } = await brown({ most: 3000 });
	expect(train).toHaveLength(3000);
	for (const { words, tags } of train) {
		expect(tags).toHaveLength(words.length);
		expect(words.every((word) => word !== "" && !/\s/.test(word))).toBe(true);
	}
	const seen = new Set(train.flatMap(({ tags }) => tags));
	expect([...seen].sort()).toEqual([...brownTags].sort());
});

test("its first sentence is tagged as grammar has it", async () => {
	const { train } = await brown();
	const first = train.find(({ words }) =>
		text(words).startsWith("The Fulton County Grand Jury said Friday an"),
	);
	expect(first?.tags.slice(0, 16)).toEqual([
		...["DET", "NOUN", "NOUN", "ADJ", "NOUN", "VERB", "NOUN", "DET"],
		...["NOUN", "ADP", "NOUN", "ADJ", "NOUN", "NOUN", "VERB", "."],
	]);
});

test("no sentence of more than ten words stands in both parts", async () => {
	const { train, validation } = await brown();
	const seen = new Set(train.map(({ words }) => text(words)));
	const both = validation.filter(
		({ words }) => words.length > 10 && seen.has(text(words)),
	);
	expect(both).toHaveLength(0);
});

test("one seed draws the same sentences, another seed others", async () => {
	const draw = async (seed: number) =>
		(await brown({ most: 50, random: random(seed) })).train.map(({ words }) =>
			text(words),
		);
	expect(await draw(3)).toEqual(await draw(3));
	expect(await draw(4)).not.toEqual(await draw(3));
});
