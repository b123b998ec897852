import type { Cell } from "../cells/cell.ts";
import type { Random } from "../random.ts";
import type { Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";

/** What a layer carries from one run to the next: tensors, in records and lists as deep as the layers are nested. */
export type LayerState =
	| Tensor
	| undefined
	| readonly LayerState[]
	| { readonly [name: string]: LayerState };

export interface RunOptions {
	/** The state an earlier run returned, to go on from there; none: a fresh start. */
	state?: LayerState;
	/** The number of steps of each sequence in a padded batch [T, B, …], in any list of numbers; none: all T. What is past them is read as zeros. */
	lengths?: ArrayLike<number>;
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

/** A part of a network: weights, and a pure function from inputs (and a state) to outputs (and a state). */
export interface Layer<
	In = Tensor,
	W extends Weights = Weights,
	S extends LayerState = LayerState,
> {
	readonly name: string;
	readonly weights: W;
	/** Whether it makes one vector of the steps of a sequence: what follows it in a chain has no `lengths`. */
	readonly poolsTime?: boolean;
	/** What it is made of; none: only running it tells. */
	readonly structure?: Structure;
	/** Outputs and the state after them. */
	run(x: In, options?: RunOptions): Run<S>;
	/** `run` where only the outputs matter. */
	apply(x: In, options?: RunOptions): Tensor;
}

type Part = Layer<never>;

/**
 * What a layer of the library is made of, for what reads a network instead of running it, such as `toOnnx`.
 * A layer of one's own has none: its function cannot be read.
 */
export type Structure =
	| { readonly is: "chain"; readonly links: readonly Part[] }
	| { readonly is: "function"; readonly apply: (x: Tensor) => Tensor }
	| { readonly is: "unroll"; readonly cell: Cell }
	| { readonly is: "reversed" | "residual"; readonly inner: Part }
	| {
			readonly is: "bidirectional";
			readonly forward: Part;
			readonly backward: Part;
			readonly merge: "concat" | "sum";
	  }
	| { readonly is: "layerNorm"; readonly epsilon: number }
	| { readonly is: "lastStep"; readonly directions: 1 | 2 }
	| { readonly is: "repeatOverTime"; readonly steps: number }
	| { readonly is: "dense" | "tied" | "embedding" }
	| { readonly is: "meanOverTime" | "maxOverTime" }
	/** Does something in training alone; `inner` is what it does in evaluation, if not nothing. */
	| { readonly is: "training"; readonly inner?: Part };
