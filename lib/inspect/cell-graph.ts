import { type Cell, type CellState, pass } from "../cells/cell.ts";
import { parts, stateFor } from "../cells/state.ts";
import { expectValue } from "../expect/expect.ts";
import { aCell, aTensor } from "../expect/rules.ts";
import { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { collect, type GraphEdge, type GraphNode } from "./graph.ts";

/** The inside of a cell in one step. */
export interface CellGraph {
	readonly name: string;
	/** Each after those it was made of, with its numbers. */
	readonly nodes: readonly GraphNode[];
	readonly edges: readonly GraphEdge[];
	/** The nodes of x and of the parts of the state before the step. */
	readonly inputs: readonly number[];
	/** The nodes of the output and of the parts of the state after the step: those with ′. */
	readonly results: readonly number[];
}

/**
 * What a cell does in one step, in the letters of its equations and with its numbers: x [B, D] and the state before it, which is that
 * of a start unless it is given.
 *
 * ```ts
 * cellGraph(lstm({ inputs: 3, hidden: 8, random }), x)
 * ```
 *
 * It holds what the cell did, so it holds for wrappers and cells of your own as well.
 * @throws what the cell throws when x or the state do not fit.
 */
export function cellGraph<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	x: Tensor,
	given?: S,
): CellGraph {
	expectValue("cellGraph", "the cell", cell, aCell);
	expectValue("cellGraph", "x", x, aTensor);
	const fresh = cell.start(x.shape[0]);
	const state =
		given === undefined
			? fresh
			: stateFor("cellGraph", cell, fresh, given, x.shape[0]);
	const copy = (t: Tensor) => new Tensor(t.data, t.shape, true);
	const known = cell as unknown as Cell;
	const before = Object.fromEntries(
		Object.entries(parts(known, state)).map(([name, t]) => [name, copy(t)]),
	);
	const own = (state instanceof Tensor
		? Object.values(before)[0]
		: before) as unknown as S;
	const first = copy(x);
	const names = new Map<Tensor, string>([[first, "x"]]);
	for (const [name, t] of Object.entries(cell.weights)) names.set(t, name);
	for (const [name, t] of Object.entries(before)) names.set(t, name);
	const step = cell.step(first, own, (name, value) => {
		if (name !== "past") names.set(value, name);
		return pass(name, value);
	});
	const after = Object.entries(parts(known, step.state));
	for (const [name, t] of after) names.set(t, `${name}′`);
	const output = names.get(step.output) ?? "y";
	names.set(step.output, output === "h" ? "h′" : output);
	const results = [
		...new Set([step.output, ...after.map(([, t]) => t)]),
	].filter((t) => t.madeBy && t.madeBy.name !== "slice"); // a window only moves on
	const found = collect(...results);
	const ids = new Map(found.map((t, id) => [t, id]));
	const inputs = [first, ...Object.values(before)];
	return {
		name: cell.name,
		nodes: found.map((t, id): GraphNode => {
			const { shape, madeBy, data: values } = t;
			const about = { id, name: names.get(t), shape, values };
			if (madeBy)
				return { ...about, kind: "operation", operation: madeBy.name };
			if (t.requiresGrad && !inputs.includes(t))
				return { ...about, kind: "weight" };
			const lone = shape.length === 0 ? String(t.item()) : undefined;
			return { ...about, kind: "data", name: about.name ?? lone };
		}),
		edges: found.flatMap((t, to) =>
			(t.madeBy?.inputs ?? []).map((input) => ({
				from: ids.get(input) as number,
				to,
			})),
		),
		inputs: inputs.flatMap((t) => ids.get(t) ?? []),
		results: results.map((t) => ids.get(t) as number),
	};
}
