import { type Cell, type CellState, pass, type Tap } from "../cells/cell.ts";
import { tensor, zeros } from "../make.ts";
import { reshape, split, stack } from "../ops/arrange.ts";
import { where } from "../ops/select.ts";
import type { Caller } from "../scope.ts";
import { Tensor, unfolding } from "../tensor.ts";
import type { Run } from "./layer.ts";

/** A cell over xs [T, B, D], operation by operation: what `asProgram` does at once. */
export function stepByStep<S extends CellState>(
	cell: Cell<S>,
	caller: Caller,
	xs: Tensor,
	start: S,
	lengths: readonly number[] | undefined,
	inspect = false,
): Run<S> {
	const [T, B, D] = xs.shape;
	const outputs: Tensor[] = [];
	const seen: Record<string, Tensor[]> = {};
	let state = start;
	// One operation for all steps: a slice for each would send back T gradients of all of xs.
	const steps = split(xs, Array<number>(T).fill(1), 0);
	steps.forEach((step, t) => {
		const x = reshape(step, [B, D]);
		const inside: Record<string, Tensor> = {};
		const look: Tap = (name, value) => {
			if (name !== "past") inside[name] = value;
			return value;
		};
		const next = caller.call(
			x,
			() => cell.step(x, state, inspect ? look : pass),
			t,
		);
		const alive = lengths?.some((length) => t >= length)
			? tensor(
					lengths.map((length) => [t < length ? 1 : 0]),
					{ dtype: xs.dtype },
				)
			: undefined;
		const shown = (value: Tensor) => (alive ? where(alive, value, 0) : value);
		outputs.push(shown(next.output));
		state = alive ? choose(alive, next.state, state) : next.state;
		for (const [name, value] of Object.entries(inside)) {
			seen[name] ??= [];
			seen[name].push(shown(value));
		}
	});
	const internals = inspect
		? Object.fromEntries(
				Object.entries(seen).map(([name, values]) => [name, stack(values)]),
			)
		: undefined;
	const none = () => zeros([0, B, cell.hidden], { dtype: xs.dtype });
	return { outputs: T === 0 ? none() : stack(outputs), state, internals };
}

/** The new state where a sequence is still running, the old one where it has ended. */
function choose<S extends CellState>(alive: Tensor, next: S, old: S): S {
	if (next instanceof Tensor) return where(alive, next, old as Tensor) as S;
	const before = old as Readonly<Record<string, Tensor>>;
	return Object.fromEntries(
		Object.entries(next as Readonly<Record<string, Tensor>>).map(
			([name, part]) => [name, where(alive, part, before[name])],
		),
	) as S;
}

/** Says how the record of a run that did all steps at once becomes that of its steps: `again` runs it step by step. */
export function unfoldingTo<S extends CellState>(
	run: Run<S>,
	again: () => Run<S>,
): void {
	const copy = (t: Tensor) => reshape(t, t.shape); // a step may have read the last state
	unfolding(
		[run.outputs, ...byName(run.state), ...byName(run.internals)],
		() => {
			const { outputs, state, internals } = again();
			return [outputs, ...byName(state).map(copy), ...byName(internals)];
		},
	);
}

/** Tensors in the order of their names. */
function byName(named: CellState | undefined = {}): Tensor[] {
	if (named instanceof Tensor) return [named];
	const parts = named as Readonly<Record<string, Tensor>>;
	return Object.keys(parts)
		.sort()
		.map((name) => parts[name]);
}
