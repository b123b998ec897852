import { allSteps } from "../cells/all-steps.ts";
import {
	type Cell,
	type CellState,
	pass,
	prepared,
	type Tap,
} from "../cells/cell.ts";
import { stateFor } from "../cells/state.ts";
import { expectValue } from "../expect/expect.ts";
import { aCell, aTensor } from "../expect/rules.ts";
import { tensor, zeros } from "../make.ts";
import { reshape, split, stack } from "../ops/arrange.ts";
import { clearPadding } from "../ops/clear.ts";
import { where } from "../ops/select.ts";
import { runsSteps } from "../ops/steps.ts";
import { remembered } from "../random.ts";
import { Caller, callsAreDistinct } from "../scope.ts";
import { Tensor, Untraceable } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { expectLengths, type Layer, layer, type Run } from "./layer.ts";
import { asProgram } from "./program.ts";

/**
 * A cell run over time: xs [T, B, D] → outputs [T, B, H], with the state carried from step to step.
 *
 * With `lengths`, each sequence of a padded batch ends at its own length: later outputs are zeros, and the state
 * returned is that of its own last step. With `state`, it goes on from where an earlier run ended. With `inspect`, it
 * returns every gate and state of its steps [T, B, H] by name.
 * In float32 the sequences of a batch are shared out among threads, so gradients of weights differ in their last digits with the number of
 * threads (`UNROLLED_THREADS`); outputs do not.
 * @throws when xs is not [T, B, D] or of another type than the weights, a length is not from 0 to T, the state is not one of this cell
 * for B sequences, or the cell draws masks and there is no `random` while training.
 */
export function unroll<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): Layer<Tensor, W, S>;
/** Of one of several cells: `unroll(deep ? lstm(sizes) : gru(sizes))`. */
export function unroll(cell: Cell): Layer;
export function unroll<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
): Layer<Tensor, W, S> {
	expectValue("unroll", "the cell", cell, aCell);
	const place = `unroll(${cell.name})`;
	const own = cell.start(0);
	const caller = new Caller(cell.name, cell);
	/** In which of training and evaluation the step cannot be traced. */
	const refused = new Set<boolean | undefined>();
	const run: Layer<Tensor, W, S>["run"] = (padded, options = {}) => {
		const { state, training, random, inspect } = options;
		const [T, B] = sequenceShape(place, cell, padded);
		const lengths = expectLengths("unroll", options.lengths, { T, B });
		const xs = lengths ? clearPadding(padded, lengths) : padded;
		const start =
			state === undefined
				? cell.start(B)
				: stateFor(place, cell, own, state, B);
		const about = { dtype: xs.dtype, training, random };
		let goBack = cell.prepare && random && remembered(random);
		let now = prepared(cell, about);
		const { weights } = now;
		const quick = inspect
			? undefined
			: allSteps(now)?.(xs, start, { weights, lengths });
		if (quick) return quick;
		const tried =
			!inspect &&
			T >= FEWEST_STEPS &&
			B > 0 &&
			!refused.has(training) &&
			!callsAreDistinct() &&
			runsSteps(xs);
		if (tried) goBack ??= random && remembered(random);
		if (tried && (goBack || !random)) {
			const run = asProgram(now, xs, start, lengths);
			if (!(run instanceof Untraceable)) return run;
			refused.add(training);
			// The steps that were tried have drawn masks, which the cell may keep.
			goBack?.();
			now = prepared(cell, about);
		}
		return stepByStep(now, caller, xs, start, lengths, inspect);
	};
	const made = layer("unroll", cell.weights, run);
	return {
		...made,
		structure: { is: "unroll", cell: cell as unknown as Cell },
	};
}

/** From so many steps on a program is sooner done than written step by step. */
const FEWEST_STEPS = 3;

function stepByStep<S extends CellState>(
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

function sequenceShape(
	place: string,
	cell: Cell,
	xs: Tensor,
): readonly [number, number] {
	expectValue(place, "xs", xs, aTensor);
	if (xs.shape.length !== 3 || xs.shape[2] !== cell.inputs)
		throw new Error(
			`${place}: xs must be [T, B, D=${cell.inputs}], got [${xs.shape.join(", ")}]`,
		);
	const [weight = xs] = Object.values(cell.weights);
	if (xs.dtype !== weight.dtype)
		throw new Error(
			`${place}: xs must be ${weight.dtype} as the weights are, got ${xs.dtype}`,
		);
	return [xs.shape[0], xs.shape[1]];
}
