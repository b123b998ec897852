import { histograms, multiples } from "unrolled/plot";
import { expect, test } from "vitest";
import { spec } from "./helpers.ts";

const values = (picture: ReturnType<typeof histograms>) =>
	(
		spec(picture.draft()) as never as {
			data: { values: Record<string, unknown>[] };
		}
	).data.values;

test("a histogram counts by hand: bins of equal width, the ends take what lies outside", () => {
	const bins = values(
		histograms({
			title: "t",
			value: "v",
			panels: { a: { b: [0, 0.4, 0.6, 1, 9] } },
			range: [0, 1],
			bins: 2,
		}),
	);
	expect(bins).toEqual([
		{ row: "a", column: "b", from: 0, to: 0.5, share: 0.4 },
		{ row: "a", column: "b", from: 0.5, to: 1, share: 0.6 },
	]);
});

test("sizes are counted by powers of ten, and zeros are said", () => {
	const picture = histograms({
		title: "t",
		value: "g",
		scale: "log",
		panels: { "": { now: [-1e-4, 0, 1e-2, 0, Number.NaN] } },
		bins: 2,
	});
	expect(values(picture).map(({ from, share }) => [from, share])).toEqual([
		[-4, 0.25],
		[-3, 0.25],
	]);
	expect(spec(picture.draft()).title.subtitle?.join(" ")).toBe(
		"Values that are no finite number: now: 1 of 5 Values that are exactly 0, and in no bin: now: 2 of 5",
	);
});

test("histograms and small multiples refuse what cannot be read", () => {
	const draw = (options: object) => () =>
		histograms({
			title: "t",
			value: "v",
			panels: { a: { b: [1] } },
			...options,
		});
	expect(draw({ panels: { a: { b: [Number.NaN] } } })).toThrow(
		'histograms: panel "a", "b" has no finite number',
	);
	expect(draw({ panels: {} })).toThrow("must hold at least one, got none");
	expect(draw({ bins: 1 })).toThrow("bins must be a whole number ≥ 2, got 1");
	expect(draw({ scale: "log", range: [0, 1] })).toThrow(
		"range must be [from, to] with 0 < from < to, got [0,1]",
	);
	const seven = Object.fromEntries([..."abcdefg"].map((name) => [name, [1]]));
	expect(draw({ panels: { a: seven } })).toThrow(
		"at most 6 columns can be read, got 7",
	);
	expect(() =>
		multiples({ title: "t", x: "x", y: "y", panels: { a: { b: [] } } }),
	).toThrow("multiples: there is nothing to draw. No points were given");
});
