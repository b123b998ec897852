import {
	dates,
	englishSpanish,
	inEnglish,
	inSpanish,
	numberWords,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { describe, expect, test } from "vitest";

describe("dates", () => {
	const { train, validation } = dates({
		train: 3000,
		validation: 500,
		random: random(1),
	});

	test("each target is the day that its source spells", () => {
		for (const { source, target } of [...train, ...validation]) {
			expect(target).toMatch(/^(19[5-9]|20[0-4])\d-\d\d-\d\d$/);
			const [y, m, d] = target.split("-").map(Number);
			const day = new Date(Date.UTC(y, m - 1, d));
			expect(day.toISOString().slice(0, 10)).toBe(target);
			const month = day.toLocaleString("en", {
				month: "long",
				timeZone: "UTC",
			});
			expect(source).toMatch(new RegExp(`\\b${`${y}`.slice(2)}|${y}`));
			if (/[a-z]{3}/i.test(source))
				expect(source.toLowerCase()).toContain(month.slice(0, 3).toLowerCase());
			const week = day.toLocaleString("en", {
				weekday: "long",
				timeZone: "UTC",
			});
			if (/day,/.test(source)) expect(source).toContain(week);
		}
		expect(train.some(({ source }) => /\d(st|nd|rd|th) of/.test(source))).toBe(
			true,
		);
		expect(
			new Set(
				train.map(({ source }) =>
					source.replace(/[A-Za-z]+/g, "w").replace(/\d/g, "9"),
				),
			).size,
		).toBeGreaterThan(9);
	});

	test("no day stands in both parts, and none twice in validation", () => {
		const held = new Set(validation.map(({ target }) => target));
		expect(held.size).toBe(500);
		expect(train.some(({ target }) => held.has(target))).toBe(false);
		expect(() =>
			dates({ train: 1, validation: 20000, random: random(1) }),
		).toThrow("dates: validation must be at most 18262 days, got 20000");
	});
});

describe("number words", () => {
	test("as people say them", () => {
		expect([0, 13, 40, 99, 305, 1000, 21_017, 999_999].map(inEnglish)).toEqual([
			...["zero", "thirteen", "forty", "ninety nine", "three hundred five"],
			...["one thousand", "twenty one thousand seventeen"],
			"nine hundred ninety nine thousand nine hundred ninety nine",
		]);
		expect(
			[
				0, 16, 22, 31, 100, 101, 500, 1000, 1001, 21_000, 31_001, 100_000,
				999_999,
			].map(inSpanish),
		).toEqual([
			...[
				"cero",
				"dieciséis",
				"veintidós",
				"treinta y uno",
				"cien",
				"ciento uno",
			],
			...[
				"quinientos",
				"mil",
				"mil uno",
				"veintiún mil",
				"treinta y un mil uno",
			],
			"cien mil",
			"novecientos noventa y nueve mil novecientos noventa y nueve",
		]);
		expect(() => inSpanish(1e6)).toThrow(
			"inSpanish: the number must be a whole number from 0 to 999999, got 1000000",
		);
	});

	test("no number stands in both parts", () => {
		const { train, validation } = numberWords({
			train: 2000,
			validation: 300,
			random: random(1),
		});
		const held = new Set(validation.map(({ source }) => source));
		expect(held.size).toBe(300);
		expect(train.some(({ source }) => held.has(source))).toBe(false);
	});
});

describe("englishSpanish", () => {
	const data = englishSpanish({
		train: 4000,
		validation: 500,
		random: random(1),
	});
	const { train, validation, unseen, pairs } = data;
	const words = (key: "source" | "target") =>
		new Set(
			[...train, ...validation, ...unseen].flatMap((pair) =>
				pair[key].split(" "),
			),
		);

	test("one English sentence has one translation", () => {
		const known = new Map<string, string>();
		for (const { source, target } of [...train, ...validation, ...unseen]) {
			expect(known.get(source) ?? target).toBe(target);
			known.set(source, target);
		}
		expect(known.size).toBeGreaterThan(4000);
		expect(words("source").size).toBeGreaterThan(70);
		expect(words("target").size).toBeGreaterThan(100);
	});

	test("adjectives stand behind their nouns and agree; persons are reached by a", () => {
		const said = (source: string) =>
			[...train, ...validation, ...unseen].find((pair) =>
				pair.source.includes(source),
			)?.target;
		expect(said("red cats ")).toMatch(/gatos rojos/);
		expect(said("white houses ")).toMatch(/casas blancas/);
		for (const { source, target } of train) {
			expect(target).not.toMatch(/\ba el\b|undefined/);
			if (/(saw|sees?) (the|a|this|my) (\w+ )?boy$/.test(source))
				expect(target).toMatch(/ (al|a un|a este|a mi) niño/);
			if (/\bnot\b/.test(source)) expect(target).toMatch(/ no /);
			if (/^an? /.test(source)) expect(target).toMatch(/^una? /);
		}
		expect(train.some(({ source }) => / an old /.test(` ${source}`))).toBe(
			true,
		);
	});

	test("the kept pairs are in every unseen sentence and in no other; their words are in others", () => {
		expect(pairs).toHaveLength(16);
		const together = (sentence: string) => {
			const forms = pairs.map((pair) => pair.split(" "));
			return forms.some(([adjective, noun]) => {
				const many = noun === "city" ? "cities" : `${noun}s`;
				return new RegExp(
					`\\b${adjective} (${noun}|${many})\\b|\\b(${noun}|${many}) (is|are)( not)? ${adjective}$`,
				).test(sentence);
			});
		};
		expect(
			[...train, ...validation].filter(({ source }) => together(source)),
		).toEqual([]);
		expect(unseen.filter(({ source }) => !together(source))).toEqual([]);
		const known = new Set(train.flatMap(({ source }) => source.split(" ")));
		for (const { source } of unseen)
			for (const word of source.split(" ")) expect(known).toContain(word);
	});

	test("no sentence of validation stands in train", () => {
		const learnt = new Set(train.map(({ source }) => source));
		expect(
			[...validation, ...unseen].filter(({ source }) => learnt.has(source)),
		).toEqual([]);
	});
});
