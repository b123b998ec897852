/**
 * A step of a cell as it was traced: which operations it does, on what, for [B, columns] numbers each. A backend that runs such
 * steps (`Backend.steps`) runs all of a sequence at once.
 */
export interface StepTrace {
	readonly x: StepNode;
	/** The parts of the state before the step, and after it. */
	readonly before: readonly StepNode[];
	readonly after: readonly StepNode[];
	/** What each step hands out: the output first, then what is looked at. */
	readonly outputs: readonly StepNode[];
	/** What the step computes, each after those it reads. */
	readonly nodes: readonly StepNode[];
	/** What it reads and does not compute: weights, masks, numbers. */
	readonly leaves: readonly StepLeaf[];
}

/**
 * `part` is the columns from `parameter` on of its input; the parameter of `normalise` is its ε. `dots` and `mix` read S rows side by side,
 * R [B, S·n]: `dots(q, R)` [B, S] are the products of q [B, n] with each of them, `mix(w, R)` [B, n] is their sum weighted by w [B, S].
 * `blend` is never traced: a backend may make it of p ⊙ q + (1 − p) ⊙ r.
 */
export type StepOp =
	| "x"
	| "state"
	| "add"
	| "sub"
	| "mul"
	| "div"
	| "maximum"
	| "minimum"
	| "exp"
	| "log"
	| "sqrt"
	| "square"
	| "abs"
	| "neg"
	| "tanh"
	| "sigmoid"
	| "relu"
	| "copy"
	| "matmul"
	| "concat"
	| "part"
	| "where"
	| "normalise"
	| "softmax"
	| "dots"
	| "mix"
	| "blend";

export interface StepNode {
	readonly kind: "node";
	readonly op: StepOp;
	readonly inputs: readonly StepValue[];
	readonly columns: number;
	readonly parameter: number;
}

export interface StepLeaf {
	readonly kind: "leaf";
	/** [] or [1, 1] a number, [1, n] a row for all sequences, [B, n] a row for each, [B, 1] a number for each; [K, n] right of a product. */
	readonly shape: readonly number[];
	readonly data: Float32Array;
	/** By step, where steps differ. */
	readonly each?: readonly Float32Array[];
	/** Whether its gradient is wanted. */
	readonly gradient: boolean;
}

export type StepValue = StepNode | StepLeaf;

/** All steps over a batch of sequences. */
export interface StepRun {
	readonly trace: StepTrace;
	readonly T: number;
	readonly B: number;
	/** [T, B, D] */
	readonly x: Float32Array;
	/** Whether the gradient of x will be asked for. */
	readonly gradient: boolean;
	/** The state before the first step, each part [B, columns]. */
	readonly state: readonly Float32Array[];
	/** [B]: steps at or past a sequence's length keep its state and put out zeros. */
	readonly lengths?: Int32Array;
	/** Whether `backward` will be asked for. */
	readonly record: boolean;
}

/** What a recorded forward keeps for its backward; opaque. */
export type StepTape = object;

export interface Steps {
	/** `outputs` [T, B, columns] each; `state` after each sequence's own last step. */
	forward(run: StepRun): {
		outputs: Float32Array[];
		state: Float32Array[];
		tape?: StepTape;
	};
	/** Gradients of x, of the first state and of the leaves that want one; a `null` gradient is zero. */
	backward(
		tape: StepTape,
		dOutputs: readonly (Float32Array | null)[],
		dState: readonly (Float32Array | null)[],
	): {
		x?: Float32Array;
		state: Float32Array[];
		leaves: (Float32Array | undefined)[];
	};
	/** Gives the tape's memory back; a second use of the tape is an error. */
	release(tape: StepTape): void;
}
