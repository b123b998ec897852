import {
	childSumLstm,
	fold,
	naryLstm,
	random,
	recursive,
	schedule,
	type Tree,
	tensor,
} from "unrolled";
import { expect, test } from "vitest";

const leaf = (label: number): Tree => ({ label });
const node = (label: number, ...children: (Tree | null)[]): Tree => ({
	label,
	children,
});
const labels = (trees: Tree[]) =>
	schedule(trees).levels.map((level) => level.map(({ label }) => label));

test("nodes stand in levels by height, those of all trees together", () => {
	// 7(5(1, 2), 3) and 6(4)
	const first = node(7, node(5, leaf(1), leaf(2)), leaf(3));
	const second = node(6, leaf(4));
	expect(labels([first, second])).toEqual([[1, 2, 3, 4], [5, 6], [7]]);
	expect(schedule([first, second]).place(second)).toEqual({ table: 1, row: 1 });
	expect(schedule([]).nodes).toEqual([]);
});

test("a node with two parents is there once", () => {
	const shared = leaf(1);
	expect(labels([node(3, shared, node(2, shared))])).toEqual([[1], [2], [3]]);
	expect(labels([shared, shared])).toEqual([[1]]);
});

test("an empty place takes no room", () => {
	expect(labels([node(2, null, leaf(1))])).toEqual([[1], [2]]);
});

test("a tree may be deeper than calls can nest", () => {
	let deep = leaf(0);
	for (let i = 1; i < 100_000; i++) deep = node(i, deep);
	expect(schedule([deep]).levels).toHaveLength(100_000);
});

test("a node may have more children than a call has arguments", () => {
	const children = Array.from({ length: 200_000 }, () => leaf(1));
	expect(schedule([{ children }]).nodes.length).toBe(200_001);
});

test("a cycle and a missing child are named", () => {
	const a: { label: number; children: Tree[] } = { label: 8, children: [] };
	a.children.push(node(9, a));
	expect(() => schedule([a])).toThrow(
		"tree: the node with label 8 is among its own descendants; a network over trees needs an end",
	);
	const hole = { label: 4, children: [leaf(1), undefined] } as unknown as Tree;
	expect(() => schedule([hole])).toThrow(
		"tree: child 1 of the node with label 4 is missing; null leaves a place empty",
	);
	expect(() => schedule([{ children: new Array(1) }])).toThrow(
		"tree: child 0 of a node without label is missing",
	);
	const gap: Tree[] = [leaf(1)];
	gap[2] = leaf(2);
	for (const list of [[leaf(1), null], [leaf(1), undefined, leaf(2)], gap])
		expect(() => schedule(list as Tree[])).toThrow(
			"tree: tree 1 of the list is missing",
		);
});

test("a node that is shared is computed once, however many paths lead to it", () => {
	let node: Tree = { label: 0 };
	for (let k = 0; k < 12; k++) node = { label: 0, children: [node, node] };
	const net = fold(recursive({ inputs: 1, hidden: 1, random: random(1) }));
	const { state } = net.run({ trees: [node], inputs: tensor([[1]]) });
	expect(state.h.shape).toEqual([13, 1]);
});

test("every forget gate of a tree starts open", () => {
	const make = { inputs: 2, hidden: 3, random: random(1) };
	for (const { weights } of [childSumLstm(make), naryLstm(make)])
		expect(new Set(weights.bf.data)).toEqual(new Set([1]));
});
