import { expectValue, type Rules } from "../expect/expect.ts";
import { expectList, isList } from "../expect/lists.ts";
import { aLayer, anything, optional, whole } from "../expect/rules.ts";
import type { Layer, LayerState } from "../layers/layer.ts";
import { reshape } from "../ops/arrange.ts";
import type { Ids } from "../ops/select.ts";
import { noGrad, type Tensor } from "../tensor.ts";

/** Where writing begins and where it stops. */
export interface TokenOptions {
	/** What the network reads first, at least one token; what it writes goes on from there. */
	start: ArrayLike<number>;
	/** How many tokens to write at most. */
	limit: number;
	/** The token that ends a text; it is not part of what is returned. Default: none. */
	end?: number;
	/** The state to begin in; default the network's own. */
	state?: LayerState;
}

/** The same for B texts that are written side by side. */
export interface BatchTokenOptions extends Omit<TokenOptions, "start"> {
	/** What the network reads first, for each text, as many tokens for each. */
	start: readonly ArrayLike<number>[];
}

export const tokenRules: Rules<TokenOptions> = {
	start: anything, // by `expectList`, which says what is wrong in it
	limit: whole(),
	end: optional(whole()),
	state: anything,
};

/** A network that has read something: the logits of what comes next, and its state. */
export interface Reading {
	/** [B, K] */
	logits: Tensor;
	state: LayerState;
}

/** Reads one token of each of B texts. */
export function readTokens(
	model: Layer<Ids>,
	tokens: readonly number[],
	state: LayerState,
): Reading {
	return noGrad(() => {
		const run = model.run([tokens], { state });
		const logits = reshape(run.outputs, [tokens.length, -1]);
		return { logits, state: run.state };
	});
}

/** Whether what is to be read first is that of several texts. */
export const isBatch = (
	start: unknown,
): start is readonly ArrayLike<number>[] => isList(start) && isList(start[0]);

/**
 * Reads the start of B texts.
 * @throws when a start is no list of tokens, an empty one, or another length than the first.
 */
export function readStart(
	place: string,
	model: Layer<Ids>,
	starts: readonly ArrayLike<number>[],
	state: LayerState,
): Reading {
	expectValue(place, "the model", model, aLayer);
	const name = (b: number) => (starts.length === 1 ? "start" : `start ${b}`);
	const rows = Array.from(starts, (start, b) =>
		expectList(place, name(b), start, whole()),
	);
	const wrong = rows.findIndex(
		(row) => row.length === 0 || row.length !== rows[0].length,
	);
	if (rows[wrong]?.length === 0)
		throw new Error(`${place}: ${name(wrong)} must hold at least one token`);
	if (wrong >= 0)
		throw new Error(
			`${place}: start ${wrong} must hold as many tokens as the first, ${rows[0].length}, got ${rows[wrong].length}`,
		);
	const [first, ...rest] = rows[0].map((_, t) => rows.map((row) => row[t]));
	return rest.reduce(
		(read, tokens) => readTokens(model, tokens, read.state),
		readTokens(model, first, state),
	);
}

/** Writes token by token, each as `choose` takes it from the logits [K], until the end or the limit. */
export function tokens(
	place: string,
	model: Layer<Ids>,
	options: TokenOptions,
	choose: (logits: Tensor) => number,
): number[] {
	if (isBatch(options.start))
		throw new Error(
			`${place}: start must be a list of tokens, got a list of ${options.start.length} lists`,
		);
	const start = [options.start];
	const written: number[] = [];
	let read = readStart(place, model, start, options.state);
	while (written.length < options.limit) {
		const token = choose(reshape(read.logits, [-1]));
		if (token === options.end) break;
		written.push(token);
		if (written.length < options.limit)
			read = readTokens(model, [token], read.state);
	}
	return written;
}
