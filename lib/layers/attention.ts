import {
	expectOptions,
	expectShape,
	expectValue,
	type Rules,
} from "../expect/expect.ts";
import {
	aTensor,
	callable,
	dtype as dtypeRule,
	initial,
	optional,
	size,
	source,
} from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { reshape, transpose } from "../ops/arrange.ts";
import { clearPadding } from "../ops/clear.ts";
import { add, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { where } from "../ops/select.ts";
import { softmax } from "../ops/softmax.ts";
import type { Random } from "../random.ts";
import { Caller } from "../scope.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Initial, makeWeights, type Weights } from "../weights.ts";
import { expectLengths } from "./layer.ts";

/** A soft choice among the steps of a memory. */
export interface Attention<W extends Weights = Weights> {
	readonly name: string;
	readonly weights: W;
	/**
	 * Makes ready a memory [S, B, M], with the length of each sequence in it when they differ; the rest of a sequence gets weight 0.
	 * @throws when S is 0 or a length is not from 1 to S: nothing can be chosen from nothing.
	 */
	over(memory: Tensor, lengths?: ArrayLike<number>): Attend;
}

/**
 * queries [T, B, Q] → for each what it found, `context` [T, B, M], and where it looked, `weights` [T, B, S], which sum to 1.
 * `look` sees the weights before they are used and returns those to go on with.
 */
export type Attend = (
	queries: Tensor,
	look?: (weights: Tensor) => Tensor,
) => {
	context: Tensor;
	weights: Tensor;
};

export interface AttentionOptions {
	/** Q: size of a query. */
	queries: number;
	/** M: size of a step of the memory. */
	memory: number;
	random: Random;
	dtype?: DType;
	/** How weights start, by name; default Glorot's uniform. */
	initial?: Initial;
}

const rules: Rules<AttentionOptions> = {
	queries: size,
	memory: size,
	random: source,
	dtype: optional(dtypeRule),
	initial: optional(initial),
};

/**
 * Dot-product attention (Luong, Pham and Manning 2015, arXiv:1508.04025, section 3.1): a step scores by how far it points the query's way.
 *
 * ```text
 * e_j = s · h_j                    score of step j                          [B, S]
 * α   = softmax(e)                 where to look                            [B, S]
 * c   = Σ_j α_j h_j                what is found there, the context         [B, M]
 * ```
 *
 * with the query s [B, Q] and the memory h [S, B, M], Q = M.
 */
export function dotAttention(): Attention<Record<never, Tensor>> {
	return attention("dotAttention", {}, {}, (h) => {
		return (s) => matmul(s, h, { transposeB: true });
	});
}

/**
 * General attention (Luong, Pham and Manning 2015, arXiv:1508.04025, section 3.1): as `dotAttention`, with a learnt product.
 *
 * ```text
 * e_j = s·W · h_j        score of step j, with W [Q, M]        [B, S]
 * ```
 *
 * @throws when a size is not a whole number of at least 1.
 */
export function generalAttention(
	options: AttentionOptions,
): Attention<{ W: Tensor }> {
	const { queries: Q, memory: M } = expectOptions(
		"generalAttention",
		options,
		rules,
	);
	const weights = makeWeights("generalAttention", { W: [Q, M] }, options);
	return attention("generalAttention", weights, { M, Q }, (h) => {
		return (s) => matmul(matmul(s, weights.W), h, { transposeB: true });
	});
}

/**
 * Additive attention (Bahdanau, Cho and Bengio 2015, arXiv:1409.0473, section 3.1 and appendix A.1.2): a small network scores each step.
 *
 * ```text
 * e_j = tanh(s·W + h_j·U) · v        score of step j        [B, S]
 * ```
 *
 * with W [Q, A], U [M, A], v [A, 1]; α and c are as in `dotAttention`. h·U is computed once for all queries.
 * @throws when a size is not a whole number of at least 1.
 */
export function additiveAttention(
	options: AttentionOptions & {
		/** A: units of the scoring network. */
		hidden: number;
	},
): Attention<{ W: Tensor; U: Tensor; v: Tensor }> {
	const {
		queries: Q,
		memory: M,
		hidden: A,
	} = expectOptions("additiveAttention", options, { ...rules, hidden: size });
	const shapes = { W: [Q, A], U: [M, A], v: [A, 1] };
	const weights = makeWeights("additiveAttention", shapes, options);
	return attention("additiveAttention", weights, { M, Q }, (h) => {
		const { W, U, v } = weights;
		const [B, S] = h.shape;
		const keys = reshape(matmul(h, U), [B, 1, S, A]);
		return (s) => {
			const T = s.shape[1];
			const asked = reshape(matmul(s, W), [B, T, 1, A]);
			return reshape(matmul(tanh(add(asked, keys)), v), [B, T, S]);
		};
	});
}

/**
 * The part that all attentions share. `scores` makes ready a memory [B, S, M] to score queries [B, T, Q] → [B, T, S]; sizes that are
 * left out are the memory's own.
 */
function attention<W extends Weights>(
	name: string,
	weights: W,
	sizes: { M?: number; Q?: number },
	scores: (memory: Tensor) => (queries: Tensor) => Tensor,
): Attention<W> {
	const caller = new Caller(name, weights);
	return {
		name,
		weights,
		over(memory, given) {
			expectValue(name, "memory", memory, aTensor);
			const [S, B, M] = memory.shape;
			expectShape(`${name}: memory`, memory, { S, B, M: sizes.M ?? M });
			if (S === 0)
				throw new Error(`${name}: memory must have at least one step, got S=0`);
			const lengths = expectLengths(name, given, { S, B }, 1);
			const h = batchFirst(lengths ? clearPadding(memory, lengths) : memory);
			const score = caller.call(memory, () => scores(h));
			const inside = lengths && mask(lengths, memory);
			const attend: Attend = (queries, look = same) => {
				expectValue(name, "queries", queries, aTensor);
				expectValue(name, "look", look, callable);
				const [T] = queries.shape;
				expectShape(`${name}: queries`, queries, { T, B, Q: sizes.Q ?? M });
				const e = score(batchFirst(queries));
				const a = softmax(inside ? where(inside, e, -Infinity) : e);
				const weights = look(batchFirst(a));
				return {
					context: batchFirst(matmul(batchFirst(weights), h)),
					weights,
				};
			};
			return (queries, look) =>
				caller.call(queries, () => attend(queries, look));
		},
	};
}

const same = (weights: Tensor): Tensor => weights;

/** [T, B, …] ↔ [B, T, …]: products of one sequence lie together. */
function batchFirst(x: Tensor): Tensor {
	return transpose(x, [1, 0, 2]);
}

/** 1 inside each sequence and 0 past its length [B, 1, S]. */
function mask(
	lengths: readonly number[],
	{ shape: [S, B], dtype }: Tensor,
): Tensor {
	const inside = zeros([B, 1, S], { dtype });
	lengths.forEach((length, b) => {
		inside.data.fill(1, b * S, b * S + length);
	});
	return inside;
}
