import { expectOptions, type Rules } from "../../expect/expect.ts";
import { optional, text } from "../../expect/rules.ts";
import { strings } from "../options.ts";
import type { Picture } from "../picture.ts";
import { colours } from "../theme.ts";
import type { Box, Row } from "./boxes.ts";
import { diagram } from "./diagram.ts";
import type { Link } from "./links.ts";
import { sign } from "./operations.ts";
import { ranked } from "./rank.ts";
import { ink, plain } from "./text.ts";

/** A network unrolled, in plain data: what `networkGraph` of the library returns. */
export interface DrawnNetwork {
	readonly nodes: readonly {
		readonly id: number;
		readonly kind:
			| "input"
			| "output"
			| "start"
			| "cell"
			| "layer"
			| "operation";
		readonly name: string;
		readonly letters: readonly string[];
		readonly part: number;
		readonly step: number;
		readonly shape: readonly number[];
	}[];
	readonly edges: readonly {
		readonly from: number;
		readonly to: number;
		readonly state: boolean;
		readonly weight?: string;
	}[];
}
export type NetworkNode = DrawnNetwork["nodes"][number];

export interface NetworkDiagramOptions {
	/** The finding, above the drawing. */
	title?: string;
	/** What is read at each step, below its letter: `["w", "h", "a"]`; of a source and a target one after the other. */
	inputs?: readonly string[];
	/** What is put out at each step, above its letter. */
	outputs?: readonly string[];
}

/** More boxes than this nobody can read. */
const readable = 120;

const rulesOfOptions: Rules<NetworkDiagramOptions> = {
	title: optional(text),
	inputs: optional(strings),
	outputs: optional(strings),
};

/**
 * A network unrolled in time: `networkGraph(net, input)` drawn, a column for each step, what is read below and what is put out above.
 * Boxes of one colour are the same part with the same weights; lines to the side carry a state from step to step.
 * @throws for a graph of more than 120 nodes: take fewer steps.
 */
export function networkDiagram(
	{ nodes, edges }: DrawnNetwork,
	options: NetworkDiagramOptions = {},
): Picture {
	const { title, inputs, outputs } = expectOptions(
		"networkDiagram",
		options,
		rulesOfOptions,
	);
	if (nodes.length > readable)
		throw new Error(
			`networkDiagram: wanted at most ${readable} nodes, which can be read, got ${nodes.length}; take fewer steps`,
		);
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const node = (id: number) => byId.get(id) as NetworkNode;
	/** Whether what a node puts out comes to a cell of this part. */
	const leadsTo = (id: number, part: number, seen: Set<number>): boolean => {
		if (seen.has(id)) return false;
		seen.add(id);
		const { kind, part: own } = node(id);
		return (
			(kind === "cell" && own === part) ||
			edges.some(({ from, to }) => from === id && leadsTo(to, part, seen))
		);
	};
	/** To another step of a cell: drawn from side to side, it has no say in which row a box lies. */
	const sideways = ({ from, to }: { from: number; to: number }) => {
		const [a, b] = [node(from), node(to)];
		if (a.step === b.step || (a.kind !== "cell" && a.kind !== "start"))
			return false;
		return b.kind === "cell" || leadsTo(to, a.part, new Set());
	};
	const up = edges
		.filter((edge) => !sideways(edge))
		.sort(
			(a, b) =>
				node(a.to).step - node(b.to).step ||
				node(a.from).step - node(b.from).step,
		);
	const across = edges.filter(sideways);
	const ranks = ranked(nodes, up, across);
	const named = namer(nodes, inputs, outputs);
	const boxes = [...nodes]
		.sort((a, b) => a.step - b.step || a.id - b.id)
		.map((each) => box(each, named(each), ranks.get(each.id) ?? 0));
	const link = ({ from, to, weight }: DrawnNetwork["edges"][number]): Link => ({
		from: String(from),
		to: String(to),
		text: node(to).kind === "cell" ? weight : undefined,
		weight: node(from).step === node(to).step ? 20 : 1,
	});
	const spoken = (each: NetworkNode) => {
		const words = named(each)
			.map((name) => plain(name))
			.join(" ");
		return each.kind === "layer" || each.kind === "operation"
			? `${words} (step ${each.step + 1})`
			: words;
	};
	const lines = nodes
		.filter(({ kind }) => kind !== "input" && kind !== "start")
		.map((each) => {
			const read = edges.filter(({ to }) => to === each.id);
			const from = read.map((edge) => spoken(node(edge.from)));
			return `  ${spoken(each)} reads ${from.join(", ")}`;
		});
	return diagram({
		title,
		text: [title ?? "The network unrolled", ...lines].join("\n"),
		boxes,
		links: up.map((edge) => ({ ...link(edge), beside: true })),
		across: across.map(link),
		direction: "up",
		gap: 24,
		rise: 26,
		ordered: true,
		// a part that works inside the steps of a cell would be drawn away from it by what it reads elsewhere
		near: across.some(({ to }) => node(to).kind !== "cell"),
	});
}

/** What stands in each box, line by line. */
function namer(
	nodes: readonly NetworkNode[],
	inputs: readonly string[] | undefined,
	outputs: readonly string[] | undefined,
): (node: NetworkNode) => string[] {
	const ofKind = (kind: string) => nodes.filter((node) => node.kind === kind);
	const [read, put] = [ofKind("input"), ofKind("output")];
	const firstPut = Math.min(...put.map(({ step }) => step));
	const firsts = new Map<number, number>();
	for (const { kind, part, step } of nodes)
		if (kind === "cell")
			firsts.set(part, Math.min(step, firsts.get(part) ?? step));
	return ({ id, kind, name, letters, part, step }) => {
		const at = (node: NetworkNode) => node.id === id;
		if (kind === "input") {
			const i = read.findIndex(at);
			const own = read.filter((other) => other.name === name).findIndex(at);
			const letter = name === "x" ? "x" : name;
			return [`${letter}⟨${own + 1}⟩`, ...(inputs?.[i] ? [inputs[i]] : [])];
		}
		if (kind === "output") {
			const i = put.findIndex(at);
			return [
				...(outputs?.[i] ? [outputs[i]] : []),
				`y⟨${step - firstPut + 1}⟩`,
			];
		}
		const t = step - (firsts.get(part) ?? 0) + 1;
		const written = letters.map((letter) => `${letter}⟨${t}⟩`).join(" ");
		if (kind === "start")
			return [letters.map((letter) => `${letter}⟨0⟩`).join(" ")];
		return [
			kind === "operation" ? sign(name) : name,
			...(written ? [written] : []),
		];
	};
}

function box(node: NetworkNode, names: readonly string[], rank: number): Box {
	const { id, kind, part, shape, step } = node;
	const bare = kind === "input" || kind === "output" || kind === "start";
	const works = kind === "cell" || kind === "layer";
	const rows = names.map((text, i): Row => {
		const letter = bare
			? kind === "output"
				? i === names.length - 1
				: i === 0
			: i === 1;
		return letter
			? { text, size: 13 }
			: bare
				? { text, size: 13, bold: true }
				: { text, size: names.length > 1 ? 10.5 : 12, colour: ink.text };
	});
	return {
		id: String(id),
		rows,
		look: bare ? "bare" : kind === "operation" ? "circle" : "box",
		colour: works ? colours[part % colours.length] : ink.line,
		rank,
		column: step,
		says: `${names.join(" ")} [${shape.join(", ")}]`,
	};
}
