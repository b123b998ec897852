import type { StepNode, StepTrace, StepValue } from "../../steps.ts";

const isNode = (value: StepValue): value is StepNode => value.kind === "node";
const widthOf = (value: StepValue): number =>
	isNode(value) ? value.columns : (value.shape.at(-1) ?? 1);

/**
 * The trace with each p ⊙ q + (1 − p) ⊙ r, as a gate mixes old and new, in one `blend(p, q, r)`, where nobody else reads what is between:
 * one way through memory for four, and neither the products nor 1 − p are kept for backward.
 */
export function withBlends(trace: StepTrace): StepTrace {
	const uses = new Map<StepValue, number>();
	const use = (value: StepValue) => uses.set(value, (uses.get(value) ?? 0) + 1);
	for (const { inputs } of trace.nodes) inputs.forEach(use);
	for (const root of [...trace.outputs, ...trace.after]) use(root);

	const gone = new Set<StepNode>();
	const made = new Map<StepNode, StepNode>();
	const now = <V extends StepValue>(value: V): V =>
		((isNode(value) && made.get(value)) || value) as V;
	for (const node of trace.nodes) {
		const blend = blendOf(node, uses);
		for (const part of blend?.between ?? []) gone.add(part);
		const { inputs } = blend ?? node;
		const moved = inputs.map((input) => now(input));
		if (blend) made.set(node, { ...node, op: "blend", inputs: moved });
		else if (moved.some((input, i) => input !== inputs[i]))
			made.set(node, { ...node, inputs: moved });
	}
	if (made.size === 0) return trace;
	return {
		...trace,
		nodes: trace.nodes.filter((node) => !gone.has(node)).map(now),
		outputs: trace.outputs.map(now),
		after: trace.after.map(now),
	};
}

/** What is mixed, and the nodes between, which only the mixing needs. */
function blendOf(
	node: StepNode,
	uses: ReadonlyMap<StepValue, number>,
): { inputs: StepValue[]; between: StepNode[] } | undefined {
	if (node.op !== "add") return undefined;
	const once = (value: StepValue, op: string): value is StepNode =>
		isNode(value) && value.op === op && uses.get(value) === 1;
	const [left, right] = node.inputs;
	for (const [first, second] of [
		[left, right],
		[right, left],
	]) {
		if (!once(first, "mul") || !once(second, "mul")) continue;
		for (const [rest, r] of [second.inputs, second.inputs.toReversed()]) {
			if (!once(rest, "sub") || !isOne(rest.inputs[0])) continue;
			const [, p] = rest.inputs;
			if (!isNode(p) || !first.inputs.includes(p)) continue;
			const q = first.inputs[first.inputs[0] === p ? 1 : 0];
			const inputs = [p, q, r];
			if (inputs.every((value) => widthOf(value) === node.columns))
				return { inputs, between: [first, second, rest] };
		}
	}
	return undefined;
}

const isOne = (value: StepValue): boolean =>
	!isNode(value) &&
	!value.each &&
	!value.gradient &&
	value.data.length === 1 &&
	value.data[0] === 1;
