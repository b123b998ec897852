import { type SurnameData, surnames } from "@unrolled/datasets";
import { random } from "unrolled";
import { describe, expect, test } from "vitest";

const names = (part: SurnameData["train"]) => part.map(({ name }) => name);

describe.each([
	["as written", {}],
	["in ASCII", { ascii: true }],
	["at most 300 a language", { most: 300 }],
])("surnames %s", (_, options) => {
	test("there are 18 languages, each in both parts", async () => {
		const { train, validation, languages } = await surnames(options);
		expect(languages).toHaveLength(18);
		expect(languages).toEqual([...languages].sort());
		for (const part of [train, validation])
			expect([...new Set(part.map(({ language }) => language))].sort()).toEqual(
				languages,
			);
	});

	test("no name stands twice: not in both parts, not in two languages", async () => {
		const { train, validation } = await surnames(options);
		const all = [...names(train), ...names(validation)];
		expect(new Set(all).size).toBe(all.length);
	});

	test("a fifth of each language is for validation", async () => {
		const { train, validation, languages } = await surnames(options);
		for (const language of languages) {
			const held = validation.filter((s) => s.language === language).length;
			const count = held + train.filter((s) => s.language === language).length;
			expect(held).toBe(Math.floor(count / 5));
		}
	});
});

test("a name that two languages share is left out of both", async () => {
	const { train, validation } = await surnames();
	const all = new Set([...names(train), ...names(validation)]);
	expect(all.has("Schmidt")).toBe(false); // German, and in Faker's English list
	expect(all.has("Rossi")).toBe(true);
	expect(all.has("Nováková")).toBe(false); // Czech and Slovak
});

test("ASCII names keep their letters without the marks", async () => {
	const { train, validation } = await surnames({ ascii: true });
	const all = [...names(train), ...names(validation)];
	expect(all.filter((name) => !/^[a-z' -]+$/.test(name))).toEqual([]);
	expect(all).toContain("akgun");
	expect(all).toContain("bakircioglu");
});

test("the same seed gives the same split, another seed another", async () => {
	const split = async (seed: number) =>
		names(
			(await surnames({ languages: ["Dutch", "French"], random: random(seed) }))
				.train,
		);
	expect(await split(5)).toEqual(await split(5));
	expect(await split(6)).not.toEqual(await split(5));
	expect((await split(6)).slice().sort()).not.toEqual(
		(await split(5)).slice().sort(),
	);
});

test("most holds for each language, and keeps what there is", async () => {
	const { train, validation } = await surnames({
		languages: ["Italian", "Dutch"],
		most: 200,
	});
	const count = (language: string) =>
		[...train, ...validation].filter((s) => s.language === language).length;
	expect(count("Italian")).toBe(200);
	expect(count("Dutch")).toBeLessThan(200);
});

test("an unknown language is answered with those there are", async () => {
	await expect(surnames({ languages: ["Klingon"] })).rejects.toThrow(
		/surnames: languages must be some of Croatian, Czech, .*, got Klingon/,
	);
	await expect(surnames({ most: 1 })).rejects.toThrow(
		"surnames: most must be at least 2",
	);
});
