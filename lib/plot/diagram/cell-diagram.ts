import { expectOptions, type Rules } from "../../expect/expect.ts";
import { flag, optional, text } from "../../expect/rules.ts";
import type { Picture } from "../picture.ts";
import { brief, colours } from "../theme.ts";
import type { Box, Row } from "./boxes.ts";
import { diagram } from "./diagram.ts";
import { type CellNode, type DrawnCell, equation } from "./equations.ts";
import type { Link } from "./links.ts";
import { arranging, sign, withNumber } from "./operations.ts";
import { ink, letter, letterOf, plain } from "./text.ts";

export type { DrawnCell } from "./equations.ts";

export interface CellDiagramOptions {
	/** The finding, above the drawing. */
	title?: string;
	/** Whether the numbers of x, of the gates and of the states are drawn, as colours. Default: yes. */
	values?: boolean;
}

const rulesOfOptions: Rules<CellDiagramOptions> = {
	title: optional(text),
	values: optional(flag),
};

/**
 * The inside of a cell: `cellDiagram(cellGraph(lstm(…), x))`. Below it stand the equations, which are read from the same step.
 *
 * A line's letter is the weight that multiplies what it carries. Squares are the numbers of the first sequence: blue below 0, orange
 * above, pale near 0.
 */
export function cellDiagram(
	cell: DrawnCell,
	options: CellDiagramOptions = {},
): Picture {
	const { title, values = true } = expectOptions(
		"cellDiagram",
		options,
		rulesOfOptions,
	);
	const folded = fold(cell);
	const equations = cell.nodes
		.filter(({ name, kind }) => kind === "operation" && name !== undefined)
		.map(({ id }) => equation(cell, id));
	const gates = folded.boxes.filter(
		({ activation, node }) => activation && node.name !== undefined,
	);
	const boxes = folded.boxes.map((each) => {
		const at = gates.indexOf(each);
		const bare =
			cell.inputs.includes(each.node.id) || cell.results.includes(each.node.id);
		const colour = at < 0 ? ink.line : colours[(at + 1) % colours.length];
		return box(each, bare ? colours[0] : colour, bare, values);
	});
	const said = cell.nodes
		.filter(
			({ id, name, kind, values }) =>
				kind === "operation" && name && values && cell.results.includes(id),
		)
		.map(
			({ name, values = [] }) =>
				`  ${name} = [${Array.from(values).slice(0, 8).map(brief).join(", ")}${values.length > 8 ? ", …" : ""}]`,
		);
	return diagram({
		title,
		text: [
			title ?? `The inside of ${cell.name}`,
			...equations.map((each) => `  ${plain(each)}`),
			...said,
		].join("\n"),
		boxes,
		links: folded.links,
		direction: "up",
		rise: 22,
		gap: 26,
		notes: values
			? [...equations, "Squares: blue below 0, orange above, pale near 0."]
			: equations,
	});
}

interface Folded {
	node: CellNode;
	/** What it does, in signs. */
	text: string;
	activation: boolean;
}

const activations = new Set(["sigmoid", "tanh", "relu"]);

/**
 * Few boxes for many operations: a product with a weight becomes a letter on a line, a sum before an activation a part of its box.
 * What has a name of its own stays.
 */
function fold(cell: DrawnCell): { boxes: Folded[]; links: Link[] } {
	const byId = new Map(cell.nodes.map((node) => [node.id, node]));
	const get = (id: number) => byId.get(id) as CellNode;
	const reads = (id: number) =>
		cell.edges.filter(({ to }) => to === id).map(({ from }) => get(from));
	const users = (id: number) =>
		cell.edges.filter(({ from }) => from === id).map(({ to }) => get(to));
	const weight = (node: CellNode) => node.kind === "weight";
	const lone = ({ kind, shape }: CellNode) =>
		kind === "data" && shape.length === 0;
	const own = ({ id, name }: CellNode) =>
		name !== undefined || cell.results.includes(id) || cell.inputs.includes(id);
	/** Whether an operation is drawn as a part of the one that uses it. */
	const absorbed = (node: CellNode): boolean => {
		const uses = users(node.id);
		if (node.kind !== "operation" || own(node) || uses.length !== 1)
			return false;
		if (arranging.has(node.operation ?? "") && reads(node.id).length === 1)
			return true;
		const weighted = reads(node.id).some(weight);
		const summed = ["add", ...activations].includes(uses[0].operation ?? "");
		if (node.operation === "add") return summed;
		return (
			weighted && summed && ["matmul", "mul"].includes(node.operation ?? "")
		);
	};
	const shown = cell.nodes.filter(
		(node) => !weight(node) && !lone(node) && !absorbed(node),
	);
	const links: Link[] = [];
	const trace = (to: number, at: CellNode, letters: string[]): void => {
		if (weight(at) || lone(at)) return;
		if (!absorbed(at)) {
			const text = letters.map(letter).join(" ");
			links.push({
				from: String(at.id),
				to: String(to),
				text: text || undefined,
			});
			return;
		}
		const more = reads(at.id).filter(weight);
		const product = at.operation !== "add";
		for (const read of reads(at.id))
			trace(
				to,
				read,
				product ? [...letters, ...more.map(({ name = "" }) => name)] : letters,
			);
	};
	const boxes = shown.map((node): Folded => {
		const inputs = reads(node.id);
		const product = node.operation === "matmul" || node.operation === "mul";
		const weights = product ? inputs.filter(weight) : [];
		for (const read of inputs)
			trace(
				node.id,
				read,
				weights.map(({ name = "" }) => name),
			);
		const number = inputs.find(lone);
		const operation = node.operation ?? "";
		const text =
			node.kind !== "operation"
				? ""
				: number && inputs.length === 2
					? withNumber(
							operation,
							short(number.name ?? ""),
							inputs[0] === number,
						)
					: operation === "concat"
						? "[ ; ]"
						: weights.length > 0
							? "·"
							: sign(operation);
		return { node, text, activation: activations.has(operation) };
	});
	return { boxes, links };
}

const short = (number: string) => brief(Number(number));

function box(
	{ node, text, activation }: Folded,
	colour: string,
	bare: boolean,
	values: boolean,
): Box {
	const { id, name, shape } = node;
	const called = name && letterOf(name);
	const first = called && text ? `${called} = ${text}` : (called ?? text);
	const rows: Row[] = [
		{ text: first, size: called || activation ? 13 : 14, bold: bare },
	];
	if (values && called && node.values && shape.length > 0) {
		const numbers = Array.from(node.values).slice(0, shape[shape.length - 1]);
		const most = Math.max(1, ...numbers.map(Math.abs));
		if (numbers.length > 0) rows.push({ values: numbers, range: most });
	}
	return {
		id: String(id),
		rows,
		look: called
			? bare
				? "round"
				: "box"
			: first.length <= 2
				? "circle"
				: "box",
		colour,
		says: `${plain(first)} [${shape.join(", ")}]`,
	};
}
