import { concat } from "../ops/arrange.ts";
import type { Ids } from "../ops/select.ts";
import type { Tensor } from "../tensor.ts";
import type { Attend, Attention } from "./attention.ts";
import {
	type Layer,
	type LayerState,
	layer,
	prefixed,
	type RunOptions,
} from "./layer.ts";

export interface EncoderDecoderOptions<Source> {
	/** Reads the source: its outputs [S, B, M] are the memory, its state is where the decoder starts. */
	encoder: Layer<Source>;
	/** Reads the tokens written so far, ids [T, B] → [T, B, Q]; built like the encoder, so that its state fits, unless there is a `bridge`. */
	decoder: Layer<Ids>;
	/** Logits [T, B, K] from the decoder's outputs [T, B, Q]; with attention from [c, s] [T, B, M + Q], the context before the output. */
	output: Layer;
	/** Looks back at the memory for each output of the decoder. */
	attention?: Attention;
	/** Turns the state after the encoder into the decoder's first. Default: hands it on. */
	bridge?: (state: LayerState) => LayerState;
}

/** A source and the tokens that the decoder reads: with teacher forcing the target one step late, the start token first [T, B]. */
export interface Pair<Source> {
	source: Source;
	target: Ids;
}

/** What the encoder leaves: where the decoder starts, and how it looks back. */
export interface Encoded {
	state: LayerState;
	attend?: Attend;
}

/** A layer from pairs to logits [T, B, K], and its two halves to write step by step. */
export interface EncoderDecoder<Source> extends Layer<Pair<Source>> {
	/** Reads a source; `lengths` are those of the sources. */
	encode(source: Source, options?: RunOptions): Encoded;
	/** Reads tokens [T, B] from a state (none: the first) → logits [T, B, K], the state after them, and where it looked [T, B, S]. */
	decode(
		encoded: Encoded,
		tokens: Ids,
		options?: RunOptions,
	): { outputs: Tensor; state: LayerState; attention?: Tensor };
}

/**
 * Sequence to sequence: an encoder reads, a decoder writes (Sutskever, Vinyals and Le 2014; Cho et al. 2014), with attention as Luong et al. 2015
 * place it: after the decoder's step, without input feeding.
 *
 *   h, state = encoder(source)                the memory [S, B, M]
 *   s        = decoder(target, state)         teacher forcing: it reads what it should have written   [T, B, Q]
 *   c        = attention(s over h)            with attention only                                     [T, B, M]
 *   logits   = output([c, s])                 without attention: output(s)                            [T, B, K]
 *
 * Luong's output is `chain(dense(M + Q → Q), tanh, dense(Q → K))`. The option `lengths` is that of the sources; `inspect` returns `attention`
 * [T, B, S]. To write, call `encode` once and `decode` for each token, or give `nextToken` to `greedy` and `beamSearch`.
 */
export function encoderDecoder<Source = Ids>(
	options: EncoderDecoderOptions<Source>,
): EncoderDecoder<Source> {
	const { encoder, decoder, output, attention, bridge = same } = options;
	const weights = {
		...prefixed("encoder", encoder.weights),
		...prefixed("decoder", decoder.weights),
		...prefixed("attention", attention?.weights),
		...prefixed("output", output.weights),
	};

	function encode(source: Source, options?: RunOptions): Encoded {
		const { outputs, state } = encoder.run(source, options);
		return {
			state: bridge(state),
			attend: attention?.over(outputs, options?.lengths),
		};
	}

	function decode(encoded: Encoded, tokens: Ids, options: RunOptions = {}) {
		// The lengths are the sources'; past a target's end the loss looks away.
		const { lengths: _, state = encoded.state, ...rest } = options;
		const run = decoder.run(tokens, { ...rest, state });
		const found = encoded.attend?.(run.outputs);
		const read = found ? concat([found.context, run.outputs], 2) : run.outputs;
		return {
			outputs: output.apply(read, rest),
			state: run.state,
			attention: found?.weights,
		};
	}

	const model = layer<Pair<Source>, typeof weights>(
		"encoderDecoder",
		weights,
		({ source, target }, options = {}) => {
			const { state, ...rest } = options;
			const encoded = encode(source, rest);
			const { attention, ...run } = decode(encoded, target, {
				...rest,
				state,
			});
			return options.inspect && attention
				? { ...run, internals: { attention } }
				: run;
		},
	);
	return { ...model, encode, decode };
}

const same = (state: LayerState): LayerState => state;
