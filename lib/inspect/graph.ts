import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { aTensor, flag, optional, record } from "../expect/rules.ts";
import { backward, type Shape, type Tensor } from "../tensor.ts";
import { mermaid } from "./mermaid.ts";
import { shown, type Text } from "./text.ts";

/** A tensor in a computation: a weight, data, or the result of an operation. */
export interface GraphNode {
	readonly id: number;
	readonly kind: "weight" | "data" | "operation";
	/** The operation that made it: `matmul`, `sigmoid`. */
	readonly operation?: string;
	/** Its letter in the equations, where it was given; the value of a lone number. */
	readonly name?: string;
	readonly shape: Shape;
	/** Its numbers, where they were asked for. */
	readonly values?: ArrayLike<number>;
	/** ∂result/∂this, where it was asked for: of the shape of the tensor. Tensors that no gradient reaches have none. */
	readonly gradient?: ArrayLike<number>;
}

/** What a graph is to hold beside names and shapes. */
export interface GraphOptions {
	/** The numbers of each tensor. Default: no. */
	values?: boolean;
	/** The gradient of the result by each tensor, which back-propagates as `backward()` does: weights get their `grad`, and the record is freed. Default: no. */
	gradients?: boolean;
}

/** From an input to what was made of it. */
export interface GraphEdge {
	readonly from: number;
	readonly to: number;
}

/** How a number came about. A notebook draws it; as text it is a line for each operation, in the order they were done. */
export interface Graph extends Text {
	/** Each after those it was made of. */
	readonly nodes: readonly GraphNode[];
	readonly edges: readonly GraphEdge[];
}

const graphRules: Rules<GraphOptions> = {
	values: optional(flag),
	gradients: optional(flag),
};
const tensorsByName = record(aTensor, "tensors by name, such as { x }");

/**
 * The computation graph that led to a tensor, as nodes and edges.
 *
 * `named` gives tensors their letters: weights, and what a cell's tap saw, so that the graph reads as the equations do:
 *
 * ```ts
 * const seen: Record<string, Tensor> = {};
 * const { output } = cell.step(x, cell.start(1), (name, value) => (seen[name] = value));
 * graph(output, { x, ...cell.weights, ...seen })
 * ```
 *
 * So it is with all steps of a layer: a name of the internals that `inspect` returns gives each step its own, `f` is f₁, f₂, …
 *
 * ```ts
 * const { outputs, internals } = net.run(xs, { inspect: true });
 * graph(loss(outputs), { ...net.weights, ...internals })
 * ```
 *
 * `{ gradients: true }` goes back as well: the same as `result.backward()`, with the gradient of each node kept.
 * @throws after `backward()`, which frees the record, and where gradients of a result of more than one number are wanted.
 */
export function graph(
	result: Tensor,
	named: Readonly<Record<string, Tensor>> = {},
	options: GraphOptions = {},
): Graph {
	const { values = false, gradients = false } = expectOptions(
		"graph",
		options,
		graphRules,
	);
	expectValue("graph", "the result", result, aTensor);
	expectValue("graph", "names", named, tensorsByName);
	const names = new Map<Tensor, string>();
	for (const [name, t] of Object.entries(named))
		stepsOf(t).forEach((step, i) => {
			names.set(step, `${name}${subscript(i + 1)}`);
		});
	for (const [name, t] of Object.entries(named)) names.set(t, name);
	const found = collect(result);
	const ids = new Map(found.map((t, id) => [t, id]));
	const edges = found.flatMap((t, to) =>
		(t.madeBy?.inputs ?? []).map((input) => ({
			from: ids.get(input) as number,
			to,
		})),
	);
	const back = new Map<Tensor, ArrayLike<number>>();
	const operations = found.map(({ madeBy }) => madeBy?.name);
	if (gradients)
		backward(result, {
			see: (t, gradient) => back.set(t, gradient.slice()),
		});
	const nodes = found.map((t, id): GraphNode => {
		const { shape } = t;
		const about = {
			id,
			shape,
			...(values && { values: t.data }),
			...(gradients && { gradient: back.get(t) }),
		};
		const name = names.get(t);
		const operation = operations[id];
		if (operation) return { ...about, kind: "operation", operation, name };
		if (t.requiresGrad) return { ...about, kind: "weight", name };
		const lone = shape.length === 0 ? String(t.item()) : undefined;
		return { ...about, kind: "data", name: name ?? lone };
	});
	return {
		nodes,
		edges,
		...shown(equations(nodes, edges), mermaid(nodes, edges)),
	};
}

/** The tensors that one was stacked from; none where it was made otherwise. */
export function stepsOf(t: Tensor): Tensor[] {
	t.madeBy?.unfold?.();
	const { madeBy } = t;
	if (madeBy?.name !== "concat") return [];
	const slabs = madeBy.inputs.map((slab) => slab.madeBy);
	return slabs.flatMap((by) => (by?.name === "reshape" ? by.inputs : []));
}

const subscript = (n: number) =>
	String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/** The tensors that led to some, in the order they were made; weights and data before their first use. */
export function collect(...results: Tensor[]): Tensor[] {
	const found = new Set(results);
	for (const t of found) {
		t.madeBy?.unfold?.();
		const { madeBy } = t;
		if (madeBy && !madeBy.back)
			throw new Error(
				`graph: the record of "${madeBy.name}" was freed by backward(); ask for the graph before it`,
			);
		for (const input of madeBy?.inputs ?? []) found.add(input);
	}
	const made = [...found].filter((t) => t.madeBy);
	made.sort((a, b) => (a.madeBy?.order ?? 0) - (b.madeBy?.order ?? 0));
	return [
		...new Set(made.flatMap((t) => [...(t.madeBy?.inputs ?? []), t])),
		...results.filter((t) => !made.includes(t)),
	];
}

/** A line for each operation: `z [2, 4] = sigmoid(#7)`. */
function equations(
	nodes: readonly GraphNode[],
	edges: readonly GraphEdge[],
): string {
	const called = ({ id, kind, name }: GraphNode) =>
		name ?? (kind === "operation" ? `#${id}` : `${kind} #${id}`);
	const inputs = new Map<number, string[]>();
	for (const { from, to } of edges)
		inputs.set(to, [...(inputs.get(to) ?? []), called(nodes[from])]);
	return nodes
		.filter(({ kind }) => kind === "operation")
		.map((node) => {
			const made = `${node.operation}(${inputs.get(node.id)?.join(", ") ?? ""})`;
			return `${called(node)} [${node.shape.join(", ")}] = ${made}`;
		})
		.join("\n");
}
