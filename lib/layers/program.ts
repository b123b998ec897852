import { type Cell, type CellState, pass, type Tap } from "../cells/cell.ts";
import { tracedSteps } from "../ops/steps.ts";
import { Tensor, Tracer, Untraceable } from "../tensor.ts";
import type { Run } from "./layer.ts";

/**
 * A cell over xs [T, B, D] as a program: its step is traced, once for each t, and all steps are then done in one operation. With `inspect`
 * that hands out what the step's tap sees, too. Where the step cannot be traced, as it asks for numbers or differs from step to step, the
 * reason is given.
 */
export function asProgram<S extends CellState>(
	cell: Cell<S>,
	xs: Tensor,
	start: S,
	lengths?: readonly number[],
	inspect = false,
): Run<S> | Untraceable {
	const [T, B, D] = xs.shape;
	const names = start instanceof Tensor ? undefined : Object.keys(start);
	const parts = (state: S) =>
		names
			? names.map((name) => (state as Record<string, Tensor>)[name])
			: [state as Tensor];
	const state = (list: readonly Tensor[]) =>
		(names
			? Object.fromEntries(names.map((name, i) => [name, list[i]]))
			: list[0]) as S;
	const first = parts(start);
	if (first.some(({ shape }) => shape.length !== 2 || shape[0] !== B))
		return new Untraceable("a state that is not [B, n]");
	const tracer = new Tracer(B);
	const x = tracer.given("x", D);
	const before = first.map(({ shape }) => tracer.given("state", shape[1]));
	let seen: Record<string, Tensor> = {};
	const look: Tap = (name, value) => {
		if (name !== "past") seen[name] = value;
		return value;
	};
	const step = () => {
		seen = {};
		const next = cell.step(x, state(before), inspect ? look : pass);
		const outputs = [next.output, ...Object.values(seen)];
		return { outputs, after: parts(next.state) };
	};
	try {
		const roots = tracer.trace(0, step);
		const looked = Object.keys(seen);
		for (let t = 1; t < T; t++) {
			const { outputs, after } = tracer.trace(t, step);
			if (
				outputs.length !== roots.outputs.length ||
				outputs.some((node, i) => node !== roots.outputs[i]) ||
				after.some((node, i) => node !== roots.after[i]) ||
				Object.keys(seen).some((name, i) => name !== looked[i])
			)
				return new Untraceable(`other results at t=${t}`);
		}
		const trace = tracer.finish({ x, before }, roots);
		const { name } = cell;
		const { leaves } = tracer;
		const done = tracedSteps(name, trace, xs, first, leaves, lengths);
		const [outputs, ...values] = done.outputs;
		const internals = inspect
			? Object.fromEntries(looked.map((name, i) => [name, values[i]]))
			: undefined;
		return { outputs, state: state(done.state), internals };
	} catch (error) {
		if (error instanceof Untraceable) return error;
		throw error;
	}
}
