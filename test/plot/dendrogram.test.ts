import { dendrogram, type Merge } from "unrolled/plot";
import { expect, test } from "vitest";
import { spec } from "./helpers.ts";

const heights = (tree: Merge): number[] =>
	"leaf" in tree ? [] : [tree.height, ...tree.children.flatMap(heights)];

test("a dendrogram joins by the mean distance, as worked by hand", () => {
	// 0 and 1 join at 1; both are 5 and 4 away from 5, in the mean 4.5
	let found: number[] = [];
	dendrogram({
		title: (tree) => {
			found = heights(tree);
			return "t";
		},
		labels: ["a", "b", "c"],
		vectors: [[0], [5], [1]],
	});
	expect(found).toEqual([4.5, 1]);
});

test("branches of one kind have its colour, the others are grey", () => {
	const { layer } = spec(
		dendrogram({
			title: "t",
			labels: ["a", "b", "c"],
			kinds: ["x", "y", "x"],
			tree: {
				height: 4,
				children: [
					{ leaf: 1 },
					{ height: 1, children: [{ leaf: 0 }, { leaf: 2 }] },
				],
			},
		}).draft(),
	);
	const across = (height: number) =>
		layer[0].data.values.filter((point) => point.height === height).at(-1);
	expect(across(4)?.colour).toBe("#868686");
	expect(layer[0].data.values[0]).toMatchObject({ at: 1, height: 0 });
	expect(layer[0].data.values[0].colour).not.toBe("#868686");
	expect(layer[1].data.values.map(({ label }) => label)).toEqual([
		"b",
		"a",
		"c",
	]);
});

test("a dendrogram says what is wrong with its input", () => {
	const draw = (options: object) => () =>
		dendrogram({ title: "t", labels: ["a", "b"], ...options });
	expect(draw({})).toThrow("give either vectors, to cluster them, or a tree");
	expect(draw({ vectors: [[1]] })).toThrow(
		"dendrogram: values must be [rows=2, columns=1], got [1, 1]",
	);
	expect(draw({ vectors: [[1], [Number.NaN]] })).toThrow(
		"dendrogram: vectors must be finite, got NaN",
	);
	expect(draw({ tree: { leaf: 0 } })).toThrow(
		"the tree must have each of 2 labels as a leaf once, got leaves [0]",
	);
	const below = { height: 2, children: [{ leaf: 0 }, { leaf: 1 }] };
	expect(() =>
		dendrogram({
			title: "t",
			labels: ["a", "b", "c"],
			tree: { height: 1, children: [below, { leaf: 2 }] },
		}),
	).toThrow("at a height that is not below theirs, got 2 at height 1");
	expect(draw({ vectors: [[1], [2]], kinds: ["x"] })).toThrow(
		"kinds must be one for each of 2 labels, got 1",
	);
});
