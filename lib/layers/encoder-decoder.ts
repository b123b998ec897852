import {
	expectGiven,
	expectOptions,
	expectValue,
	type Rules,
} from "../expect/expect.ts";
import { aLayer, anything, optional, type Rule } from "../expect/rules.ts";
import { concat } from "../ops/arrange.ts";
import type { Ids } from "../ops/select.ts";
import { Tensor } from "../tensor.ts";
import type { Attend, Attention } from "./attention.ts";
import {
	type Layer,
	type LayerState,
	layer,
	prefixed,
	type RunOptions,
	runRules,
	type Weights,
} from "./layer.ts";

export interface EncoderDecoderOptions<Source> {
	/** Reads the source: its outputs [S, B, M] are the memory, its state is where the decoder starts. */
	encoder: Layer<Source>;
	/**
	 * Reads the tokens written so far, ids [T, B] → [T, B, Q]; built like the encoder, so that its state fits, unless there is a `bridge`.
	 * A function is handed `attend` and returns such a layer, to look back inside its steps; it must make no weights of its own.
	 */
	decoder: Layer<Ids> | ((attend: Attend) => Layer<Ids>);
	/** Logits [T, B, K] from [c, s] [T, B, M + Q]; from the decoder's outputs s [T, B, Q] alone where there is no context after its steps. */
	output: Layer;
	/** Looks back at the memory. */
	attention?: Attention;
	/**
	 * Turns the state after the encoder into the decoder's first: a function, or one with weights to learn. Default: hands it on, that of both
	 * directions of a bidirectional encoder side by side, for a decoder of twice the size.
	 */
	bridge?: ((state: LayerState) => LayerState) | Bridge;
}

const orFunction = (rule: Rule): Rule => ({
	...rule,
	wanted: `${rule.wanted} or a function`,
	fits: (value) => typeof value === "function" || rule.fits(value),
});
const withMembers = (wanted: string, ...names: string[]): Rule => ({
	wanted,
	fits: (value) =>
		typeof value === "object" &&
		value !== null &&
		names.every((name) => name in value),
});
const pairRules = { source: anything, target: anything };
const rules: Rules<EncoderDecoderOptions<unknown>> = {
	encoder: aLayer,
	decoder: orFunction(aLayer),
	output: aLayer,
	attention: optional(
		withMembers("an attention, such as dotAttention()", "over", "weights"),
	),
	bridge: optional(
		orFunction(withMembers("{ weights, apply }", "apply", "weights")),
	),
};

/** A learnt way from the encoder's state to the decoder's, such as the tanh layer of Bahdanau et al. 2015; a `dense` is one for a lone tensor. */
export interface Bridge {
	readonly weights: Weights;
	apply(state: LayerState): LayerState;
}

/** A source and the tokens that the decoder reads: with teacher forcing the target one step late, the start token first [T, B]. */
export interface Pair<Source> {
	source: Source;
	target: Ids;
}

/** A layer from pairs to logits [T, B, K] that can also read its source once and write step by step. */
export interface EncoderDecoder<Source> extends Layer<Pair<Source>> {
	/**
	 * Reads a source; `lengths` are those of the sources. Returns the decoder as a layer of its own, ids [T, B] → logits [T, B, K], that starts
	 * where the encoder ended: `greedy`, `beamSearch` and `write` take it.
	 */
	encode(source: Source, options?: RunOptions): Layer<Ids>;
}

/**
 * Sequence to sequence: an encoder reads, a decoder writes (Sutskever, Vinyals and Le 2014; Cho et al. 2014), with attention after the
 * decoder's steps as Luong et al. 2015 place it (without input feeding).
 *
 * ```text
 * h, state = encoder(source)                the memory [S, B, M]
 * s        = decoder(target, state)         teacher forcing: it reads what it should have written   [T, B, Q]
 * c        = attention(s over h)            with attention only                                     [T, B, M]
 * logits   = output([c, s])                 without attention: output(s)                            [T, B, K]
 * ```
 *
 * Luong's output is `chain(dense(M + Q → Q), tanh, dense(Q → K))`. The option `lengths` is that of the sources; past a target's end the loss
 * looks away (target −1). `inspect` returns where it looked, `attention` [T, B, S], beside the internals of both parts.
 *
 * Bahdanau et al. 2015 look back before each step: their decoder is a function,
 * `(attend) => chain(words, unroll(attending(cell, { attend, inputs })))`, and `output` reads s alone (theirs the context and the
 * last token too).
 * @throws when the decoder is a function and there is no attention for it, or it makes weights of its own.
 */
