import {
	formula,
	type LogicTree,
	logicLabels,
	logicTree,
} from "@unrolled/datasets";
import { random } from "unrolled";
import { expect, test } from "vitest";

const depth = ({ children }: LogicTree): number =>
	children ? 1 + Math.max(...children.map(depth)) : 0;
const source = random(1);
const trees = [0, 1, 2, 3, 4, 5, 6].map((depth) =>
	Array.from({ length: 300 }, () => logicTree({ depth, random: source })),
);

test("a formula has exactly the depth asked for", () => {
	for (const [d, some] of trees.entries())
		expect(new Set(some.map(depth))).toEqual(new Set([d]));
});

test("each truth is what JavaScript makes of the formula", () => {
	for (const tree of trees.flat()) {
		const code = formula(tree)
			.replaceAll("and", "&")
			.replaceAll("or", "|")
			.replaceAll("x|", "^");
		expect(new Function(`return ${code}`)()).toBe(tree.truth);
	}
});

test("labels stand for what is written", () => {
	const leaf = { label: 1, truth: 1 as const };
	expect(
		formula({
			label: logicLabels.indexOf("xor"),
			truth: 0,
			children: [leaf, leaf],
		}),
	).toBe("(1 xor 1)");
});

test("neither truth is much more frequent", () => {
	const truths = trees
		.slice(3)
		.flat()
		.map(({ truth }) => truth);
	const share = truths.filter((truth) => truth === 1).length / truths.length;
	expect(share).toBeGreaterThan(0.4);
	expect(share).toBeLessThan(0.6);
});

test("a depth below 0 is refused", () => {
	expect(() => logicTree({ depth: -1, random: source })).toThrow(
		"logicTree: depth must be a whole number of at least 0, got -1",
	);
});
