import type { Tensor } from "../tensor.ts";
import { clipNorm, gradientNorm, type WeightSet } from "./clip.ts";
import type { Optimiser } from "./optimisers.ts";

export interface FitOptions {
	weights: WeightSet;
	optimiser: Optimiser;
	/** How many steps to take. */
	steps: number;
	/** Limit of the gradient's norm over all weights; default none. */
	clip?: number;
}

/** One step of training that is done. */
export interface FitStep {
	/** Counted from 1. */
	step: number;
	/** The loss before the step. */
	loss: number;
	/** ‖g‖₂ over all weights, before clipping. */
	gradientNorm: number;
}

/**
 * Trains: for each step takes the loss, its gradients, and a step of the optimiser; then yields, so that a plot can follow.
 *
 *   for await (const { step, loss } of fit(lossOfBatch, { weights: model.weights, optimiser: adam(), steps: 500 })) …
 *
 * Between two steps other work of the page or the kernel gets its turn: an interrupt stops it there, and so does `break`.
 * @throws when a loss is not finite: the weights are then those before that step.
 */
export async function* fit(
	loss: (step: number) => Tensor,
	{ weights, optimiser, steps, clip }: FitOptions,
): AsyncGenerator<FitStep, void, void> {
	for (let step = 1; step <= steps; step++) {
		const value = loss(step);
		const seen = value.item();
		if (!Number.isFinite(seen))
			throw new Error(
				`fit: the loss is ${seen} at step ${step}; a smaller rate or clipping may help`,
			);
		value.backward();
		const norm =
			clip === undefined ? gradientNorm(weights) : clipNorm(weights, clip);
		optimiser.step(weights);
		yield { step, loss: seen, gradientNorm: norm };
		await othersTurn();
	}
}

/** Lets what is waiting run: messages, timers, an interrupt. */
function othersTurn(): Promise<void> {
	const { setImmediate, setTimeout } = globalThis as unknown as Record<
		string,
		((done: () => void) => void) | undefined
	>;
	const later = setImmediate ?? setTimeout;
	return new Promise((done) => later?.(done));
}
