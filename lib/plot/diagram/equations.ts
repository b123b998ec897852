import { brief } from "../theme.ts";
import type { DrawnGraph } from "./graph-diagram.ts";
import { arranging } from "./operations.ts";
import { letterOf } from "./text.ts";

/** The inside of a cell, in plain data: what `cellGraph` of the library returns. */
export interface DrawnCell extends DrawnGraph {
	readonly name: string;
	readonly inputs: readonly number[];
	readonly results: readonly number[];
}
export type CellNode = DrawnGraph["nodes"][number];

/** How tightly operations bind: a part that binds less than its whole stands in brackets. */
const binding: Readonly<Record<string, number>> = {
	add: 1,
	sub: 1,
	mul: 2,
	div: 2,
	matmul: 3,
	neg: 2,
};
const signs: Readonly<Record<string, string>> = {
	add: " + ",
	sub: " − ",
	mul: " ⊙ ",
	div: " / ",
	matmul: "·",
};
const functions: Readonly<Record<string, string>> = { sigmoid: "σ" };

/** The equation of a node with a name, in the letters of the nodes it was made of: `f = σ(x·W⟨f⟩ + h·U⟨f⟩ + b⟨f⟩)`. */
export function equation(cell: DrawnCell, id: number): string {
	const byId = new Map(cell.nodes.map((node) => [node.id, node]));
	const get = (id: number) => byId.get(id) as CellNode;
	const reads = (id: number) =>
		cell.edges.filter(({ to }) => to === id).map(({ from }) => get(from));
	const written = (node: CellNode, within: number, right = false): string => {
		if (node.name !== undefined)
			return node.kind === "data" && !Number.isNaN(Number(node.name))
				? brief(Number(node.name))
				: letterOf(node.name);
		return made(node, within, right);
	};
	const made = (node: CellNode, within: number, right = false): string => {
		const { operation = "", id, kind } = node;
		if (kind !== "operation") return "?";
		const inputs = reads(id);
		if (arranging.has(operation) && inputs.length === 1)
			return written(inputs[0], within, right);
		if (operation === "concat")
			return `[${inputs.map((input) => written(input, 0)).join("; ")}]`;
		const sign = signs[operation];
		if (!sign || inputs.length !== 2)
			return `${functions[operation] ?? operation}(${inputs.map((input) => written(input, 0)).join(", ")})`;
		const own = binding[operation];
		const number = inputs.some(({ shape }) => shape.length === 0);
		const text = inputs
			.map((input, i) => written(input, own, i > 0))
			.join(operation === "mul" && number ? " " : sign);
		// a − (b + c), but a + b + c
		return own < within ||
			(own === within &&
				right &&
				(operation === "sub" || (within === 1 && operation !== "add")))
			? `(${text})`
			: text;
	};
	const node = get(id);
	return `${letterOf(node.name ?? "")} = ${made(node, 0)}`;
}
