import { described } from "../expect/words.ts";
import type { Place } from "../ops/rows.ts";

/**
 * A tree as data: a label and children, leaves without. `null` is an empty place among them.
 *
 * The same object in two places is one node with two parents: that makes a directed acyclic graph (DAG), whose shared node is computed
 * once and sums the gradients of all its parents.
 */
export interface Tree {
	/** Which row of the inputs the node reads; none: zeros. */
	readonly label?: number;
	readonly children?: readonly (Tree | null)[];
}

/** All nodes of some trees, in levels: a node stands one level above the highest of its children, so a level can be computed at once. */
export interface Schedule {
	readonly levels: readonly (readonly Tree[])[];
	/** The nodes level by level: the order of the rows of what `fold` returns as its state. */
	readonly nodes: readonly Tree[];
	/** The level of a node and its row there. */
	place(node: Tree): Place;
}

/**
 * Orders the nodes of trees by height.
 * @throws when a node is among its own descendants, or a tree or a child is missing.
 */
export function schedule(trees: readonly Tree[]): Schedule {
	if (!Array.isArray(trees))
		throw new Error(
			`tree: wanted a list of trees, got ${described(trees)}; one tree goes into a list, [tree]`,
		);
	const levels: Tree[][] = [];
	const places = new Map<Tree, Place>();
	const open = new Set<Tree>();
	// A stack of our own: a tree may be deeper than calls can nest.
	const stack = Array.from(trees, present).reverse(); // which sees the gaps of a list, as map does not
	for (let node = stack.at(-1); node; node = stack.at(-1)) {
		const children = childrenOf(node).filter((child) => child !== null);
		const waiting = children.filter((child) => !places.has(child));
		if (places.has(node) || waiting.length === 0) {
			stack.pop();
			open.delete(node);
			if (places.has(node)) continue;
			const heights = children.map((child) => places.get(child)?.table ?? 0);
			const table = heights.reduce((top, h) => Math.max(top, h + 1), 0);
			levels[table] ??= [];
			places.set(node, { table, row: levels[table].length });
			levels[table].push(node);
			continue;
		}
		open.add(node);
		for (const child of waiting)
			if (open.has(child))
				throw new Error(
					`tree: ${named(child)} is among its own descendants; a network over trees needs an end`,
				);
		for (const child of waiting.reverse()) stack.push(child);
	}
	return {
		levels,
		nodes: levels.flat(),
		place: (node) => places.get(node) as Place,
	};
}

/** @throws when there is no tree at this place of a list. */
function present(tree: Tree | null | undefined, i: number): Tree {
	if (!tree) throw new Error(`tree: tree ${i} of the list is missing`);
	expectTree(tree, `tree ${i} of the list`);
	return tree;
}

/** The children of a node, none for a leaf. @throws when one is missing. */
export function childrenOf(node: Tree): readonly (Tree | null)[] {
	const children = node.children ?? [];
	if (!Array.isArray(children))
		throw new Error(
			`tree: the children of ${named(node)} must be a list, got ${described(children)}`,
		);
	for (let k = 0; k < children.length; k++) {
		if (children[k] === undefined)
			throw new Error(
				`tree: child ${k} of ${named(node)} is missing; null leaves a place empty`,
			);
		if (children[k] !== null)
			expectTree(children[k], `child ${k} of ${named(node)}`);
	}
	return children;
}

/** A node in an error's words. */
export function named({ label }: Tree): string {
	return label === undefined
		? "a node without label"
		: `the node with label ${label}`;
}

/** @throws when it is no node. */
function expectTree(node: unknown, place: string): void {
	if (typeof node !== "object" || Array.isArray(node))
		throw new Error(
			`tree: ${place} must be a node { label, children }, got ${described(node)}`,
		);
}
