import {
	batches,
	folds,
	oneHot,
	partition,
	random,
	seriesWindows,
	standardise,
	textWindows,
	vocabulary,
	windows,
	words,
} from "unrolled";
import { describe, expect, test } from "vitest";

const upTo = (n: number) => [...Array(n).keys()];
const sorted = (x: number[]) => x.slice().sort((a, b) => a - b);

describe("vocabulary of words", () => {
	const sentences = ["The cat sat.", "The dog sat", "A cat"].map((s) =>
		words(s),
	);

	test("the most frequent come first, ties in the order of their code points", () => {
		const v = vocabulary(sentences);
		expect(v.tokens).toEqual(["cat", "sat", "the", ".", "a", "dog"]);
		expect(v.encode(["the", "cat", "."])).toEqual([2, 0, 3]);
		expect(v.encode("the cat .")).toEqual([2, 0, 3]);
		expect(v.decode([4, 5])).toBe("a dog");
	});

	test("padding is 0, then come unknown, start and end", () => {
		const v = vocabulary(sentences, {
			end: "</s>",
			start: "<s>",
			unknown: "?",
			padding: "_",
			least: 2,
		});
		expect(v.tokens).toEqual(["_", "?", "<s>", "</s>", "cat", "sat", "the"]);
		expect([v.padding, v.unknown, v.start, v.end]).toEqual([0, 1, 2, 3]);
		expect(v.encode(["the", "zebra"])).toEqual([6, 1]);
		expect(vocabulary(sentences, { most: 2 }).tokens).toEqual(["cat", "sat"]);
	});

	test("a list of words is a vocabulary as well, and characters may have the same options", () => {
		expect(vocabulary(["a", "b", "a"]).tokens).toEqual(["a", "b"]);
		const v = vocabulary("hello", { unknown: "?", most: 2 });
		expect(v.tokens).toEqual(["?", "e", "l"]);
		expect(v.encode("hell")).toEqual([0, 1, 2, 2]);
	});

	test("errors say which token, and where", () => {
		const v = vocabulary(sentences);
		expect(() => v.encode(["the", "zebra"])).toThrow(
			'vocabulary: "zebra" is not one of its 6 tokens, at 1; the option unknown names a token for all others',
		);
		expect(() => v.encode([["the"]] as never)).toThrow(
			"encode one sequence at a time",
		);
		expect(() => vocabulary(["a", "_"], { padding: "_" })).toThrow(
			'vocabulary: "_" stands for two things',
		);
		expect(() => vocabulary("ab", { start: "<", end: "<" })).toThrow(
			'vocabulary: "<" stands for two things',
		);
		expect(() => vocabulary([["a"], 3 as never])).toThrow(
			"a list of lists of them, got 3 at 1",
		);
	});
});

test("words are cut at spaces and marks, not at apostrophes", () => {
	expect(words("It's 3 o'clock — a well-known “fact”.")).toEqual([
		...["it's", "3", "o'clock", "—", "a", "well-known", "“", "fact", "”", "."],
	]);
	expect(words("Año Nuevo", { capitals: true })).toEqual(["Año", "Nuevo"]);
	expect(words("  ")).toEqual([]);
});

test("oneHot has a 1 at the class of each id, and nothing for padding", () => {
	expect(
		oneHot(
			[
				[0, 2],
				[1, -1],
			],
			{ classes: 3 },
		).toArray(),
	).toEqual([
		[
			[1, 0, 0],
			[0, 0, 1],
		],
		[
			[0, 1, 0],
			[0, 0, 0],
		],
	]);
	expect(() => oneHot([0, 3], { classes: 3 })).toThrow(
		"oneHot: id 3 at 1 is not one of 0 … 2 (or −1, zeros)",
	);
});

