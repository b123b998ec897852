import {
	embedding,
	fold,
	naryLstm,
	random,
	schedule,
	type Tree,
} from "unrolled";
import { treeDiagram } from "unrolled/plot";
import { expect, test } from "vitest";
import { overlaps, svgOf } from "./svg.ts";

const names = ["no", "yes", "and", "or"];
const [a, b, c] = [{ label: 0 }, { label: 1 }, { label: 1 }];
const tree: Tree = { label: 2, children: [{ label: 3, children: [a, b] }, c] };
const { nodes } = schedule([tree]);

test("a tree with its states: every node once, leaves below their parents, children in their order", async () => {
	const seed = random(2);
	const { table } = embedding({ tokens: 4, size: 3, random: seed }).weights;
	const cell = naryLstm({ inputs: 3, hidden: 4, random: seed });
	const { state } = fold(cell).run({ trees: [tree], inputs: table });
	const states = state.h.toArray() as number[][];
	const { svg, texts, boxes, bundle } = await svgOf(
		treeDiagram({ title: "A formula", nodes, names, states }),
	);
	expect(texts.slice().sort()).toEqual(
		[
			"A formula",
			"Squares: blue below 0, orange above, pale near 0.",
			"and",
			"no",
			"or",
			"yes",
			"yes",
		].sort(),
	);
	expect(svg.match(/stroke="#8b949e"/g)).toHaveLength(5 * 4);
	expect(overlaps(boxes)).toEqual([]);
	const place = (word: string) => {
		const at = texts.filter((text) => names.includes(text)).indexOf(word);
		return boxes[at];
	};
	expect(place("and").y).toBeLessThan(place("or").y);
	expect(place("or").y).toBeLessThan(place("no").y);
	expect(place("no").x).toBeLessThan(place("yes").x);
	const [root] = states.slice(-1);
	expect(bundle["text/plain"]).toContain("  and of or, yes: ");
	expect(root).toHaveLength(4);
});

test("a node with two parents is drawn once, with a line to each", async () => {
	const shared: Tree = { label: 1 };
	const dag: Tree = {
		label: 2,
		children: [shared, { label: 3, children: [shared, null] }],
	};
	const { boxes, svg } = await svgOf(
		treeDiagram({ nodes: schedule([dag]).nodes }),
	);
	expect(boxes).toHaveLength(3);
	expect(svg.match(/stroke-width="1.4"\/><path/g)).toHaveLength(3);
});

test("what does not fit is refused in words", () => {
	expect(() => treeDiagram({ nodes: [] })).toThrow(
		"treeDiagram: wanted 1 to 80 nodes, which can be read, got 0",
	);
	expect(() => treeDiagram({ nodes: [tree] })).toThrow(
		"treeDiagram: a child of node 0 is not among the nodes; take schedule(trees).nodes",
	);
	expect(() => treeDiagram({ nodes, words: ["x"] })).toThrow(
		"treeDiagram: words must be one for each of 5 nodes, got 1",
	);
});
