import type { Random } from "unrolled";
import { expectOptions, expectValue, source, whole } from "unrolled/expect";

/** What the labels of a formula's nodes stand for. */
export const logicLabels = ["0", "1", "and", "or", "xor"] as const;

/** A formula as a binary tree: a leaf is 0 or 1, an inner node joins the truth of its two children. */
export interface LogicTree {
	/** Index in `logicLabels`. */
	label: number;
	/** Whether the formula below and with this node is true. */
	truth: 0 | 1;
	/** None for a leaf. */
	children?: [LogicTree, LogicTree];
}

const joins = [
	(a: number, b: number) => a & b,
	(a: number, b: number) => a | b,
	(a: number, b: number) => a ^ b,
];

const rules = { depth: whole(), random: source };

/**
 * A random formula of exactly the depth asked for: one child is one less deep, the other any depth less. Every node knows its truth.
 *
 * A network over trees learns the truth of the root from the labels, and is tested on trees deeper than it has seen.
 */
export function logicTree(options: {
	/** Joins from the root down to the deepest leaf: 0 is a leaf. */
	depth: number;
	random: Random;
}): LogicTree {
	const { depth, random } = expectOptions("logicTree", options, rules);
	if (depth === 0) {
		const truth = random.integer(2) as 0 | 1;
		return { label: truth, truth };
	}
	const join = random.integer(joins.length);
	const deep = logicTree({ depth: depth - 1, random });
	const other = logicTree({ depth: random.integer(depth), random });
	const children: [LogicTree, LogicTree] =
		random.integer(2) === 0 ? [deep, other] : [other, deep];
	const truth = joins[join](children[0].truth, children[1].truth) as 0 | 1;
	return { label: 2 + join, truth, children };
}

const aFormula = {
	wanted: "what logicTree gives",
	fits: (value: unknown) =>
		(value as LogicTree | null)?.label !== undefined &&
		logicLabels[(value as LogicTree).label] !== undefined,
};

/** A formula on one line: `((1 and 0) or 1)`. */
export function formula(tree: LogicTree): string {
	expectValue("formula", "the tree", tree, aFormula);
	const { label, children } = tree;
	const name = logicLabels[label];
	return children === undefined
		? name
		: `(${formula(children[0])} ${name} ${formula(children[1])})`;
}
