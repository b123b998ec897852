import { expectGiven, expectValue, type Rules } from "../expect/expect.ts";
import { expectList, isList, plain } from "../expect/lists.ts";
import {
	anything,
	aTensor,
	callable,
	flag,
	optional,
	record,
	source,
	text,
	whole,
} from "../expect/rules.ts";
import { described, isRecord } from "../expect/words.ts";
import { clearPadding } from "../ops/clear.ts";
import { Caller } from "../scope.ts";
import { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { Layer, LayerState, Run, RunOptions } from "./types.ts";

export type {
	Internals,
	Layer,
	LayerState,
	Run,
	RunOptions,
	Structure,
} from "./types.ts";
export type { Weights };

/** Names of a part with its place before them: `prefixed("1", { W })` is `{ "1.W": W }`. */
export function prefixed(
	place: string | number,
	named: Readonly<Record<string, Tensor>> = {},
): Record<string, Tensor> {
	return Object.fromEntries(
		Object.entries(named).map(([name, t]) => [`${place}.${name}`, t]),
	);
}

export const runRules: Rules<RunOptions> = {
	state: anything,
	lengths: anything, // by `expectLengths`, which knows B and T
	training: optional(flag),
	random: optional(source),
	inspect: optional(flag),
};

export const weightsRule = record(aTensor, "tensors by name, such as { W }");

/** Marks the options of a run whose input has zeros past the lengths. */
const cleared = Symbol("cleared");
type Inside = RunOptions & { [cleared]?: true };

/**
 * A layer from its name, weights and `run`, which gives `{ outputs, state }`; `apply` follows.
 *
 * With `lengths`, `run` reads zeros past the end of each sequence of x [T, B, …], whatever was there.
 * @throws (run, apply) when an option is unknown, a length is not from 0 to T, or `run` gives no outputs.
 */
export function layer<In, W extends Weights, S extends LayerState = LayerState>(
	name: string,
	weights: W,
	run: Layer<In, W, S>["run"],
): Layer<In, W, S> {
	expectValue("layer", "the name", name, text);
	expectValue(name, "the weights", weights, weightsRule);
	expectValue(name, "run", run, callable);
	const caller = new Caller(name, { name });
	const checked = (given: In, options?: RunOptions): Run<S> => {
		const [x, how] =
			options === undefined ? [given, options] : read(name, given, options);
		const done = caller.call(x, () => run(x, how));
		if (!(done?.outputs instanceof Tensor))
			throw new Error(
				`${name}: run must return { outputs, state } with a Tensor of outputs, got ${described(done)}`,
			);
		return done;
	};
	return {
		name,
		weights,
		run: checked,
		apply: (x, options) => checked(x, options).outputs,
	};
}

/** Whether the options keep the rules, without a call for each: small networks run ten thousand times a second. */
function surelyFine(options: Readonly<Record<string, unknown>>): boolean {
	if (typeof options !== "object" || options === null) return false;
	if (Object.getPrototypeOf(options) !== Object.prototype) return false;
	for (const name in options) {
		const value = options[name];
		if (value === undefined || name === "state" || name === "lengths") continue;
		const flag = name === "training" || name === "inspect";
		if (!flag || typeof value !== "boolean")
			if (name !== "random" || !source.fits(value)) return false;
	}
	return true;
}

/** What a layer is run on, checked, with zeros past the lengths: the outermost layer sees to that for those inside it. */
function read<In>(name: string, x: In, options: Inside): [In, RunOptions] {
	if (!surelyFine(options as Record<string, unknown>))
		expectGiven(name, options, runRules);
	if (options.lengths === undefined || options[cleared]) return [x, options];
	if (!(x instanceof Tensor)) {
		const [T, B] = isList(x) && isList(x[0]) ? [x.length, x[0].length] : [];
		if (T === undefined || B === undefined)
			expectList(name, "lengths", options.lengths, whole());
		else expectLengths(name, options.lengths, { T, B });
		return [x, options];
	}
	expectSteps(name, x);
	const [T, B] = x.shape;
	const lengths = expectLengths(name, options.lengths, { T, B }) as number[];
	const inside: Inside = { ...options, lengths, [cleared]: true };
	return [clearPadding(x, lengths) as In, inside];
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
	depth = 64,
): LayerState {
	if (state === undefined) return undefined;
	if (state instanceof Tensor) return f(state);
	if (!(isRecord(state) || Array.isArray(state)) || depth === 0)
		throw new Error(
			`detach: a state is made of tensors, in records and lists, got ${described(state)}`,
		);
	if (Array.isArray(state))
		return state.map((part) => mapState(part, f, depth - 1));
	return Object.fromEntries(
		Object.entries(state).map(([name, part]) => [
			name,
			mapState(part, f, depth - 1),
		]),
	);
}

/** @throws when xs is no tensor of sequences [T, B, …]. */
export function expectSteps(place: string, xs: Tensor): void {
	expectValue(place, "xs", xs, aTensor);
	if (xs.shape.length < 2)
		throw new Error(
			`${place}: xs must be [T, B, …], got [${xs.shape.join(", ")}]`,
		);
}

/** A copy of the lengths. @throws when there are lengths, and they are not one for each of B sequences, from `least` to the number of steps. */
export function expectLengths(
	place: string,
	lengths: ArrayLike<number> | undefined,
	{ B, ...steps }: { B: number; T: number } | { B: number; S: number },
	least = 0,
): number[] | undefined {
	if (lengths === undefined) return undefined;
	const [[letter, most]] = Object.entries(steps);
	const { fits } = whole(least, most);
	if (isList(lengths) && lengths.length === B) {
		const read = Array.from(lengths, plain);
		if (read.every(fits)) return read as number[];
	}
	throw new Error(
		`${place}: lengths must be B=${B} whole numbers from ${least} to ${letter}=${most}, got ${described(lengths)}`,
	);
}
