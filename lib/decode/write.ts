import type { Vocabulary } from "../data/vocabulary.ts";
import type { Layer } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import { type SampleOptions, sample } from "./sample.ts";
import { tokens } from "./tokens.ts";

export interface WriteOptions extends SampleOptions {
	vocabulary: Vocabulary;
	/** What the network reads first; the text goes on from it. */
	start: string;
	/** How many tokens to write. */
	length: number;
}

/**
 * Lets a network of characters write: it reads `start`, then what it has drawn itself, one token at a time.
 * @returns what it wrote, without `start`.
 * @throws when there is no start, or an option of `sample` is out of its range.
 */
export function write(
	model: Layer<Ids>,
	{ vocabulary, start, length, ...how }: WriteOptions,
): string {
	const options = { start: vocabulary.encode(start), limit: length };
	return vocabulary.decode(
		tokens("write", model, options, (logits) => sample(logits, how)),
	);
}
