import { expectOptions } from "../expect/expect.ts";
import type { Layer } from "../layers/layer.ts";
import { slice } from "../ops/arrange.ts";
import type { Ids } from "../ops/select.ts";
import { likeliest } from "./sample.ts";
import {
	type BatchTokenOptions,
	isBatch,
	readStart,
	readTokens,
	type TokenOptions,
	tokenRules,
	tokens,
} from "./tokens.ts";

/**
 * Writes the likeliest token, reads it, writes the next: the quickest way, not always to the likeliest text. With a start for each of B texts it
 * writes them side by side, which is quicker than one after the other: `greedy(model.encode(source), { start: sources.map(() => [start]), … })`.
 * @returns the tokens written, without `start` and `end`; of several texts a list of such lists.
 * @throws when there is no start or no limit.
 */
export function greedy(model: Layer<Ids>, options: TokenOptions): number[];
export function greedy(
	model: Layer<Ids>,
	options: BatchTokenOptions,
): number[][];
export function greedy(
	model: Layer<Ids>,
	options: TokenOptions | BatchTokenOptions,
): number[] | number[][] {
	expectOptions<TokenOptions>("greedy", options as TokenOptions, tokenRules);
	const { start, limit, end, state } = options;
	if (!isBatch(start))
		return tokens("greedy", model, options as TokenOptions, likeliest);
	const written: number[][] = Array.from(start, () => []);
	const open = new Set(written.keys());
	let read = readStart("greedy", model, start, state);
	for (let length = 1; length <= limit && open.size > 0; length++) {
		const next = written.map((_, b) =>
			open.has(b) ? likeliest(slice(read.logits, 0, b, b + 1)) : 0,
		);
		for (const b of open)
			if (next[b] === end) open.delete(b);
			else written[b].push(next[b]);
		if (length < limit && open.size > 0)
			read = readTokens(model, next, read.state);
	}
	return written;
}
