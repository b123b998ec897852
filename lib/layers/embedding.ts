import { expectOptions, type Rules } from "../expect/expect.ts";
import {
	dtype,
	initial,
	optional,
	size as sizeRule,
	source,
} from "../expect/rules.ts";
import { normal } from "../initialisers.ts";
import { gather, type Ids } from "../ops/select.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import { type Layer, layer } from "./layer.ts";

export interface EmbeddingOptions {
	/** How many tokens there are; ids run from 0 to tokens − 1. */
	tokens: number;
	/** Numbers for each token. */
	size: number;
	random: Random;
	dtype?: DType;
	/** How the table starts; default N(0, 0.3²). */
	initial?: Initial;
}

const rules: Rules<EmbeddingOptions> = {
	tokens: sizeRule,
	size: sizeRule,
	random: source,
	dtype: optional(dtype),
	initial: optional(initial),
};

/**
 * A learnt vector for each token: ids [T, B] → [T, B, size], rows of a table [tokens, size].
 * It is a one-hot vector times the table, without the zeros.
 *
 * The table starts narrow: a rare word is read so seldom that what it starts from stays, and from N(0, 1) that is noise as loud as what is learnt.
 * @throws when an id is outside the table.
 */
export function embedding(
	options: EmbeddingOptions,
): Layer<Ids, { table: Tensor }> {
	const { tokens, size } = expectOptions("embedding", options, rules);
	const shapes = { table: [tokens, size] };
	const start = { table: normal(0.3) };
	const weights = makeWeights("embedding", shapes, options, start);
	const made = layer("embedding", weights, (ids: Ids) => ({
		outputs: gather(weights.table, ids),
		state: undefined,
	}));
	return { ...made, structure: { is: "embedding" } };
}
