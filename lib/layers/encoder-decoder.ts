import { concat } from "../ops/arrange.ts";
import type { Ids } from "../ops/select.ts";
import type { Attention } from "./attention.ts";
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

/** A layer from pairs to logits [T, B, K] that can also read its source once and write step by step. */
export interface EncoderDecoder<Source> extends Layer<Pair<Source>> {
	/**
	 * Reads a source; `lengths` are those of the sources. Returns the decoder as a layer of its own, ids [T, B] → logits [T, B, K], that starts
	 * where the encoder ended: `greedy`, `beamSearch` and `write` take it.
	 */
	encode(source: Source, options?: RunOptions): Layer<Ids>;
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
 * Luong's output is `chain(dense(M + Q → Q), tanh, dense(Q → K))`. The option `lengths` is that of the sources; past a target's end the loss
 * looks away (target −1). `inspect` returns where it looked, `attention` [T, B, S].
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

	function encode(source: Source, how: RunOptions = {}): Layer<Ids> {
		const read = encoder.run(source, { ...how, inspect: false });
		const first = bridge(read.state);
		const attend = attention?.over(read.outputs, how.lengths);
		return layer("decoder", weights, (tokens, options = {}) => {
			const { lengths: _, state = first, ...rest } = options;
			const run = decoder.run(tokens, { ...rest, state });
			const found = attend?.(run.outputs);
			const s = run.outputs;
			return {
				outputs: output.apply(found ? concat([found.context, s], 2) : s, rest),
				state: run.state,
				internals:
					options.inspect && found ? { attention: found.weights } : undefined,
			};
		});
	}

	const both = layer<Pair<Source>, typeof weights>(
		"encoderDecoder",
		weights,
		({ source, target }, { state, ...how } = {}) =>
			encode(source, how).run(target, { ...how, state }),
	);
	return { ...both, encode };
}

const same = (state: LayerState): LayerState => state;
