import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	anything,
	but,
	callable,
	optional,
	positive,
	size,
} from "../expect/rules.ts";
import { has, isTensor } from "../expect/words.ts";
import { backward, nameWeight, Tensor } from "../tensor.ts";
import { clipNorm, gradientNorm } from "./clip.ts";
import { notFiniteGradient, originOf, originOfGradient } from "./finite.ts";
import type { Optimiser } from "./optimisers.ts";
import { namedWeights, type WeightSet } from "./weights.ts";

export interface FitOptions {
	/** What to train: tensors and parts with weights, by name or in a list. Other weights stay as they are. */
	weights: WeightSet;
	optimiser: Optimiser;
	/** How many steps to take. */
	steps: number;
	/** Limit of the gradient's norm over all weights; default none. */
	clip?: number;
}

const rules: Rules<FitOptions> = {
	weights: anything, // by `namedWeights`, which says which of them is wrong
	optimiser: {
		wanted: "an optimiser, such as adam()",
		fits: (value) => has(value, "step"),
		hint: (value) =>
			typeof value === "function" ? "did you forget to call it?" : undefined,
	},
	steps: size,
	clip: optional(positive),
};
const aLoss = but(callable, {
	wanted: "a function that returns the loss of a step",
	hint: (value) =>
		isTensor(value) ? "write () => … around what computes it" : undefined,
});

/** One step of training that is done. */
export interface FitStep {
	/** Counted from 1. */
	step: number;
	/** The loss before the step. */
	loss: number;
	/** ‖g‖₂ over all weights, before clipping. */
	gradientNorm: number;
}

/** A run of training: `for await` follows its steps, and `await` alone takes them all and gives the last. It can be followed once. */
export interface Fit extends AsyncIterable<FitStep>, PromiseLike<FitStep> {
	/** Takes the next step. */
	next(): Promise<IteratorResult<FitStep, undefined>>;
	/** Ends the run where it is. */
	return(): Promise<IteratorResult<FitStep, undefined>>;
}

/**
 * Trains: for each step takes the loss, its gradients, and a step of the optimiser; then yields, so that a plot can follow.
 *
 * ```ts
 * for await (const { step, loss } of fit(lossOfBatch, { weights: model, optimiser: adam(), steps: 500 })) …
 * const { loss } = await fit(lossOfBatch, { weights: { encoder, head }, optimiser, steps: 500 });      // where nobody looks on
 * ```
 *
 * Each step starts from no gradients and leaves none, neither at the weights that it trains nor at others that the loss depends on.
 * Between two steps other work of the page or the kernel gets its turn: an interrupt stops it there, and so does `break`.
 * @throws when a loss or a gradient is not finite, with the step, the weight and where the first such number came from: the weights are
 * then those before that step. To see where a gradient became so, it takes the loss of that step once more.
 */
export function fit(loss: (step: number) => Tensor, options: FitOptions): Fit {
	expectValue("fit", "the loss", loss, aLoss);
	const { optimiser, steps, clip } = expectOptions("fit", options, rules);
	const named = namedWeights("fit", options.weights);
	if (named.size === 0)
		throw new Error("fit: there is no weight to train; wanted weights: model");
	for (const [name, w] of named) nameWeight(w, name);
	const weights = Object.fromEntries(named);
	let done = 0;

	function take(step: number): FitStep {
		for (const w of named.values()) w.grad = null;
		const value = loss(step);
		if (!(value instanceof Tensor))
			throw new Error(
				`fit: the loss must be a function that returns a Tensor, got ${value} at step ${step}`,
			);
		const seen = value.item();
		if (!Number.isFinite(seen))
			throw notFinite(step, `the loss is ${seen}`, originOf(value));
		const reached = backward(value);
		try {
			const found = notFiniteGradient("fit", weights);
			if (found) throw notFinite(step, `the gradient of ${found}`, again(step));
			const norm =
				clip === undefined ? gradientNorm(weights) : clipNorm(weights, clip);
			optimiser.step(weights);
			return { step, loss: seen, gradientNorm: norm };
		} finally {
			for (const w of reached) w.grad = null;
		}
	}

	/** Where the gradients of a step stop being finite, as far as its loss comes out the same a second time. */
	function again(step: number): string {
		let origin: string | undefined;
		try {
			origin = originOfGradient(loss(step));
		} catch {
			// the first time has more to say
		}
		return origin
			? `on the way back it comes from ${origin}`
			: "computed once more, the loss of this step had finite gradients: it comes with some batches or masks";
	}

	async function* train(): AsyncGenerator<FitStep, undefined, void> {
		while (done < steps) {
			const taken = take(done + 1);
			done++;
			yield taken;
			await othersTurn();
		}
	}

	const run = train();
	let followed = false;
	/** The run, for the one who follows it. */
	function follow(): typeof run {
		if (followed)
			throw new Error(
				`fit: this run was followed before and has taken ${done} of its ${steps} steps; call fit again to go on`,
			);
		followed = true;
		return run;
	}
	async function toTheEnd(): Promise<FitStep> {
		let last: FitStep | undefined;
		for await (const step of follow()) last = step;
		return last as FitStep;
	}
	let end: Promise<FitStep> | undefined;
	return {
		next: () => run.next(),
		return: () => run.return(undefined),
		[Symbol.asyncIterator]: follow,
		// biome-ignore lint/suspicious/noThenProperty: `await fit(…)` is what everybody writes who does not look on
		then(fulfilled, rejected) {
			end ??= toTheEnd();
			return end.then(fulfilled, rejected);
		},
	};
}

function notFinite(step: number, what: string, origin: string): Error {
	const grown =
		step > 1 && origin.includes("operation")
			? " If the losses before it grew, a smaller rate or clipping may help."
			: "";
	return new Error(
		`fit: ${what} at step ${step}: ${origin}. The weights are those before this step.${grown}`,
	);
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
