import type { Shape } from "../tensor.ts";

/** A part of a network at one step. */
export interface NetworkNode {
	readonly id: number;
	/** An input or output of a step, the state before the first one, or a part at work: a cell, a layer, or an operation between them. */
	readonly kind: "input" | "output" | "start" | "cell" | "layer" | "operation";
	/** `elman`, `dense`; of an input `source` or `target` where there are both. */
	readonly name: string;
	/** The letters of what it puts out, where its equations have some: `h`, `c`. */
	readonly letters: readonly string[];
	/** Which part it is: the same number is the same part with the same weights. */
	readonly part: number;
	/** Its step, from 0; what is written comes after what was read. */
	readonly step: number;
	/** Of what it puts out in one step. */
	readonly shape: Shape;
}

/** What goes from one part to another. */
export interface NetworkEdge {
	readonly from: number;
	readonly to: number;
	/** Whether it goes from step to step of one part: a state. */
	readonly state: boolean;
	/** The one weight by which it is multiplied at once. */
	readonly weight?: string;
}

/** A network written out over the steps of a sequence. */
export interface NetworkGraph {
	readonly nodes: readonly NetworkNode[];
	readonly edges: readonly NetworkEdge[];
}

export type Draft = { -readonly [K in keyof NetworkNode]: NetworkNode[K] };

/**
 * Gives each node its step: the latest among the nodes that it reads, but for its own state.
 * @param hosts the nodes that work inside a step of a cell, each with the node of that step: they stand at the same step
 */
export function setSteps(
	nodes: readonly Draft[],
	edges: readonly NetworkEdge[],
	hosts: Iterable<readonly [inner: number, host: number]>,
): void {
	const known = new Set<number>();
	const latest = (id: number): number => {
		const node = nodes[id];
		if (node.kind === "input" || known.has(id)) return node.step;
		known.add(id);
		const read = edges
			.filter(({ to, state }) => to === id && !state)
			.map(({ from }) => latest(from));
		node.step = Math.max(-1, ...read);
		return node.step;
	};
	for (const { id } of nodes) latest(id);
	for (const [inner, host] of hosts) nodes[inner].step = nodes[host].step;
	for (const { from, to } of edges)
		if (nodes[from].kind === "start") putBeside(nodes, nodes[from], nodes[to]);
}

/** Puts a state before the first step beside that step: before it, or behind it in a cell that reads backwards. */
function putBeside(nodes: readonly Draft[], start: Draft, first: Draft): void {
	const { part, step, letters } = first;
	const backwards = nodes.some(
		(node) => node.kind === "cell" && node.part === part && node.step < step,
	);
	start.step = backwards ? step + 1 : step - 1;
	start.letters = letters;
}
