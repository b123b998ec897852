import {
	adding,
	anbn,
	anbnNext,
	columnAddition,
	copying,
	orderTokens,
	parity,
	sums,
	temporalOrder,
	xorInTime,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { describe, expect, test } from "vitest";

const column = <T>(rows: T[][], b: number) => rows.map((row) => row[b]);
const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;

describe("adding", () => {
	const { inputs, targets } = adding({
		steps: 11,
		batch: 2000,
		random: random(1),
	});

	test("the target is the sum of the two marked numbers, one from each half", () => {
		expect([inputs.length, inputs[0].length, inputs[0][0].length]).toEqual([
			11, 2000, 2,
		]);
		for (const [b, [target]] of targets.entries()) {
			const row = column(inputs, b);
			const marked = row.flatMap(([value, mark], t) =>
				mark === 1 ? [{ value, t }] : [],
			);
			expect(marked).toHaveLength(2);
			expect(marked[0].t).toBeLessThan(5);
			expect(marked[1].t).toBeGreaterThanOrEqual(5);
			expect(target).toBe(marked[0].value + marked[1].value);
		}
	});

	test("answering 1 always leaves an error of 1/6", () => {
		expect(mean(targets.map(([y]) => (y - 1) ** 2))).toBeCloseTo(1 / 6, 1);
	});
});

describe.each([2, 3] as const)("temporalOrder of %i", (marks) => {
	const { inputs, targets } = temporalOrder({
		steps: 30,
		batch: 1000,
		marks,
		random: random(2),
	});
	const words = targets.map((_, b) =>
		column(inputs, b)
			.map((id) => orderTokens[id])
			.join(""),
	);

	test("the class is told by the X and Y in their order", () => {
		for (const [b, word] of words.entries()) {
			const bits = word.replace(/[^XY]/g, "");
			expect(bits).toHaveLength(marks);
			expect(targets[b]).toBe(
				Number.parseInt(bits.replaceAll("X", "0").replaceAll("Y", "1"), 2),
			);
			expect(word).toMatch(/^E[a-dXY]{28}B$/);
		}
	});

	test("the tokens that count stand where they should", () => {
		const places = words.map((word) =>
			[...word.matchAll(/[XY]/g)].map(({ index }) => Math.floor(index / 3)),
		);
		expect(new Set(places.map(String))).toEqual(
			new Set([marks === 2 ? "1,5" : "1,3,6"]),
		);
	});

	test("each class is as frequent as the others", () => {
		const classes = 2 ** marks;
		for (let k = 0; k < classes; k++)
			expect(targets.filter((y) => y === k).length / 1000).toBeCloseTo(
				1 / classes,
				1,
			);
	});
});

test("parity is the number of ones so far, odd or even", () => {
	const { inputs, targets } = parity({
		steps: 50,
		batch: 8,
		random: random(3),
	});
	for (let b = 0; b < 8; b++) {
		const bits = column(inputs, b).map(([bit]) => bit);
		expect(column(targets, b)).toEqual(
			bits.map(
				(_, t) => bits.slice(0, t + 1).filter((bit) => bit === 1).length % 2,
			),
		);
	}
	expect(mean(inputs.flat(2))).toBeCloseTo(0.5, 1);
});

test("copying asks for the symbols at the end, after the signal", () => {
	const { inputs, targets } = copying({
		delay: 4,
		items: 3,
		symbols: 5,
		batch: 20,
		random: random(4),
	});
	for (let b = 0; b < 20; b++) {
		const symbols = column(inputs, b).slice(0, 3);
		expect(symbols.every((id) => id >= 0 && id < 5)).toBe(true);
		expect(column(inputs, b)).toEqual([...symbols, 5, 5, 5, 6, 5, 5, 5]);
		expect(column(targets, b)).toEqual([5, 5, 5, 5, 5, 5, 5, ...symbols]);
	}
});

test("xorInTime: each third bit is the exclusive or of the two before it", () => {
	const bits = xorInTime({ triples: 500, random: random(5) });
	expect(bits).toHaveLength(1500);
	for (let i = 0; i < bits.length; i += 3)
		expect(bits[i + 2]).toBe(bits[i] === bits[i + 1] ? 0 : 1);
	expect(mean(bits)).toBeCloseTo(0.5, 1);
});

test("anbn has as many b as a, and each n as often", () => {
	const texts = anbn({ most: 4, count: 2000, random: random(6) });
	for (const text of texts) {
		const n = text.length / 2;
		expect(text).toBe("a".repeat(n) + "b".repeat(n));
		for (let i = 0; i < text.length; i++)
			expect(anbnNext(text.slice(0, i))).toContain(text[i]);
		expect(anbnNext(text)).toEqual([]);
	}
	for (let n = 1; n <= 4; n++)
		expect(texts.filter((t) => t.length === 2 * n).length / 2000).toBeCloseTo(
			0.25,
			1,
		);
	expect(anbnNext("aab")).toEqual(["b"]);
	expect(() => anbnNext("abb")).toThrow(
		'anbnNext: no string aⁿbⁿ begins with "abb"',
	);
});

test("columnAddition is addition, from the last digit to the first carry", () => {
	const { inputs, targets } = columnAddition({
		digits: 9,
		batch: 50,
		random: random(7),
	});
	expect([inputs.length, inputs[0].length]).toEqual([10, 50]);
	const number = (digits: number[]) => Number(digits.toReversed().join(""));
	for (let b = 0; b < 50; b++) {
		const rows = column(inputs, b);
		const [x, y] = [0, 1].map((i) => number(rows.map((row) => row[i])));
		expect(number(column(targets, b))).toBe(x + y);
	}
});

test("sums are right, and of every length", () => {
	const pairs = sums({ digits: 3, count: 500, random: random(8) });
	for (const { source, target } of pairs) {
		const [x, y] = source.split("+").map(Number);
		expect(`${x}+${y}`).toBe(source);
		expect(Number(target)).toBe(x + y);
	}
	const lengths = pairs.map(({ source }) => source.indexOf("+"));
	expect([...new Set(lengths)].sort()).toEqual([1, 2, 3]);
});

test("one seed makes one batch", () => {
	const make = (seed: number) => [
		adding({ steps: 9, batch: 2, random: random(seed) }),
		temporalOrder({ steps: 20, batch: 2, random: random(seed) }),
		copying({ delay: 2, batch: 2, random: random(seed) }),
		parity({ steps: 20, batch: 2, random: random(seed) }),
	];
	expect(make(7)).toEqual(make(7));
	expect(make(8)).not.toEqual(make(7));
});

test("sizes that make no sense are refused", () => {
	const source = random(1);
	expect(() => adding({ steps: 1, batch: 1, random: source })).toThrow(
		"adding: steps must be a whole number of at least 2, got 1",
	);
	expect(() => temporalOrder({ steps: 9, batch: 1, random: source })).toThrow(
		"temporalOrder: steps must be a whole number of at least 10, got 9",
	);
	expect(() =>
		temporalOrder({ steps: 10, batch: 1, marks: 4 as never, random: source }),
	).toThrow("temporalOrder: marks must be 2 or 3, got 4");
	expect(() => parity({ steps: 5, batch: 0.5, random: source })).toThrow(
		"parity: batch must be a whole number of at least 1, got 0.5",
	);
	expect(() => copying({ delay: 0, batch: 1, random: source })).toThrow(
		"copying: delay must be a whole number of at least 1, got 0",
	);
});
