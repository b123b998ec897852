import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional, text } from "../../expect/rules.ts";
import { given, strings } from "../options.ts";
import type { Picture } from "../picture.ts";
import { brief, colours } from "../theme.ts";
import type { Row } from "./boxes.ts";
import { diagram } from "./diagram.ts";
import { ink } from "./text.ts";

/** A node of a tree, in plain data: what `Tree` of the library is. */
export interface DrawnTree {
	readonly label?: number;
	readonly children?: readonly (DrawnTree | null)[];
}

export interface TreeDiagramOptions {
	/** The finding, above the drawing. */
	title?: string;
	/** All nodes of the trees: `schedule(trees).nodes` of the library. */
	nodes: readonly DrawnTree[];
	/** What a label is called: `names[label]`; without it its number. */
	names?: readonly string[];
	/** The state of each node, in the order of the nodes [nodes, H]: drawn as colours. */
	states?: readonly ArrayLike<number>[];
	/** A line of words for each node, such as what the network reads off it. */
	words?: readonly string[];
}

/** More nodes than this nobody can read. */
const readable = 80;

const rulesOfOptions: Rules<TreeDiagramOptions> = {
	title: optional(text),
	nodes: given,
	names: optional(strings),
	states: optional(given),
	words: optional(strings),
};

/**
 * Trees with activations at their nodes, leaves below and roots on top, as `fold` of the library runs over them:
 *
 * ```ts
 * const { nodes } = schedule([tree]);
 * const { state } = fold(cell).run({ trees: [tree], inputs });
 * treeDiagram({ nodes, names: ["the", "cat"], states: state.h.toArray() as number[][] })
 * ```
 *
 * Squares are the numbers of a node's state: blue below 0, orange above, pale near 0. A node with several parents is drawn once.
 * @throws for more than 80 nodes, when a child is not among the nodes, and when states or words are not one for each node.
 */
export function treeDiagram(options: TreeDiagramOptions): Picture {
	expectOptions("treeDiagram", options, rulesOfOptions);
	const { title, nodes, names, states, words } = options;
	if (nodes.length === 0 || nodes.length > readable)
		throw new Error(
			`treeDiagram: wanted 1 to ${readable} nodes, which can be read, got ${nodes.length}`,
		);
	for (const [what, list] of Object.entries({ states, words }))
		if (list && list.length !== nodes.length)
			throw new Error(
				`treeDiagram: ${what} must be one for each of ${nodes.length} nodes, got ${list.length}`,
			);
	const ids = new Map(nodes.map((node, i) => [node, i]));
	const childrenOf = (node: DrawnTree) =>
		(node.children ?? []).filter((child) => child !== null);
	const links = nodes.flatMap((node, to) =>
		childrenOf(node).map((child) => {
			const from = ids.get(child);
			if (from === undefined)
				throw new Error(
					`treeDiagram: a child of node ${to} is not among the nodes; take schedule(trees).nodes`,
				);
			return { from: String(from), to: String(to) };
		}),
	);
	const called = ({ label }: DrawnTree) =>
		label === undefined ? "·" : (names?.[label] ?? String(label));
	const boxes = inOrder(nodes, links).map((i) => {
		const node = nodes[i];
		const leaf = childrenOf(node).length === 0;
		const rows: Row[] = [{ text: called(node), size: 13, bold: leaf }];
		const state = states && Array.from(states[i]);
		if (state)
			rows.push({ values: state, range: Math.max(1, ...state.map(Math.abs)) });
		if (words) rows.push({ text: words[i], size: 10.5, colour: ink.quiet });
		return {
			id: String(i),
			rows,
			look: leaf ? ("round" as const) : ("box" as const),
			colour: leaf ? colours[0] : ink.line,
		};
	});
	const lines = nodes.map((node, i) => {
		const children = childrenOf(node).map(called);
		const of = children.length > 0 ? ` of ${children.join(", ")}` : "";
		const numbers = states
			? `: ${Array.from(states[i]).slice(0, 4).map(brief).join(", ")}${states[i].length > 4 ? ", …" : ""}`
			: "";
		return `  ${called(node)}${of}${numbers}${words ? ` (${words[i]})` : ""}`;
	});
	return diagram({
		title,
		text: [title ?? "Tree", ...lines].join("\n"),
		boxes,
		links,
		direction: "up",
		gap: 16,
		rise: 26,
		notes: states ? ["Squares: blue below 0, orange above, pale near 0."] : [],
	});
}

/** The nodes from left to right: each before its parent, children in their order. */
function inOrder(
	nodes: readonly DrawnTree[],
	links: readonly { from: string; to: string }[],
): number[] {
	const order = new Set<number>();
	const visit = (to: number): void => {
		if (order.has(to)) return;
		for (const link of links)
			if (link.to === String(to)) visit(Number(link.from));
		order.add(to);
	};
	const inner = new Set(links.map(({ from }) => from));
	for (const i of nodes.keys()) if (!inner.has(String(i))) visit(i);
	return [...order];
}
