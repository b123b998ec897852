import { expect, test } from "vitest";
import { bundleOf, isBundle } from "../../../kernel/output/values.ts";

const text = (value: unknown) =>
	(bundleOf(value) as Record<string, string>)["text/plain"];

class Tensor {
	readonly shape: number[];
	readonly data: Float32Array;
	constructor(data: number[], shape: number[]) {
		this.data = Float32Array.from(data);
		this.shape = shape;
	}
}

test("a tensor shows its shape and its numbers, rounded", () => {
	expect(
		text(new Tensor([0.1, 1 / 3, 12345.678, -2, 1e-9, Number.NaN], [2, 3])),
	).toBe("Tensor [2, 3] float32\n[[0.1, 0.3333, 12350],\n [-2, 1e-9, NaN]]");
	expect(text(new Tensor([1.5], []))).toBe("Tensor [] float32 1.5");
	expect(text(new Tensor([], [0, 3]))).toBe("Tensor [0, 3] float32\n[]");
});

test("a large tensor shows the first and the last of each axis", () => {
	const shown = text(
		new Tensor(
			Array.from({ length: 1000 }, (_, i) => i),
			[10, 100],
		),
	);
	expect(shown.split("\n")).toEqual([
		"Tensor [10, 100] float32",
		"[[0, 1, 2, …, 97, 98, 99],",
		" [100, 101, 102, …, 197, 198, 199],",
		" [200, 201, 202, …, 297, 298, 299],",
		" …,",
		" [700, 701, 702, …, 797, 798, 799],",
		" [800, 801, 802, …, 897, 898, 899],",
		" [900, 901, 902, …, 997, 998, 999]]",
	]);
});

test("tensors and typed arrays within objects are short too", () => {
	const shown = text({
		weights: { W: new Tensor([0.25], [1, 1]) },
		list: [new Float32Array(100).fill(0.1)],
	});
	expect(shown).toContain("Tensor [1, 1] float32");
	expect(shown).toContain("Float32Array(100) [ 0.1, 0.1,");
	expect(shown).toContain("… 76 more ]");
	expect(shown).not.toContain("0.10000000149");
});

test("an array of records is a table", () => {
	const bundle = bundleOf([
		{ cell: "gru", loss: 1.25, note: "<b>&" },
		{ cell: "lstm", loss: 1.5 },
	]);
	expect(bundle).toEqual({
		"text/plain": expect.stringContaining("cell: 'gru'"),
		"text/html":
			"<table><thead><tr><th>cell</th><th>loss</th><th>note</th></tr></thead><tbody>" +
			'<tr><td>gru</td><td style="text-align: right">1.25</td><td>&#60;b&#62;&#38;</td></tr>' +
			'<tr><td>lstm</td><td style="text-align: right">1.5</td><td></td></tr></tbody></table>',
	});
	const long = bundleOf(
		Array.from({ length: 100 }, (_, n) => ({ n })),
	) as Record<string, string>;
	expect(long["text/html"].match(/<tr>/g)).toHaveLength(21);
	expect(long["text/html"]).toContain("100 rows, 20 shown");
});

test.each([
	["numbers", [1, 2]],
	["records with records in them", [{ a: { b: 1 } }]],
	["instances", [new Date(0)]],
	["nothing", []],
	["records without names", [{}]],
])("an array of %s is none", (_, value) => {
	expect(Object.keys(bundleOf(value))).toEqual(["text/plain"]);
});

test.each([
	[new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
	[
		new (class Point {
			x = 1;
		})(),
		"Point { x: 1 }",
	],
	[new Set([1]), "Set(1) { 1 }"],
	["text", "'text'"],
	[[1, [2, [3]]], "[ 1, [ 2, [ 3 ] ] ]"],
])("%o reads as in Node", (value, shown) => {
	expect(text(value)).toBe(shown);
});

test("an object is a bundle when all of its keys are MIME types", () => {
	expect(
		isBundle({ "text/plain": "x", "application/vnd.vegalite.v5+json": {} }),
	).toBe(true);
	expect(isBundle({ "text/plain": "x", other: 1 })).toBe(false);
	expect(isBundle({})).toBe(false);
	expect(isBundle(["text/plain"])).toBe(false);
});