describe("batches", () => {
	test("a round has each item once; the next is mixed anew", () => {
		const source = batches(upTo(10), { batch: 4, random: random(1) });
		expect(source.count).toBe(3);
		const rounds = [1, 2].map(() =>
			Array.from({ length: 3 }, () => source.next().value),
		);
		for (const round of rounds) {
			expect(round.map((batch) => batch.length)).toEqual([4, 4, 2]);
			expect(sorted(round.flat())).toEqual(upTo(10));
		}
		expect(rounds[0]).not.toEqual(rounds[1]);
		expect(sorted([...source].flat())).toEqual(upTo(10));
	});

	test("without a source they come in their order; full ones only if asked", () => {
		expect([...batches(upTo(5), { batch: 2 })]).toEqual([[0, 1], [2, 3], [4]]);
		const full = batches(upTo(5), { batch: 2, full: true });
		expect([full.count, [...full].length]).toEqual([2, 2]);
	});

	test("batches of like length are narrow, complete, and come in another order each round", () => {
		const draw = random(2);
		const items = upTo(1000).map((id) => ({ id, n: 1 + draw.integer(30) }));
		const source = batches(items, {
			batch: 16,
			random: random(3),
			length: ({ n }) => n,
		});
		const spread = (round: { n: number }[][]) =>
			round.reduce((sum, batch) => {
				const lengths = batch.map(({ n }) => n);
				return sum + Math.max(...lengths) - Math.min(...lengths);
			}, 0) / round.length;
		const [one, other] = [[...source], [...source]];
		expect(sorted(one.flat().map(({ id }) => id))).toEqual(upTo(1000));
		expect(spread(one)).toBeLessThan(3);
		expect(spread([...batches(items, { batch: 16 })])).toBeGreaterThan(20);
		expect(one).not.toEqual(other);
		// nor do the short ones come first, neither at the beginning of a round nor later
		for (const part of [one.slice(0, 10), one.slice(-10)]) {
			const firsts = part.map((batch) => batch[0].n);
			expect(firsts).not.toEqual(sorted(firsts));
		}
	});

	test("what cannot be is refused", () => {
		expect(() => batches([], { batch: 2 })).toThrow(
			"items must be a list of at least one",
		);
		expect(() => batches([1], { batch: 2, full: true })).toThrow(
			"batches: a full batch of 2 needs at least 2 items, got 1",
		);
		expect(() => batches([1, 2], { batch: 2, length: () => NaN })).toThrow(
			"batches: the length of item 0 must be a number of at least 0, got NaN",
		);
	});
});

describe("partition", () => {
	test("in time order the parts follow one another", () => {
		expect(partition(upTo(10), [0.6, 0.2, 0.2])).toEqual([
			[0, 1, 2, 3, 4, 5],
			[6, 7],
			[8, 9],
		]);
	});

	test("at random each item is in one part, by its seed", () => {
		const draw = (seed: number) =>
			partition(upTo(100), [0.9, 0.1], { random: random(seed) });
		const [train, held] = draw(1);
		expect([train.length, held.length]).toEqual([90, 10]);
		expect(sorted([...train, ...held])).toEqual(upTo(100));
		expect(draw(1)).toEqual([train, held]);
		expect(draw(2)).not.toEqual([train, held]);
	});

	test("groups stay together", () => {
		const items = upTo(200).map((id) => ({ id, author: id % 7 }));
		const [train, held] = partition(items, [0.7, 0.3], {
			random: random(1),
			by: ({ author }) => author,
		});
		expect(train.length + held.length).toBe(200);
		const authors = new Set(train.map(({ author }) => author));
		expect(held.some(({ author }) => authors.has(author))).toBe(false);
		expect(held.length / 200).toBeCloseTo(0.3, 1);
	});

	test("folds hold each item out once, groups whole", () => {
		const made = folds(upTo(11), { count: 3, random: random(1) });
		expect(sorted(made.flatMap(({ validation }) => validation))).toEqual(
			upTo(11),
		);
		for (const { train, validation } of made)
			expect(sorted([...train, ...validation])).toEqual(upTo(11));
		const grouped = folds(upTo(20), { count: 2, by: (i) => i % 5 });
		for (const { train, validation } of grouped) {
			const groups = new Set(train.map((i) => i % 5));
			expect(validation.some((i) => groups.has(i % 5))).toBe(false);
		}
	});

	test("what cannot be is refused", () => {
		expect(() => partition(upTo(4), [0.5, 0.6])).toThrow(
			"partition: shares must sum to 1, got [0.5, 0.6], which sum to 1.1",
		);
		expect(() => partition([1], [0.5, 0.5])).toThrow(
			"would be empty: there is 1 item or group",
		);
		expect(() => folds([1, 2], { count: 3 })).toThrow(
			"folds: 3 parts need at least 3 items or groups, got 2",
		);
	});
});

