import { expectValue, type Rules } from "../expect/expect.ts";
import { expectList } from "../expect/lists.ts";
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

export const tokenRules: Rules<TokenOptions> = {
	start: anything, // by `expectList`, which says what is wrong in it
	limit: whole(),
	end: optional(whole()),
	state: anything,
};

/** A network that has read something: the logits [K] of what comes next, and its state. */
export interface Reading {
	logits: Tensor;
	state: LayerState;
}

/** Reads one token. */
export function readToken(
	model: Layer<Ids>,
	token: number,
	state: LayerState,
): Reading {
	return noGrad(() => {
		const run = model.run([[token]], { state });
		return { logits: reshape(run.outputs, [-1]), state: run.state };
	});
}

/**
 * Reads the start.
 * @throws when the start is no list of tokens, or an empty one.
 */
export function readStart(
	place: string,
	model: Layer<Ids>,
	{ start, state }: TokenOptions,
): Reading {
	expectValue(place, "the model", model, aLayer);
	const [first, ...rest] = expectList(place, "start", start, whole());
	if (first === undefined)
		throw new Error(`${place}: start must hold at least one token`);
	return rest.reduce(
		(read, token) => readToken(model, token, read.state),
		readToken(model, first, state),
	);
}

/** Writes token by token, each as `choose` takes it from the logits [K], until the end or the limit. */
export function tokens(
	place: string,
	model: Layer<Ids>,
	options: TokenOptions,
	choose: (logits: Tensor) => number,
): number[] {
	const written: number[] = [];
	let read = readStart(place, model, options);
	while (written.length < options.limit) {
		const token = choose(read.logits);
		if (token === options.end) break;
		written.push(token);
		if (written.length < options.limit)
			read = readToken(model, token, read.state);
	}
	return written;
}
