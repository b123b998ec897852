import { expectOptions, type Rules } from "../../expect/expect.ts";
import { oneOf, optional, text } from "../../expect/rules.ts";
import type { Picture } from "../picture.ts";
import { colours } from "../theme.ts";
import type { Box, Row } from "./boxes.ts";
import { diagram } from "./diagram.ts";
import type { Link } from "./links.ts";
import { few, shapeText } from "./numbers.ts";
import { sign, withNumber } from "./operations.ts";
import { ink, letter, plain } from "./text.ts";

/** A computation graph in plain data: what `graph` of the library returns. */
export interface DrawnGraph {
	readonly nodes: readonly {
		readonly id: number;
		readonly kind: "weight" | "data" | "operation";
		readonly operation?: string;
		readonly name?: string;
		readonly shape: readonly number[];
		readonly values?: ArrayLike<number>;
		readonly gradient?: ArrayLike<number>;
	}[];
	readonly edges: readonly { readonly from: number; readonly to: number }[];
}
type Node = DrawnGraph["nodes"][number];

export interface GraphDiagramOptions {
	/** The finding, above the drawing. */
	title?: string;
	/** Whether numbers flow up the page, the default, down it, or to the right, where that is not wider than a page. */
	direction?: "up" | "right" | "down";
}

/** More nodes than this nobody can read. */
const readable = 120;
const back = colours[1];

const rulesOfOptions: Rules<GraphDiagramOptions> = {
	title: optional(text),
	direction: optional(oneOf("up", "right", "down")),
};

/**
 * A computation graph: `graphDiagram(graph(loss, names))`. Weights are round, data slanted, operations boxes; on each line stands the
 * shape of what it carries.
 *
 * A graph made with `{ values: true }` shows the numbers of each node (of more than three their norm ‖…‖), one made with
 * `{ gradients: true }` goes back as well: dashed lines carry the gradient of the result, which stands under each value.
 * @throws for a graph of more than 120 nodes: take fewer steps.
 */
export function graphDiagram(
	graph: DrawnGraph,
	options: GraphDiagramOptions = {},
): Picture {
	const { title, direction = "up" } = expectOptions(
		"graphDiagram",
		options,
		rulesOfOptions,
	);
	const { nodes, edges } = joinedSums(withNumbers(graph));
	if (nodes.length > readable)
		throw new Error(
			`graphDiagram: wanted at most ${readable} nodes, which can be read, got ${nodes.length}; take fewer steps or a part of the loss`,
		);
	const gradients = nodes.some(({ gradient }) => gradient);
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const boxes = nodes.map((node) => box(node));
	const links = edges.map(({ from, to }): Link => {
		const source = byId.get(from) as Node;
		const flows = source.gradient !== undefined;
		return {
			from: String(from),
			to: String(to),
			text: source.values ? undefined : shapeText(source.shape),
			...(flows && { back: { colour: back } }),
		};
	});
	const notes = gradients
		? [
				"Solid: forward, with values. Dashed: backward, with ∂ of the result by each value.",
			]
		: [];
	const lines = nodes.map((node) => spoken(node, nodes, edges));
	return diagram({
		title,
		text: [title ?? "Computation graph", ...lines].join("\n"),
		boxes,
		links,
		direction,
		rise: !gradients ? 18 : direction === "right" ? 24 : 34,
		gap: 24,
		notes,
	});
}

interface Shown extends Node {
	/** What stands in the box in place of the operation's sign. */
	readonly text?: string;
}

type Shape = { nodes: Shown[]; edges: DrawnGraph["edges"] };

/** A sum of three is two additions: they are drawn as one, unless the first has a name of its own or is used elsewhere. */
function joinedSums({ nodes, edges }: DrawnGraph): Shape {
	const into = new Map<number, number>();
	for (const { id, operation, name } of nodes) {
		const uses = edges.filter(({ from }) => from === id);
		if (operation !== "add" || name !== undefined || uses.length !== 1)
			continue;
		const user = nodes.find((node) => node.id === uses[0].to);
		if (user?.operation === "add") into.set(id, user.id);
	}
	const end = (id: number): number => {
		const next = into.get(id);
		return next === undefined ? id : end(next);
	};
	return {
		nodes: nodes.filter(({ id }) => !into.has(id)),
		edges: edges
			.filter(({ from }) => !into.has(from))
			.map(({ from, to }) => ({ from, to: end(to) })),
	};
}

/** Lone numbers stand in the boxes of the operations that use them. */
function withNumbers({ nodes, edges }: DrawnGraph): Shape {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const lone = ({ kind, shape, name }: Node) =>
		kind === "data" && shape.length === 0 && !Number.isNaN(Number(name));
	const gone = new Set<number>();
	const shown = nodes.map((node): Shown => {
		const inputs = edges.filter(({ to }) => to === node.id);
		const numbers = inputs.filter(({ from }) => lone(byId.get(from) as Node));
		if (inputs.length !== 2 || numbers.length !== 1) return node;
		const [number] = numbers;
		gone.add(number.from);
		const text = withNumber(
			node.operation ?? "",
			byId.get(number.from)?.name ?? "",
			number === inputs[0],
		);
		return { ...node, text };
	});
	return {
		nodes: shown.filter(({ id }) => !gone.has(id)),
		edges: edges.filter(({ from }) => !gone.has(from)),
	};
}

function box(node: Shown): Box {
	const { id, kind, name, operation, values, gradient } = node;
	const does = operation ? (node.text ?? sign(operation)) : undefined;
	const called = name && letter(name);
	const first =
		called && does ? `${called} = ${does}` : (called ?? does ?? kind);
	const rows: Row[] = [{ text: first, size: does && !called ? 13 : 12 }];
	if (values) rows.push({ text: few(values), size: 10.5, colour: ink.quiet });
	if (gradient)
		rows.push({ text: `∂ ${few(gradient)}`, size: 10.5, colour: ink.back });
	const look =
		kind === "weight"
			? "round"
			: kind === "data"
				? "slanted"
				: rows.length === 1 && first.length <= 2
					? "circle"
					: "box";
	const colour =
		kind === "weight" ? colours[0] : kind === "data" ? colours[2] : ink.line;
	return {
		id: String(id),
		rows,
		look,
		colour,
		says: `${plain(first)} ${shapeText(node.shape)}`,
	};
}

/** A node as a line: `h [1, 2] = tanh(#3)`. */
function spoken(
	node: Shown,
	nodes: readonly Shown[],
	edges: DrawnGraph["edges"],
): string {
	const called = ({ id, name, kind }: Node) =>
		name ?? (kind === "operation" ? `#${id}` : `${kind} #${id}`);
	const inputs = edges
		.filter(({ to }) => to === node.id)
		.map(({ from }) => called(nodes.find(({ id }) => id === from) as Node));
	const made = node.operation
		? ` = ${node.text ?? node.operation}(${inputs.join(", ")})`
		: "";
	const numbers = [
		node.values && `value ${few(node.values)}`,
		node.gradient && `gradient ${few(node.gradient)}`,
	].filter(Boolean);
	return `  ${called(node)} ${shapeText(node.shape)}${made}${numbers.length > 0 ? `; ${numbers.join(", ")}` : ""}`;
}
