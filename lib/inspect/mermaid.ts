/** What is drawn of a tensor. */
interface Node {
	readonly id: number;
	readonly kind: string;
	readonly operation?: string;
	readonly name?: string;
	readonly shape: readonly number[];
}

/** Beyond this many edges nobody can read the drawing, and Mermaid refuses it at 500. */
const readable = 200;

/**
 * A computation graph as a Mermaid diagram, which JupyterLab draws; none where there would be nothing but lines to see.
 * Weights are rounded, data slanted, operations boxes.
 */
export function mermaid(
	nodes: readonly Node[],
	edges: readonly { readonly from: number; readonly to: number }[],
): Record<string, string> {
	if (edges.length > readable) return {};
	const lines = [
		"flowchart TD",
		...nodes.map((node) => `n${node.id}${box(node)}`),
		...edges.map(({ from, to }) => `n${from} --> n${to}`),
	];
	return { "text/vnd.mermaid": lines.join("\n") };
}

function box({ kind, name, operation, shape }: Node): string {
	const title = [name, operation].filter(Boolean).join(" = ") || kind;
	const size = shape.length > 0 ? ` [${shape.join(", ")}]` : "";
	const label = `"${`${title}${size}`.replaceAll('"', "#quot;")}"`;
	if (kind === "weight") return `([${label}])`;
	return kind === "data" ? `[/${label}/]` : `[${label}]`;
}
