import { expectOptions } from "../expect/expect.ts";
import type { Layer } from "../layers/layer.ts";
import type { Ids } from "../ops/select.ts";
import { likeliest } from "./sample.ts";
import { type TokenOptions, tokenRules, tokens } from "./tokens.ts";

/**
 * Writes the likeliest token, reads it, writes the next: the quickest way, not always to the likeliest text.
 * @returns the tokens written, without `start` and `end`.
 * @throws when there is no start or no limit.
 */
export function greedy(model: Layer<Ids>, options: TokenOptions): number[] {
	expectOptions("greedy", options, tokenRules);
	return tokens("greedy", model, options, likeliest);
}