describe("standardise", () => {
	test("the training part has mean 0 and deviation 1; later values keep that scale", () => {
		const scale = standardise([2, 4, 6, 8]);
		expect(scale.mean).toEqual([5]);
		expect(scale.deviation[0]).toBeCloseTo(Math.sqrt(5), 12);
		expect(scale.apply([5, 5 + Math.sqrt(5)])[1]).toBeCloseTo(1, 12);
		expect(scale.undo(scale.apply([2, 100]))[1]).toBeCloseTo(100, 10);
	});

	test("columns have scales of their own; one that never changes stays finite", () => {
		const scale = standardise([
			[1, 7],
			[3, 7],
		]);
		expect(scale.apply([[3, 8]])).toEqual([[1, 1]]);
	});

	test("errors name the row", () => {
		expect(() => standardise([])).toThrow("wanted at least one value");
		expect(() => standardise([1, NaN])).toThrow(
			"standardise: the values must be a list, each a finite number, got NaN at 1",
		);
		expect(() => standardise([[1, 2], [3]])).toThrow(
			"standardise: row 1 must have 2 numbers, got 1",
		);
		expect(() => standardise([[1, 2]]).apply([[1, null as never]])).toThrow(
			"apply: row 0 must be a list, each a finite number, got null at 1",
		);
	});
});

test("seriesWindows are all runs of the series with what follows", () => {
	expect(seriesWindows(upTo(6), { past: 2, ahead: 2, stride: 2 })).toEqual([
		{ past: [0, 1], future: [2, 3], at: 2 },
		{ past: [2, 3], future: [4, 5], at: 4 },
	]);
	expect(seriesWindows("abc".split(""), { past: 1 })).toHaveLength(2);
	expect(() => seriesWindows([1, 2], { past: 2 })).toThrow(
		"seriesWindows: 2 rows and 1 ahead need at least 3 rows, got 2",
	);
});

describe("textWindows", () => {
	const text = "abcdefghij".repeat(50);
	const letters = vocabulary(text);
	const options = { vocabulary: letters, batch: 2, steps: 3, windows: 4 };
	async function* chunks(size: number) {
		for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
	}
	const read = async (source: AsyncIterable<string> | Iterable<string>) => {
		const found = [];
		for await (const window of textWindows(source, options)) found.push(window);
		return found;
	};

	test("each piece is cut as windows cuts a text, whatever the chunks", async () => {
		const found = await read(chunks(7));
		expect(await read(chunks(1000))).toEqual(found);
		expect(await read([text])).toEqual(found);
		const piece = windows(letters.encode(text.slice(0, 25)), {
			batch: 2,
			steps: 3,
		});
		expect(found.slice(0, 4)).toEqual([...piece]);
		expect(found.length).toBeGreaterThan(500 / 6 - 6);
		for (const { inputs, targets } of found)
			expect(targets.flat()).toEqual(inputs.flat().map((id) => (id + 1) % 10));
	});

	test("memory stays small, however long the text", async () => {
		let given = 0;
		let most = 0;
		function* endless() {
			for (; given < 2e5; given += 10) yield "abcdefghij";
		}
		let read = 0;
		for await (const { fresh, inputs } of textWindows(endless(), options)) {
			if (fresh) most = Math.max(most, given - read);
			read += inputs.flat().length;
		}
		expect(read).toBeGreaterThan(1.8e5);
		expect(most).toBeLessThan(20000);
	});

	test("a character of two places is not cut in two", async () => {
		const fish = "🐋".repeat(300);
		const found = [];
		const own = { ...options, vocabulary: vocabulary(fish) };
		for await (const window of textWindows([fish], own)) found.push(window);
		expect(found.length).toBeGreaterThan(20);
	});

	test("what cannot be is refused", async () => {
		const all = async (source: never, given = options) => {
			for await (const _ of textWindows(source, given));
		};
		await expect(all(["abc"] as never)).rejects.toThrow(
			"textWindows: 2 streams of 3 steps need at least 7 characters, got 3",
		);
		await expect(all([new Uint8Array(9)] as never)).rejects.toThrow(
			'textWindows: chunks must be strings, got a Uint8Array of 9; createReadStream(path, "utf8") gives them',
		);
	});
});
