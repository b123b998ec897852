import type { Steps } from "./steps.ts";

/** The data of a tensor: row-major, float32 for work, float64 for checks. */
export type Numbers = Float32Array | Float64Array;

/**
 * What a backend computes: loops over flat arrays, nothing that knows of gradients.
 *
 * `plain` is the meaning of every line here, in both types; a faster backend must agree with it on float32.
 * Shapes are row-major; `out` never overlaps an input unless a line says that it may.
 */
export interface Backend {
	readonly name: string;
	/** Zeros for `size` float32 numbers that live long: weights, gradients, moments. */
	allocate(size: number): Float32Array;
	/** An uninitialised array of `size` float32 numbers, for a result. */
	uninitialised(size: number): Float32Array;

	/** out [m, n] = op(a) [m, k] · op(b) [k, n], added to `out` when `accumulate`. A transposed `a` is stored [k, m]. */
	matmul(
		product: Product,
		a: Numbers,
		b: Numbers,
		out: Numbers,
		accumulate?: boolean,
	): void;

	/** Elementwise; `out` may be `x`. */
	tanh(x: Numbers, out: Numbers): void;
	sigmoid(x: Numbers, out: Numbers): void;
	exp(x: Numbers, out: Numbers): void;
	/** out ← x ∘ y, elementwise; the shorter of the two repeats and divides the length of `out`, which the longer has and may be. */
	combine(how: Combination, x: Numbers, y: Numbers, out: Numbers): void;

	/** Writes f and c [T, B, H] of a recurrence without products. */
	pool(run: Pooling, f: Numbers, c: Numbers): void;
	/** From `d.c`, the gradient of c, those of what the run is made of; `d.start` comes last, and is that of the memory at the start. */
	poolBack(run: Pooling, f: Numbers, c: Numbers, d: PoolingGradients): void;

	/** Over each of `rows` rows of `columns` numbers; `out` may be `x`. */
	softmax(rows: number, columns: number, x: Numbers, out: Numbers): void;
	logSoftmax(rows: number, columns: number, x: Numbers, out: Numbers): void;

	/**
	 * Sum over rows of −log softmax(logits)[target], rows with a negative target left out;
	 * fills `gradient` [rows, columns] with softmax − one-hot (zeros for rows left out) when given.
	 */
	crossEntropy(
		rows: number,
		columns: number,
		logits: Numbers,
		targets: Int32Array,
		gradient?: Numbers,
	): number;

	/**
	 * Fills `out` with `one` where a uniform number is below `probability`, and 0 elsewhere: two words of an sfc32 each, as `random` draws
	 * them. `state` holds its four words, and goes on.
	 */
	draw(state: Int32Array, probability: number, one: number, out: Numbers): void;

	/** Σ x², summed in double. */
	squaredNorm(x: Numbers): number;
	/** Σ (y − target)², summed in double; d ← factor · (y − target) */
	squaredError(y: Numbers, target: Numbers, factor: number, d: Numbers): number;
	/** x ← x · factor */
	scale(x: Numbers, factor: number): void;
	/** v ← momentum · v + g;  w ← w − rate · v  (without `v`: w ← w − rate · g) */
	sgd(
		w: Numbers,
		g: Numbers,
		v: Numbers | undefined,
		rate: number,
		momentum: number,
	): void;
	/** One step of Adam, bias corrections already in `rule`. */
	adam(w: Numbers, g: Numbers, m: Numbers, v: Numbers, rule: AdamRule): void;

	/** All steps of any cell whose step can be traced, where the backend can run them as a program. */
	readonly steps?: Steps;
	/** All steps of the cells that have a kernel of their own, where the backend has these. */
	readonly fused?: Partial<Record<FusedKind, Fused>>;
}

/** x + y, x − y, x ⊙ y; and of a function with value y the gradient of its argument, from x, that of its value. */
export type Combination = "add" | "sub" | "mul" | "tanhBack" | "sigmoidBack";

/** f = σ(u + v ⊙ c₍t₋₁₎);  c = f ⊙ c₍t₋₁₎ + (1 − f) ⊙ z, or where it is `added` f ⊙ c₍t₋₁₎ + z. */
export interface Pooling {
	T: number;
	B: number;
	H: number;
	/** [T, B, H] */
	u: Numbers;
	z: Numbers;
	/** [H] */
	v: Numbers;
	/** [B, H]: c before the first step. */
	start: Numbers;
	added: boolean;
	/** [B]: steps at or past a sequence's length keep c. */
	lengths?: Int32Array;
}

/** Arrays for the gradients, by the names in `Pooling`; `c` [T, B, H] is given. */
export interface PoolingGradients
	extends Record<"u" | "z" | "v" | "start" | "c", Numbers> {}

export interface Product {
	m: number;
	n: number;
	k: number;
	transposeA?: boolean;
	transposeB?: boolean;
}

/** w ← w − rate/(1 − β₁ᵗ) · m / (√(v/(1 − β₂ᵗ)) + ε), with `correction1` = 1 − β₁ᵗ and `correction2` = 1 − β₂ᵗ. */
export interface AdamRule {
	rate: number;
	beta1: number;
	beta2: number;
	epsilon: number;
	correction1: number;
	correction2: number;
}

/** Cells with a kernel of their own, by name and variant; the order of their weights is that of the cell's `weights`. */
export type FusedKind =
	| "elman-tanh"
	| "elman-relu"
	| "elman-sigmoid"
	| "lstm"
	| "gru-before"
	| "gru-after";

/** One run of a cell over a batch of sequences. */
export interface Sequence {
	T: number;
	B: number;
	D: number;
	H: number;
	/** [T, B, D] */
	x: Float32Array;
	/** h [B, H], and for an LSTM c [B, H] */
	state: Float32Array[];
	weights: Float32Array[];
	/** [B]: steps at or past a sequence's length keep its state and put out zeros. */
	lengths?: Int32Array;
	/** Whether `backward` will be asked for. */
	record: boolean;
}

/** What a recorded forward keeps for its backward; opaque. */
export interface Tape {
	readonly kind: FusedKind;
}

export interface Fused {
	/** `outputs` [T, B, H]; `state` after each sequence's own last step. */
	forward(run: Sequence): {
		outputs: Float32Array;
		state: Float32Array[];
		tape?: Tape;
	};
	/** Gradients of the inputs, the first state and the weights; a `null` gradient is zero. What is in `dOutputs` may be lost. */
	backward(
		tape: Tape,
		dOutputs: Float32Array | null,
		dState: (Float32Array | null)[],
		need: { x: boolean; state: boolean },
	): {
		x?: Float32Array;
		state: (Float32Array | undefined)[];
		weights: Float32Array[];
	};
	/** Gives the tape's memory back; a second use of the tape is an error. */
	release(tape: Tape): void;
}