export function encoderDecoder<Source = Ids>(
	options: EncoderDecoderOptions<Source>,
): EncoderDecoder<Source> {
	const { encoder, decoder, output, attention } = expectOptions(
		"encoderDecoder",
		options,
		rules,
	);
	const bridge = asBridge(options.bridge);
	if (typeof decoder === "function" && !attention)
		throw new Error(
			"encoderDecoder: a decoder that is a function needs an attention, which it is given; add { attention }, or give a layer as the decoder",
		);
	/** The decoder over one memory, and how to look back after its steps if it does not itself. */
	const decoding = (attend?: Attend) =>
		typeof decoder === "function"
			? { steps: made(decoder(attend ?? noMemory)), after: undefined }
			: { steps: decoder, after: attend };
	if (typeof decoder === "function") expectSameWeights(decoding);
	const weights = {
		...prefixed("encoder", encoder.weights),
		...prefixed("bridge", bridge.weights),
		...prefixed("decoder", decoding().steps.weights),
		...prefixed("attention", attention?.weights),
		...prefixed("output", output.weights),
	};

	function encode(source: Source, how: RunOptions = {}): Layer<Ids> {
		expectGiven("encode", how, runRules);
		const read = encoder.run(source, how);
		const first = bridge.apply(read.state);
		const { steps, after } = decoding(
			attention?.over(read.outputs, how.lengths),
		);
		return layer("decoder", weights, (tokens, options = {}) => {
			const { lengths: _, state = first, ...rest } = options;
			const run = steps.run(tokens, { ...rest, state });
			const found = after?.(run.outputs);
			const s = run.outputs;
			const internals = {
				...prefixed("encoder", read.internals),
				...prefixed("decoder", run.internals),
				...(found && { attention: found.weights }),
			};
			return {
				outputs: output.apply(found ? concat([found.context, s], 2) : s, rest),
				state: run.state,
				internals: options.inspect ? internals : undefined,
			};
		});
	}

	const both = layer<Pair<Source>, typeof weights>(
		"encoderDecoder",
		weights,
		(pair, { state, lengths, ...how } = {}) => {
			const { source, target } = expectOptions(
				"encoderDecoder: the pair",
				pair,
				pairRules,
			);
			return encode(source, { ...how, lengths }).run(target, { ...how, state });
		},
	);
	return { ...both, encode };
}

/** @throws when the decoder has other weights each time it is made: those that are trained would not be those that work. */
function expectSameWeights(make: () => { steps: Layer<Ids> }): void {
	const [one, other] = [make().steps.weights, make().steps.weights];
	for (const [name, w] of Object.entries(one))
		if (other[name] !== w)
			throw new Error(
				`encoderDecoder: the decoder's function makes the weight ${name} anew each time it is called, so training would not reach it; make its layers and cells outside, and use them in the function`,
			);
}

/** @throws when a decoder's function gives no layer. */
function made(steps: Layer<Ids>): Layer<Ids> {
	expectValue(
		"encoderDecoder",
		"what the decoder's function returns",
		steps,
		aLayer,
	);
	return steps;
}

/** What a decoder is made with where only its weights are read. */
const noMemory: Attend = () => {
	throw new Error(
		"encoderDecoder: the decoder's function calls attend while it builds the layer; there is no memory yet, so call attend only in a step of the layer",
	);
};

/** A state with those of both directions, `{ forward, backward }`, joined to one of twice the size; any other state as it is. */
function sideBySide(state: LayerState): LayerState {
	if (state === undefined || state instanceof Tensor) return state;
	if (Array.isArray(state)) return state.map(sideBySide);
	const { forward, backward, ...rest } = state as Record<string, LayerState>;
	if (forward && backward && Object.keys(rest).length === 0)
		return joined(sideBySide(forward), sideBySide(backward));
	return Object.fromEntries(
		Object.entries(state).map(([name, part]) => [name, sideBySide(part)]),
	);
}

function joined(a: LayerState, b: LayerState): LayerState {
	if (a instanceof Tensor && b instanceof Tensor) return concat([a, b], -1);
	if (a === undefined || b === undefined) return undefined;
	if (Array.isArray(a))
		return a.map((part, i) => joined(part, (b as never)[i]));
	return Object.fromEntries(
		Object.entries(a).map(([name, part]) => [
			name,
			joined(part, (b as Record<string, LayerState>)[name]),
		]),
	);
}

function asBridge(bridge: EncoderDecoderOptions<never>["bridge"]): Bridge {
	if (typeof bridge === "object") return bridge;
	return { weights: {}, apply: bridge ?? sideBySide };
}
