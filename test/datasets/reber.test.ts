import {
	embeddedReber,
	embeddedReberNext,
	reber,
	reberLetters,
	reberNext,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { expect, test } from "vitest";

const source = random(1);
const strings = Array.from({ length: 3000 }, () => reber(source));
const embedded = Array.from({ length: 3000 }, () => embeddedReber(source));

/** The grammar once more, as a regular expression: after T the S loop, X and out by S, or on by X into the T loop; after P there at once. */
const loop = "T*V(?:PXT*V)*(?:V|PS)";
const grammar = new RegExp(`^B(?:TS*X(?:S|X${loop})|P${loop})E$`);

test("every string is one of the Reber grammar", () => {
	expect(strings.filter((text) => !grammar.test(text))).toEqual([]);
	expect(strings).toContain("BTXSE");
	expect(strings).toContain("BPVVE");
	expect(Math.min(...strings.map((text) => text.length))).toBe(5);
});

test("the letter before the last of an embedded string is its second, T and P as often", () => {
	for (const text of embedded) {
		expect(text.at(-2)).toBe(text[1]);
		expect(text).toMatch(/^B[TP].*[TP]E$/);
		expect(text.slice(2, -2)).toMatch(grammar);
	}
	expect(embedded.filter((text) => text[1] === "T").length / 3000).toBeCloseTo(
		0.5,
		1,
	);
});

test("what may come next is just what does come", () => {
	for (const [texts, next] of [
		[strings, reberNext],
		[embedded, embeddedReberNext],
	] as const) {
		const seen = new Map<string, Set<string>>();
		for (const text of texts)
			for (let i = 0; i <= Math.min(text.length, 6); i++) {
				const letters = seen.get(text.slice(0, i)) ?? new Set();
				seen.set(
					text.slice(0, i),
					text[i] === undefined ? letters : letters.add(text[i]),
				);
			}
		for (const [beginning, letters] of seen)
			for (const letter of letters) expect(next(beginning)).toContain(letter);
		expect(next(texts[0])).toEqual([]);
		expect(next(texts[0].slice(0, -1))).toEqual(["E"]);
	}
});

test("the graph is Reber's, worked by hand", () => {
	expect(reberLetters).toBe("BTSXPVE");
	expect([
		reberNext(""),
		reberNext("B"),
		reberNext("BT"),
		reberNext("BTX"),
		reberNext("BTXX"),
		reberNext("BPV"),
		reberNext("BPVP"),
	]).toEqual([
		["B"],
		["T", "P"],
		["S", "X"],
		["S", "X"],
		["T", "V"],
		["P", "V"],
		["S", "X"],
	]);
	expect(embeddedReberNext("BPBTXSE")).toEqual(["P"]);
	expect(embeddedReberNext("BTBTXSE")).toEqual(["T"]);
	expect(embeddedReberNext("BTBTXSET")).toEqual(["E"]);
});

test("a beginning that no string has is refused", () => {
	expect(() => reberNext("BX")).toThrow(
		'reberNext: no Reber string begins with "BX"',
	);
	for (const wrong of ["T", "BX", "BTX", "BTBTXSEP", "BTBTXSETEE"])
		expect(() => embeddedReberNext(wrong)).toThrow(
			`embeddedReberNext: no embedded Reber string begins with "${wrong}"`,
		);
});
