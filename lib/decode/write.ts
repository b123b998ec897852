import type { Vocabulary } from "../data/vocabulary.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { aVocabulary, text, whole } from "../expect/rules.ts";
import type { Layer } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import { type SampleOptions, sample, sampleRules } from "./sample.ts";
import { tokens } from "./tokens.ts";

export interface WriteOptions extends SampleOptions {
	vocabulary: Vocabulary;
	/** What the network reads first; the text goes on from it. */
	start: string;
	/** How many tokens to write. */
	length: number;
}

const rules: Rules<WriteOptions> = {
	...sampleRules,
	vocabulary: aVocabulary,
	start: text,
	length: whole(),
};

/**
 * Lets a network of characters write: it reads `start`, then what it has drawn itself, one token at a time.
 * @returns what it wrote, without `start`.
 * @throws when there is no start, or an option of `sample` is out of its range.
 */
export function write(model: Layer<Ids>, options: WriteOptions): string {
	const { vocabulary, start, length, ...how } = expectOptions(
		"write",
		options,
		rules,
	);
	const from = { start: vocabulary.encode(start), limit: length };
	return vocabulary.decode(
		tokens("write", model, from, (logits) => sample(logits, how)),
	);
}
