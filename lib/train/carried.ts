import { expectOptions, expectValue } from "../expect/expect.ts";
import { aLayer, flag, optional, size, source } from "../expect/rules.ts";
import { detach, type Layer, type LayerState } from "../layers/layer.ts";
import { concat, slice } from "../ops/arrange.ts";
import type { Random } from "../random.ts";
import { Tensor } from "../tensor.ts";

/** A network that reads a long sequence piece by piece, with its state carried over. */
export interface Carried<In> {
	/**
	 * The outputs for the next piece [T, B, …]; `fresh` begins anew, from no state.
	 * @throws when the options are unknown.
	 */
	apply(
		piece: In,
		options?: { fresh?: boolean; training?: boolean; random?: Random },
	): Tensor;
	/** The state after the last piece, cut off from how it was made; undefined before the first. */
	readonly state: LayerState;
	/** Forgets what was read, or goes on from a state. */
	reset(state?: LayerState): void;
}

const applyRules = {
	fresh: optional(flag),
	training: optional(flag),
	random: optional(source),
};

/**
 * Truncated back-propagation through time (Williams and Peng 1990): a network reads k₁ steps at a time, and gradients flow back through k₂.
 *
 * ```ts
 * const reader = carried(model);                        // k₂ = k₁: through the piece alone
 * for (const { inputs, targets, fresh } of windows(ids, { batch: 32, steps: 20 })) …
 *   softmaxCrossEntropy(reader.apply(inputs, { fresh }), targets);
 * carried(model, { back: 60 })                          // k₁ = 20, k₂ = 60: through the two pieces before it as well
 * ```
 *
 * With `back`, the pieces before are read again, by the weights as they are now, from the state before the first of them; outputs are those of the
 * new piece alone. With as many steps as there were, it is back-propagation in full.
 * @throws when it is no layer, or k₂ is not a whole number of at least 1.
 */
export function carried<In>(
	model: Layer<In>,
	options: {
		/** k₂: through how many steps gradients flow back, those of the piece included; default those of the piece. */
		back?: number;
	} = {},
): Carried<In> {
	expectValue("carried", "the model", model, aLayer);
	const { back } = expectOptions("carried", options, { back: optional(size) });
	/** Pieces that are still in reach, and the state before each. */
	let pieces: { piece: In; steps: number; before: LayerState }[] = [];
	let state: LayerState;
	return {
		apply(piece, options = {}) {
			const { fresh = false, ...how } = expectOptions(
				"carried: apply",
				options,
				applyRules,
			);
			if (fresh) [pieces, state] = [[], undefined];
			const steps = stepsOf(piece);
			pieces.push({ piece, steps, before: state });
			const reach = Math.max(back ?? 0, steps);
			const inReach = () =>
				pieces.reduce((sum, { steps }) => sum + steps, 0) <= reach;
			while (!inReach()) pieces.shift();
			const { outputs, state: after } = model.run(
				joined(pieces.map(({ piece }) => piece)),
				{ ...how, state: pieces[0].before },
			);
			state = detach(after);
			const T = outputs.shape[0];
			return pieces.length === 1 ? outputs : slice(outputs, 0, T - steps, T);
		},
		get state() {
			return state;
		},
		reset(given) {
			[pieces, state] = [[], given === undefined ? undefined : detach(given)];
		},
	};
}

const stepsOf = (piece: unknown): number =>
	piece instanceof Tensor
		? piece.shape[0]
		: ((piece as ArrayLike<unknown> | null)?.length ?? 0);

function joined<In>(pieces: readonly In[]): In {
	const [first] = pieces;
	if (pieces.length === 1) return first;
	return (
		first instanceof Tensor
			? concat(pieces as readonly Tensor[])
			: pieces.flatMap((piece) => Array.from(piece as ArrayLike<unknown>))
	) as In;
}
