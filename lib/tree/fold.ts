// Levels run operation by operation, not as a program as the steps of `unroll` do: a program has one number of rows for all its steps, and
// here each level has its own, and reads rows of several levels below. It would need a count of rows and an offset by level, and two
// instructions: pick rows by their places, and add their gradients back. `node test/bench/lib/trees.mjs` says what that could gain: products
// are a tenth of a training step at H 32 (2 of 19 ms for an LSTM over 32 trees of ten leaves), and more than half at H 128.

import { pass, type Tap } from "../cells/cell.ts";
import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { anything, aTensor, type Rule } from "../expect/rules.ts";
import { has, isCell } from "../expect/words.ts";
import { type Layer, layer } from "../layers/layer.ts";
import { zeros } from "../make.ts";
import { concat, split } from "../ops/arrange.ts";
import { type Place, pickRows } from "../ops/rows.ts";
import { gather } from "../ops/select.ts";
import type { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { childrenOfLevel, type NodeState, type TreeCell } from "./cell.ts";
import { childrenOf, named, schedule, type Tree } from "./tree.ts";

/** Trees, and what their labels mean. */
export interface Forest {
	readonly trees: readonly Tree[];
	/** [V, D]: row l is the x of the nodes with label l. An embedding's table, or one row for each node. */
	readonly inputs: Tensor;
}

const rules: Rules<Forest> = { trees: anything, inputs: aTensor };
const aTreeCell: Rule = {
	wanted: "a cell over trees, such as recursive({ … })",
	fits: (value) => has(value, "step", "places", "weights"),
	hint: (value) =>
		isCell(value) ? "unroll runs this one over time" : undefined,
};

/**
 * A cell run over trees from the leaves to the roots, as `unroll` runs one over time: trees → h of each root [trees, H].
 *
 * ```ts
 * const tree = { label: 2, children: [{ label: 0 }, { label: 1 }] };
 * const { table } = embedding({ tokens: 3, size: 8, random }).weights;
 * fold(recursive({ inputs: 8, hidden: 8, random })).apply({ trees: [tree], inputs: table });      // [1, 8]
 * ```
 *
 * All nodes of one height, over all trees, are one step: a batch of trees costs as many steps as the highest has levels. Its gradient is
 * back-propagation through structure (Goller and Küchler 1996); a node with several parents sums what they send back.
 *
 * The state returned holds every node's, `h` and the rest [nodes, H], in the order of `schedule(trees).nodes`; `inspect` returns the gates in
 * the same order (those of a child each, in the order of the children).
 * @throws when a node is its own descendant, has more children than the cell has places, or a label is not a row of the inputs.
 */
export function fold<W extends Weights>(
	cell: TreeCell<W>,
): Layer<Forest, W, Readonly<Record<string, Tensor>>> {
	expectValue("fold", "the cell", cell, aTreeCell);
	const { name, inputs: D, hidden: H } = cell;
	return layer("fold", cell.weights, (forest, { inspect } = {}) => {
		const { trees, inputs } = expectOptions(`fold(${name})`, forest, rules);
		if (inputs.shape.length !== 2 || inputs.shape[1] !== D)
			throw new Error(
				`fold(${name}): inputs must be [V, D=${D}], got [${inputs.shape.join(", ")}]`,
			);
		const { dtype } = inputs;
		const { levels, nodes, place } = schedule(trees);
		// One operation for all levels: a gather for each would send back as many gradients of all the inputs.
		const xs = split(
			labelled(name, inputs, nodes),
			levels.map((own) => own.length),
		);
		const seen: Record<string, Tensor[]> = {};
		const look: Tap = (part, value) => {
			seen[part] ??= [];
			seen[part].push(value);
			return value;
		};
		const states: NodeState[] = [];
		levels.forEach((own, level) => {
			const places = own.map((node) => childPlaces(cell, node, place));
			const below = childrenOfLevel(states, places, H, dtype);
			states.push(cell.step(xs[level], below, inspect ? look : pass));
		});
		const roots = pickRows(
			(level) => states[level].h,
			trees.map(place),
			H,
			dtype,
		);
		const joined = (parts: Tensor[]) =>
			parts.length === 0 ? zeros([0, H], { dtype }) : concat(parts);
		return {
			outputs: roots,
			state: Object.fromEntries(
				cell.state.map((part) => [
					part,
					joined(states.map((state) => state[part])),
				]),
			),
			internals: inspect
				? Object.fromEntries(
						Object.entries(seen).map(([part, rows]) => [part, joined(rows)]),
					)
				: undefined,
		};
	});
}

/** Where the children of a node are among the levels below. */
function childPlaces(
	{ name, places }: TreeCell,
	node: Tree,
	place: (node: Tree) => Place,
): (Place | null)[] {
	const children = childrenOf(node);
	if (children.length > places)
		throw new Error(
			`fold(${name}): ${named(node)} has ${children.length} children, wanted at most ${places}`,
		);
	return children.map((child) => child && place(child));
}

/** The x [N, D] of nodes by their labels; a node without label reads a row of zeros. */
function labelled(
	name: string,
	inputs: Tensor,
	nodes: readonly Tree[],
): Tensor {
	const [V, D] = inputs.shape;
	for (const { label } of nodes)
		if (
			label !== undefined &&
			!(Number.isInteger(label) && label >= 0 && label < V)
		)
			throw new Error(
				`fold(${name}): label ${label} is not one of 0 … ${V - 1}`,
			);
	const bare = nodes.some(({ label }) => label === undefined);
	const rows = bare
		? concat([inputs, zeros([1, D], { dtype: inputs.dtype })])
		: inputs;
	return gather(
		rows,
		nodes.map(({ label = V }) => label),
	);
}
