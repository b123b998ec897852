import { expectShape, expectValue, type Rules } from "../expect/expect.ts";
import {
	aTensor,
	callable,
	dtype,
	optional,
	record,
	size,
	source,
} from "../expect/rules.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";

/** What a cell carries from step to step: one tensor [B, H], or several by name. */
export type CellState = Tensor | Readonly<Record<string, Tensor>>;

/**
 * Sees every named intermediate of a step (`i`, `f`, `g`, `o`, `c`, `h` of an LSTM) and returns what the step goes on with:
 * the value itself to look on, another to change it. `past` is the state as the recurrent products read it.
 */
export type Tap = (name: string, value: Tensor) => Tensor;

/** The identity tap. */
export const pass: Tap = (_, value) => value;

/** How a cell is run over a batch of sequences: training or evaluation, and with which masks. */
export interface CellMode {
	readonly dtype: DType;
	/** Whether masks are drawn; default not, which is evaluation. */
	readonly training?: boolean;
	/** Source of the masks. */
	readonly random?: Random;
}

/** One step of a recurrent network and its weights; `unroll` makes a layer of it. */
export interface Cell<
	S extends CellState = CellState,
	W extends Weights = Weights,
> {
	readonly name: string;
	/** Size of x [B, inputs]. */
	readonly inputs: number;
	/** Size of the output [B, hidden]. */
	readonly hidden: number;
	readonly weights: W;
	/** The state before the first step. */
	start(batch: number): S;
	/**
	 * x [B, D] and the state before it → the output [B, H] and the state after it.
	 * `tap` sees the intermediates; `weights` stand in for the cell's own, for this step.
	 * It depends on what it is given and on the weights alone, and keeps nothing: `unroll` may call it without numbers, to see which operations it
	 * does, and then do these for all steps at once.
	 */
	step(x: Tensor, state: S, tap?: Tap, weights?: W): Step<S>;
	/** The cell for one run, where runs differ: masks are drawn here. */
	prepare?(mode: CellMode): Cell<S, W>;
	/** What some wrappers ask about it. */
	readonly traits?: CellTraits;
}

/** What some wrappers ask about a cell; each has a default that is right for most. */
export interface CellTraits {
	/** What the equations call a state of one tensor; default h. */
	readonly state?: string;
	/** What `tap` calls the proposal that a step adds to its memory, for `semeniuta`; default: there is none. */
	readonly candidate?: string;
	/** Parts of the state that a state given to a run may lack; they then start as `start` has them. Default: none. */
	readonly mayLack?: readonly string[];
	/** Whether a mask lies over the output, so that it is no part of the state any more; default not. */
	readonly masksOutput?: boolean;
}

/** The output [B, H] of one step and the state after it. */
export interface Step<S extends CellState = CellState> {
	output: Tensor;
	state: S;
}

/** The cell as it is in one run: with its masks, if it has any. */
export function prepared<S extends CellState, W extends Weights>(
	cell: Cell<S, W>,
	mode: CellMode,
): Cell<S, W> {
	return cell.prepare?.(mode) ?? cell;
}

/** What every cell is made from. */
export interface CellOptions {
	/** D, the size of an input. */
	inputs: number;
	/** H, the size of the state. */
	hidden: number;
	/** Where the first weights are drawn from. */
	random: Random;
	/** float64 is for gradient checks. Default: float32. */
	dtype?: DType;
}

export const cellRules: Rules<CellOptions> = {
	inputs: size,
	hidden: size,
	random: source,
	dtype: optional(dtype),
};

const weightsRule = record(aTensor, "the weights by name");

/**
 * Checks what a step is given: x [B, D], and the parts of the state by name, each [B, its size]. The sizes come with their letters:
 * `stepCheck("lstm", { D }, { h: { H }, c: { H } })`. The check returns the state.
 */
export function stepCheck<Part extends string>(
	place: string,
	input: Readonly<Record<string, number>>,
	sizes: Readonly<Record<Part, Readonly<Record<string, number>>>>,
	letter = "x",
) {
	const [D] = Object.values(input);
	const parts = Object.entries(sizes) as [Part, Record<string, number>][];
	const wanted = parts.map(([name, size]): [Part, number] => [
		name,
		Object.values(size)[0],
	]);
	const fits = (t: Tensor | undefined, B: number, N: number): boolean =>
		t?.shape?.length === 2 && t.shape[0] === B && t.shape[1] === N;
	/** @throws when x or a part of the state has another shape, or the tap is no function. */
	return <S extends Readonly<Record<Part, Tensor>>>(
		x: Tensor,
		state: S,
		tap: Tap,
		weights: Weights,
	): S => {
		const B = x?.shape?.[0] ?? 0;
		if (!fits(x, B, D)) expectShape(`${place}: ${letter}`, x, { B, ...input });
		for (const [name, N] of wanted)
			if (!fits(state?.[name], B, N))
				expectShape(`${place}: ${name}`, state?.[name], { B, ...sizes[name] });
		if (typeof tap !== "function") expectValue(place, "tap", tap, callable);
		if (typeof weights !== "object" || weights === null)
			expectValue(place, "weights", weights, weightsRule);
		return state;
	};
}
