import {
	accuracy,
	bits,
	bleu,
	editDistance,
	errorRate,
	exactMatch,
	f1,
	mase,
	meanAbsolute,
	perplexity,
	tensor,
	words,
} from "unrolled";
import { describe, expect, test } from "vitest";

test("accuracy is the share of targets that have the largest logit", () => {
	const logits = tensor([
		[
			[1, 2],
			[3, 0],
		],
		[
			[0, 1],
			[5, 4],
		],
	]);
	expect(
		accuracy(logits, [
			[1, 0],
			[0, -1],
		]),
	).toBeCloseTo(2 / 3, 12);
});

test("a loss of ln 8 nats is 3 bits, and as undecided as among 8", () => {
	expect(bits(Math.log(8))).toBeCloseTo(3, 12);
	expect(perplexity(Math.log(8))).toBeCloseTo(8, 12);
});

test("F₁ of one class, of all, and over all positions", () => {
	const [said, truth] = [
		[0, 0, 1, 1, 2, 0],
		[0, 1, 1, 1, 2, 2],
	];
	// class 0: 1 right, 3 said, 1 true; class 1: 2, 2, 3; class 2: 1, 1, 2
	expect(f1(said, truth, { average: 0 })).toBeCloseTo(2 / 4, 12);
	expect(f1(said, truth)).toBeCloseTo((2 / 4 + 4 / 5 + 2 / 3) / 3, 12);
	expect(f1(said, truth, { average: "micro" })).toBeCloseTo(4 / 6, 12);
});

test("edits between kitten and sitting are 3; between lists, items count", () => {
	expect(editDistance("kitten", "sitting")).toBe(3);
	expect(editDistance("", "abc")).toBe(3);
	expect(editDistance(["HH", "AH", "L"], ["HH", "EH", "L", "OW"])).toBe(2);
	expect(errorRate(["abc", "d"], ["abd", "d"])).toBe(0.25);
	expect(exactMatch(["abc", "d"], ["abd", "d"])).toBe(0.5);
	expect(
		exactMatch(
			[[1, 2], [3]],
			[
				[1, 2],
				[3, 4],
			],
		),
	).toBe(0.5);
});

describe("BLEU", () => {
	test("the examples of its paper: each word counts as often as in a reference", () => {
		const references = [
			words("The cat is on the mat"),
			words("There is a cat on the mat"),
		];
		const said = words("the the the the the the the");
		// 2/7 of the words, and as long as one of the references
		expect(bleu([said], [references], { order: 1 })).toBeCloseTo(200 / 7, 10);
	});

	test("what is right is 100, what shares no four words 0, and short ones are punished", () => {
		const right = words("it rains in spain this week");
		expect(bleu([right], [right])).toBeCloseTo(100, 10);
		expect(bleu([words("it snows in spain that week")], [right])).toBe(0);
		expect(bleu([right.slice(0, 4)], [right])).toBeCloseTo(
			100 * Math.exp(1 - 6 / 4),
			10,
		);
	});
});

test("MASE is 1 for the seasonal naive forecast on its own series", () => {
	const train = [1, 5, 2, 7, 1, 9];
	const naive = train.slice(0, -2);
	expect(meanAbsolute(naive, train.slice(2))).toBe(1.5);
	expect(mase(naive, train.slice(2), { train, season: 2 })).toBeCloseTo(1, 12);
});

describe("errors name what was wanted and what came", () => {
	const cases: [string, () => unknown, string][] = [
		[
			"lengths",
			() => f1([0], [0, 1]),
			"f1: wanted two lists of one length, got 1 and 2",
		],
		[
			"empty",
			() => exactMatch([], []),
			"exactMatch: wanted two lists of one length, got []",
		],
		[
			"a text",
			() => bleu(["a b"] as never, [["a", "b"]]),
			'bleu: translation 0 must be a list of words, got "a b"; words(…) makes one of a text',
		],
		[
			"missing",
			() => meanAbsolute([1, NaN], [1, 2]),
			"meanAbsolute: what was said must be a list, each a finite number, got NaN at 1",
		],
		[
			"a short past",
			() => mase([1], [1], { train: [1, 2], season: 2 }),
			"mase: train must be longer than a season of 2, got 2",
		],
		[
			"a class",
			() => accuracy(tensor([[1, 2]]), [2]),
			"accuracy: target 2 at 0 is not one of 0 … 1",
		],
		[
			"no target",
			() => accuracy(tensor([[1, 2]]), [-1]),
			"accuracy: wanted at least one target",
		],
		[
			"a number",
			() => editDistance(3 as never, "a"),
			"editDistance: from must be a text or a list of tokens, got 3",
		],
	];
	test.each(cases)("%s", (_, wrong, text) => expect(wrong).toThrow(text));
});
