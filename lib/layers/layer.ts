import type { Weights } from "../cells/cell.ts";
import type { Random } from "../random.ts";
import { within } from "../scope.ts";
import { Tensor } from "../tensor.ts";

export type { Weights };

/** What a layer carries from one run to the next: tensors, in records and lists as deep as the layers are nested. */
export type LayerState =
	| Tensor
	| undefined
	| readonly LayerState[]
	| { readonly [name: string]: LayerState };

export interface RunOptions {
	/** The state an earlier run returned, to go on from there; none: a fresh start. */
	state?: LayerState;
	/** The number of steps of each sequence in a padded batch [T, B, …]; none: all T. */
	lengths?: readonly number[];
	/** Whether dropout and its like are on. Default: off. */
	training?: boolean;
	/** Source of the masks while training. */
	random?: Random;
	/** Whether to return the internals as well. Default: no. */
	inspect?: boolean;
}

/**
 * What went on inside, by the names of the equations: gates and states [T, B, H] of a cell (`f`, `c`), with the layer's place
 * before them where layers are nested (`1.f`), as weights are named.
 */
export type Internals = Readonly<Record<string, Tensor>>;

/** What a layer gives: outputs, the state after them and, when `inspect` asks for them, its internals. */
export interface Run<S extends LayerState = LayerState> {
	outputs: Tensor;
	state: S;
	internals?: Internals;
}

/** Names of a part with its place before them: `prefixed("1", { W })` is `{ "1.W": W }`. */
export function prefixed(
	place: string | number,
	named: Readonly<Record<string, Tensor>> = {},
): Record<string, Tensor> {
	return Object.fromEntries(
		Object.entries(named).map(([name, t]) => [`${place}.${name}`, t]),
	);
}

/** A part of a network: weights, and a pure function from inputs (and a state) to outputs (and a state). */
export interface Layer<
	In = Tensor,
	W extends Weights = Weights,
	S extends LayerState = LayerState,
> {
	readonly name: string;
	readonly weights: W;
	/** Outputs and the state after them. */
	run(x: In, options?: RunOptions): Run<S>;
	/** `run` where only the outputs matter. */
	apply(x: In, options?: RunOptions): Tensor;
}

/** A layer from its name, weights and `run`; `apply` follows. */
export function layer<In, W extends Weights, S extends LayerState = LayerState>(
	name: string,
	weights: W,
	run: Layer<In, W, S>["run"],
): Layer<In, W, S> {
	const part = { name };
	const seen: typeof run = (x, options) =>
		within({ name, part, input: x }, () => run(x, options));
	return {
		name,
		weights,
		run: seen,
		apply: (x, options) => seen(x, options).outputs,
	};
}

/**
 * The same state with its past cut off: no gradient flows back beyond it.
 * Between two chunks of a long text this is what truncates back-propagation through time.
 */
export function detach<S extends LayerState>(state: S): S {
	return mapState(state, (t) => t.detach()) as S;
}

/** Applies `f` to every tensor in a state. */
export function mapState(
	state: LayerState,
	f: (t: Tensor) => Tensor,
): LayerState {
	if (state === undefined) return undefined;
	if (state instanceof Tensor) return f(state);
	if (Array.isArray(state)) return state.map((part) => mapState(part, f));
	return Object.fromEntries(
		Object.entries(state).map(([name, part]) => [name, mapState(part, f)]),
	);
}

/** @throws when there are lengths, and they are not one for each of B sequences, from `least` to the number of steps. */
export function expectLengths(
	place: string,
	lengths: readonly number[] | undefined,
	{ B, ...steps }: { B: number; T: number } | { B: number; S: number },
	least = 0,
): void {
	if (lengths === undefined) return;
	const [[letter, most]] = Object.entries(steps);
	const fits = (n: number) => Number.isInteger(n) && n >= least && n <= most;
	const listed = Array.isArray(lengths);
	if (!listed || lengths.length !== B || !lengths.every(fits))
		throw new Error(
			`${place}: lengths must be B=${B} whole numbers from ${least} to ${letter}=${most}, got ${listed ? `[${lengths.join(", ")}]` : lengths}`,
		);
}
