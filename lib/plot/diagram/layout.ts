import type { ElkNode } from "elkjs/lib/elk-api.js";
import { lacking } from "../lacking.ts";

/** What is to be placed: boxes of known size, and links between them. */
export interface Sketch {
	boxes: readonly Sized[];
	links: readonly Joined[];
	direction: "up" | "right" | "down";
	/** Pixels between neighbours in a row, and from row to row. */
	gap?: number;
	rise?: number;
	/** Whether boxes of a row stay in the order in which they are given. */
	ordered?: boolean;
	/** Whether boxes lie near all that they are joined to, rather than in line with one of these. Unordered boxes always do. */
	near?: boolean;
}

export interface Sized {
	id: string;
	width: number;
	height: number;
	/** Boxes of a later rank lie in later rows; given for all or none. */
	rank?: number;
}

export interface Joined {
	from: string;
	to: string;
	/** How much it matters that it is straight; default 1. */
	weight?: number;
	/** Size of the words that stand on it. */
	label?: { width: number; height: number };
}

export type Point = readonly [x: number, y: number];

/** Where everything lies: the upper left corners of boxes and labels, and the corners of lines. */
export interface Layout {
	width: number;
	height: number;
	boxes: Readonly<Record<string, Point>>;
	links: readonly { points: readonly Point[]; label?: Point }[];
}

/** The last layouts: a picture that follows a slider changes its numbers, seldom its boxes. */
const known = new Map<string, Promise<Layout>>();
const remembered = 64;

/** Places boxes and lines by ELK (Eclipse Layout Kernel), in layers: the method of Sugiyama, Tagawa and Toda 1981. */
export function arrange(sketch: Sketch): Promise<Layout> {
	const key = JSON.stringify(sketch);
	const before = known.get(key);
	if (before) return before;
	const made = place(sketch);
	known.set(key, made);
	if (known.size > remembered)
		known.delete(known.keys().next().value as string);
	return made;
}

async function place(sketch: Sketch): Promise<Layout> {
	const { boxes, links, direction, gap = 22, rise = 30 } = sketch;
	const { ordered, near = !ordered } = sketch;
	const { default: ELK } = await import("elkjs/lib/elk.bundled.js").catch(
		lacking("a diagram", "elkjs"),
	);
	const ranked = boxes.some(({ rank }) => rank !== undefined);
	const graph: ElkNode = {
		id: "root",
		layoutOptions: {
			"elk.algorithm": "layered",
			"elk.direction": direction.toUpperCase(),
			"elk.edgeRouting": "ORTHOGONAL",
			"elk.padding": "[top=0,left=0,bottom=0,right=0]",
			"elk.spacing.nodeNode": String(gap),
			"elk.spacing.edgeNode": "12",
			"elk.spacing.edgeEdge": "12",
			"elk.spacing.edgeLabel": "3",
			"elk.spacing.componentComponent": String(gap),
			"elk.layered.spacing.nodeNodeBetweenLayers": String(rise),
			"elk.layered.spacing.edgeNodeBetweenLayers": "12",
			"elk.layered.spacing.edgeEdgeBetweenLayers": "12",
			"elk.layered.nodePlacement.strategy": near
				? "NETWORK_SIMPLEX"
				: "BRANDES_KOEPF",
			...(ordered
				? {
						"elk.layered.crossingMinimization.semiInteractive": "true",
						"elk.separateConnectedComponents": "false",
					}
				: {
						"elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
					}),
			...(ranked && { "elk.partitioning.activate": "true" }),
			"elk.randomSeed": "1",
		},
		children: boxes.map(({ id, width, height, rank }, i) => ({
			id,
			width,
			height,
			layoutOptions: {
				...(ranked && { "elk.partitioning.partition": String(rank) }),
				...(ordered && { "elk.position": `(${i}, 0)` }),
			},
		})),
		edges: links.map(({ from, to, label, weight = 1 }, i) => ({
			id: `e${i}`,
			layoutOptions: { "elk.layered.priority.straightness": String(weight) },
			sources: [from],
			targets: [to],
			labels: label ? [{ text: "·", ...label }] : [],
		})),
	};
	// its types are those of a CommonJS module, whose default is the class
	const laid = await new (ELK as unknown as typeof ELK.default)().layout(graph);
	const at = (thing: { x?: number; y?: number }): Point => [
		thing.x ?? 0,
		thing.y ?? 0,
	];
	return {
		width: laid.width ?? 0,
		height: laid.height ?? 0,
		boxes: Object.fromEntries(
			(laid.children ?? []).map((child) => [child.id, at(child)]),
		),
		links: (laid.edges ?? []).map(({ sections, labels }) => ({
			points: (sections ?? []).flatMap(
				({ startPoint, bendPoints = [], endPoint }) =>
					[startPoint, ...bendPoints, endPoint].map(at),
			),
			label: labels?.[0] && at(labels[0]),
		})),
	};
}
