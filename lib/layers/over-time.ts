import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	aTensor,
	dtype,
	oneOf,
	optional,
	size,
	source,
} from "../expect/rules.ts";
import { tensor, zeros } from "../make.ts";
import { concat, reshape, slice, transpose } from "../ops/arrange.ts";
import { clearPadding } from "../ops/clear.ts";
import { add, div, mul, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { max, sum } from "../ops/reduce.ts";
import { gather, where } from "../ops/select.ts";
import { softmax } from "../ops/softmax.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import { makeWeights } from "../weights.ts";
import {
	expectLengths,
	type Layer,
	layer,
	type Structure,
	type Weights,
} from "./layer.ts";

/** What is left of a sequence's steps: xs [T, B, H] and how many steps each has → [B, H]. */
type Pool = (
	xs: Tensor,
	lengths: readonly number[],
	inspect: boolean,
) => { outputs: Tensor; internals?: Record<string, Tensor> };

/** A layer from the steps of sequences to one vector for each; after it in a chain there are no lengths any more. */
function pooled<W extends Weights>(
	name: string,
	weights: W,
	pool: Pool,
	structure?: Structure,
): Layer<Tensor, W> {
	const made = layer<Tensor, W>(name, weights, (xs, options = {}) => {
		expectValue(name, "xs", xs, aTensor);
		if (xs.shape.length !== 3)
			throw new Error(
				`${name}: xs must be [T, B, H], got [${xs.shape.join(", ")}]`,
			);
		const [T, B] = xs.shape;
		if (T === 0)
			throw new Error(`${name}: xs must have at least one step, got T=0`);
		const lengths = expectLengths(name, options.lengths, { T, B }, 1);
		const { inspect = false } = options;
		const ends = lengths ?? new Array<number>(B).fill(T);
		return { state: undefined, ...pool(xs, ends, inspect) };
	});
	return { ...made, poolsTime: true, structure };
}

const directionsRules = { directions: optional(oneOf(1, 2)) };

/**
 * The outputs at the last step of each sequence, by `lengths`: [T, B, H] → [B, H]. Many to one: `chain(words, unroll(cell), lastStep(), head)`.
 *
 * Of a bidirectional layer, `lastStep({ directions: 2 })` takes what each direction says after its own last step: the first half of the outputs
 * at the end, the second half at the start.
 * @throws when xs is not [T, B, H], or a length is not from 1 to T.
 */
export function lastStep(options: { directions?: 1 | 2 } = {}): Layer {
	const { directions = 1 } = expectOptions(
		"lastStep",
		options,
		directionsRules,
	);
	const pool: Pool = (xs, lengths) => {
		const [T, B, H] = xs.shape;
		const rows = reshape(xs, [T * B, H]);
		const ends = gather(
			rows,
			lengths.map((length, b) => (length - 1) * B + b),
		);
		if (directions === 1) return { outputs: ends };
		if (H % 2 !== 0)
			throw new Error(
				`lastStep: outputs of two directions must be of even size, got H=${H}`,
			);
		const start = reshape(slice(xs, 0, 0, 1), [B, H]);
		return {
			outputs: concat([slice(ends, 1, 0, H / 2), slice(start, 1, H / 2, H)], 1),
		};
	};
	return pooled("lastStep", {}, pool, { is: "lastStep", directions });
}

/**
 * The mean of the outputs over the steps of each sequence, by `lengths`: [T, B, H] → [B, H].
 * @throws when xs is not [T, B, H], or a length is not from 1 to T.
 */
export function meanOverTime(...none: []): Layer {
	expectNothing("meanOverTime", none);
	const pool: Pool = (xs, lengths) => {
		const counts = tensor(
			lengths.map((length) => [length]),
			{ dtype: xs.dtype },
		);
		return { outputs: div(sum(clearPadding(xs, lengths), 0), counts) };
	};
	return pooled("meanOverTime", {}, pool, { is: "meanOverTime" });
}

/**
 * The largest of the outputs over the steps of each sequence, for each unit, by `lengths`: [T, B, H] → [B, H].
 * @throws when xs is not [T, B, H], or a length is not from 1 to T.
 */
export function maxOverTime(...none: []): Layer {
	expectNothing("maxOverTime", none);
	const pool: Pool = (xs, lengths) => ({
		outputs: max(where(alive(xs, lengths), xs, -Infinity), 0),
	});
	return pooled("maxOverTime", {}, pool, { is: "maxOverTime" });
}

const repeatRules = { steps: size };

/**
 * One vector for each sequence, handed to every step: x [B, D] → [T, B, D]. One to many: `chain(encoder, repeatOverTime({ steps }), unroll(cell), head)`.
 *
 * Where the vector should only be where the sequence begins, hand it to `run` as the state instead.
 * @throws when x is not [B, D].
 */
export function repeatOverTime(options: {
	/** T: how many steps to make. */
	steps: number;
}): Layer {
	const { steps } = expectOptions("repeatOverTime", options, repeatRules);
	const made = layer("repeatOverTime", {}, (x: Tensor) => {
		expectValue("repeatOverTime", "x", x, aTensor);
		if (x.shape.length !== 2)
			throw new Error(
				`repeatOverTime: x must be [B, D], got [${x.shape.join(", ")}]`,
			);
		const outputs = add(zeros([steps, 1, 1], { dtype: x.dtype }), x);
		return { outputs, state: undefined };
	});
	return { ...made, structure: { is: "repeatOverTime", steps } };
}

function expectNothing(place: string, given: readonly unknown[]): void {
	if (given.length > 0)
		throw new Error(
			`${place}: takes no arguments; in a chain, write ${place}()`,
		);
}

/** [T, B, 1]: 1 where a sequence has a step. */
function alive(xs: Tensor, lengths: readonly number[]): Tensor {
	return tensor(
		Array.from({ length: xs.shape[0] }, (_, t) =>
			lengths.map((length) => [t < length ? 1 : 0]),
		),
		{ dtype: xs.dtype },
	);
}

export interface AttentionOverTimeOptions {
	/** H: size of a step. */
	inputs: number;
	/** A: size of the layer that scores a step. */
	hidden: number;
	random: Random;
	dtype?: DType;
}

const rules: Rules<AttentionOverTimeOptions> = {
	inputs: size,
	hidden: size,
	random: source,
	dtype: optional(dtype),
};

/**
 * A learnt mean over the steps of each sequence, by `lengths`: [T, B, H] → [B, H] (Yang et al. 2016, Hierarchical Attention Networks, eq. 5–7).
 *
 * ```text
 * e = v · tanh(x·W + b)        how much a step matters      [T, B]
 * a = softmax(e) over time     0 past a sequence's end      [T, B]
 * y = Σ a ⊙ x                                               [B, H]
 * ```
 *
 * `inspect` returns `a` [B, T].
 * @throws when xs is not [T, B, H], or a length is not from 1 to T.
 */
export function attentionOverTime(
	options: AttentionOverTimeOptions,
): Layer<Tensor, { W: Tensor; b: Tensor; v: Tensor }> {
	const place = "attentionOverTime";
	const { inputs: H, hidden: A } = expectOptions(place, options, rules);
	const shapes = { W: [H, A], b: [A], v: [A, 1] };
	const w = makeWeights(place, shapes, options);
	return pooled(place, w, (xs, lengths, inspect) => {
		const [T, B] = xs.shape;
		if (xs.shape[2] !== H)
			throw new Error(
				`${place}: xs must be [T, B, H=${H}], got [${xs.shape.join(", ")}]`,
			);
		const scores = matmul(tanh(add(matmul(xs, w.W), w.b)), w.v);
		const kept = where(alive(xs, lengths), scores, -Infinity);
		const a = softmax(transpose(reshape(kept, [T, B])));
		const share = reshape(transpose(a), [T, B, 1]);
		return {
			outputs: sum(mul(share, clearPadding(xs, lengths)), 0),
			internals: inspect ? { a } : undefined,
		};
	});
}
