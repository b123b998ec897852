import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import {
	anything,
	but,
	callable,
	optional,
	positive,
	size,
} from "../expect/rules.ts";
import { described, isTensor } from "../expect/words.ts";
import { backward, nameWeight, Tensor } from "../tensor.ts";
import { clipNorm, gradientNorm } from "./clip.ts";
import { notFiniteGradient, originOf, originOfGradient } from "./finite.ts";
import { anOptimiser, type Optimiser } from "./optimisers/optimiser.ts";
import { countOf, type Data, rounds } from "./rounds.ts";
import { type Validation, validating } from "./validation.ts";
import { namedWeights, type WeightSet } from "./weights.ts";

export interface FitOptions<Batch = undefined> {
	/** What to train: tensors and parts with weights, by name or in a list. Other weights stay as they are. */
	weights: WeightSet;
	optimiser: Optimiser;
	/** How many steps to take; with `epochs`, at most. */
	steps?: number;
	/** How many rounds through the data to take. */
	epochs?: number;
	/** Where the batches come from that the loss is given: something to loop over, such as `batches(…)`, a list, or what is read from a file. */
	data?: Data<Batch>;
	/** Limit of the gradient's norm over all weights, or a function that changes the gradients itself: `(w) => clipValue(w, 0.5)`. Default none. */
	clip?: number | ((weights: Readonly<Record<string, Tensor>>) => unknown);
	/** How many tokens, or samples, a step reads: its reports then tell how many are read a second. */
	tokens?: number | ((batch: Batch) => number);
	/** A loss to be taken every so often on data that are not learnt from, and when to stop. */
	validation?: Validation;
}

const rules: Rules<FitOptions<never>> = {
	weights: anything, // by `namedWeights`, which says which of them is wrong
	optimiser: anOptimiser,
	steps: optional(size),
	epochs: optional(size),
	data: optional({
		wanted: "something to loop over, such as batches(…)",
		fits: (value) =>
			typeof value === "object" &&
			value !== null &&
			(Symbol.iterator in value ||
				Symbol.asyncIterator in value ||
				"next" in value),
	}),
	clip: optional({
		wanted: "a positive number, or a function",
		fits: (value) => callable.fits(value) || positive.fits(value),
	}),
	tokens: optional({
		wanted: "a positive number, or a function from the batch to one",
		fits: (value) => callable.fits(value) || positive.fits(value),
	}),
	validation: anything, // by `validating`
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
	/** ‖g‖₂ after clipping: what the optimiser was given. */
	clippedNorm: number;
	/** The learning rate of the step, where the optimiser tells it. */
	rate?: number;
	/** Which round through the data it belongs to, counted from 1; 0 without data. */
	epoch: number;
	/** Seconds since the first step began. */
	seconds: number;
	/** Seconds that the rest will take, at the speed so far; where it is known how many steps there are. */
	secondsLeft?: number;
	/** Tokens read a second so far, where `tokens` says how many a step reads. */
	tokensPerSecond?: number;
	/** The loss on the validation part, after the steps at which it was taken. */
	validation?: number;
	/** Whether that was the best so far. */
	best?: boolean;
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
 * await fit((step, batch) => lossOf(batch), { weights: model, optimiser, data: batches(names, { batch: 64, random }), epochs: 10 });
 * ```
 *
 * `steps` are counted, or `epochs`, rounds through `data`; a loss may be a promise, where its batch has to be waited for. With
 * `validation: { loss, every: 100, patience: 5 }` it stops when the validation loss falls no more, and leaves the best weights.
 *
 * Each step starts from no gradients and leaves none, neither at the weights that it trains nor at others that the loss depends on.
 * Between two steps other work of the page or the kernel gets its turn: an interrupt stops it there, and so does `break`.
 * @throws when a loss or a gradient is not finite, with the step, the weight and where the first such number came from: the weights are
 * then those before that step. To see where a gradient became so, it takes the loss of that step once more.
 */
export function fit<Batch = undefined>(
	loss: LossOf<Batch>,
	options: FitOptions<Batch>,
): Fit {
	expectValue("fit", "the loss", loss, aLoss);
	return new Training(
		loss,
		expectOptions<FitOptions<Batch>>("fit", options, rules),
	);
}

type LossOf<Batch> = (
	step: number,
	batch: Batch,
) => Tensor | PromiseLike<Tensor>;

/** A step, before what is told about the run. */
type Taken = Pick<
	FitStep,
	"step" | "loss" | "gradientNorm" | "clippedNorm" | "epoch"
>;

class Training<Batch> implements Fit {
	readonly #loss: LossOf<Batch>;
	readonly #options: FitOptions<Batch>;
	readonly #weights: Readonly<Record<string, Tensor>>;
	readonly #validate: ReturnType<typeof validating>;
	readonly #next: () => Promise<{ batch: Batch; epoch: number } | undefined>;
	/** How many steps there are, as far as that is known; else Infinity. */
	readonly #total: number;
	readonly #run: AsyncGenerator<FitStep, undefined, void>;
	#done = 0;
	/** Tokens read so far. */
	#read = 0;
	#followed = false;
	#end: Promise<FitStep> | undefined;

	constructor(loss: LossOf<Batch>, options: FitOptions<Batch>) {
		const { steps, epochs, data } = options;
		if (steps === undefined && epochs === undefined)
			expectValue("fit", "steps", steps, size);
		if (epochs !== undefined && data === undefined)
			throw new Error(
				"fit: epochs need data to go through, such as batches(…); without data, give steps",
			);
		const named = namedWeights("fit", options.weights);
		if (named.size === 0)
			throw new Error(
				"fit: there is no weight to train; give the model, weights: model",
			);
		for (const [name, w] of named) nameWeight(w, name);
		this.#loss = loss;
		this.#options = { ...options };
		this.#weights = Object.fromEntries(named);
		this.#validate = validating(options.validation, this.#weights);
		this.#next =
			data === undefined
				? async () => ({ batch: undefined as Batch, epoch: 0 })
				: rounds(data, epochs);
		const inRound = countOf(data);
		this.#total = Math.min(
			steps ?? Infinity,
			epochs !== undefined && inRound ? epochs * inRound : Infinity,
		);
		this.#run = this.#train();
	}

	next(): Promise<IteratorResult<FitStep, undefined>> {
		return this.#run.next();
	}

	return(): Promise<IteratorResult<FitStep, undefined>> {
		return this.#run.return(undefined);
	}

	/** The run, for the one who follows it. */
	[Symbol.asyncIterator](): AsyncGenerator<FitStep, undefined, void> {
		if (this.#followed) {
			const all = Number.isFinite(this.#total) ? ` of its ${this.#total}` : "";
			throw new Error(
				`fit: this run was followed before and has taken ${this.#done}${all} steps; call fit again to go on`,
			);
		}
		this.#followed = true;
		return this.#run;
	}

	// biome-ignore lint/suspicious/noThenProperty: `await fit(…)` is what everybody writes who does not look on
	then<A = FitStep, B = never>(
		fulfilled?: ((last: FitStep) => A | PromiseLike<A>) | null,
		rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
	): Promise<A | B> {
		this.#end ??= this.#toTheEnd();
		return this.#end.then(fulfilled, rejected);
	}

	async #toTheEnd(): Promise<FitStep> {
		let last: FitStep | undefined;
		for await (const step of this) last = step;
		return last as FitStep;
	}

	async *#train(): AsyncGenerator<FitStep, undefined, void> {
		const begin = Date.now();
		const { steps = Infinity } = this.#options;
		while (this.#done < steps) {
			const given = await this.#next();
			if (given === undefined) break;
			const { batch, epoch } = given;
			const step = this.#done + 1;
			for (const w of Object.values(this.#weights)) w.grad = null;
			const made = this.#loss(step, batch);
			const value = made instanceof Tensor ? made : await made;
			if (!(value instanceof Tensor))
				throw new Error(
					`fit: the loss must be a function that returns a Tensor, got ${described(value)} at step ${step}`,
				);
			const taken = { ...this.#take(step, batch, value), epoch };
			this.#done++;
			this.#count(batch);
			const validated = this.#validate.after(step);
			yield this.#report(taken, (Date.now() - begin) / 1000, validated);
			if (validated?.stop) break;
			await othersTurn();
		}
		this.#validate.finish();
	}

	/** Takes a step from the loss at a batch. */
	#take(step: number, batch: Batch, loss: Tensor): Omit<Taken, "epoch"> {
		const seen = loss.item();
		if (!Number.isFinite(seen))
			throw notFinite(step, `the loss is ${seen}`, originOf(loss));
		const reached = backward(loss);
		try {
			const found = notFiniteGradient("fit", this.#weights);
			if (found) {
				const origin = this.#originOfGradient(step, batch);
				throw notFinite(step, `the gradient of ${found}`, origin);
			}
			const norms = clipped(this.#weights, this.#options.clip);
			this.#options.optimiser.step(this.#weights);
			return { step, loss: seen, ...norms };
		} finally {
			for (const w of reached) w.grad = null;
		}
	}

	/** Where the gradients of a step stop being finite, as far as its loss comes out the same a second time. */
	#originOfGradient(step: number, batch: Batch): string {
		let origin: string | undefined;
		try {
			const value = this.#loss(step, batch);
			if (value instanceof Tensor) origin = originOfGradient(value);
		} catch {
			// the first time has more to say
		}
		return origin
			? `on the way back it comes from ${origin}`
			: "computed once more, the loss of this step had finite gradients: it comes with some batches or masks";
	}

	#count(batch: Batch): void {
		const { tokens = 0 } = this.#options;
		this.#read += typeof tokens === "number" ? tokens : tokens(batch);
	}

	#report(
		taken: Taken,
		seconds: number,
		validated: { validation: number; best: boolean } | undefined,
	): FitStep {
		const report: FitStep = { ...taken, seconds };
		const { rate } = this.#options.optimiser;
		if (rate !== undefined) report.rate = rate;
		if (Number.isFinite(this.#total))
			report.secondsLeft = (seconds / this.#done) * (this.#total - this.#done);
		if (this.#options.tokens !== undefined)
			report.tokensPerSecond = this.#read / Math.max(seconds, 1e-3);
		if (validated) {
			report.validation = validated.validation;
			report.best = validated.best;
		}
		return report;
	}
}

/** Clips the gradients; their norm before and after. */
function clipped(
	weights: Readonly<Record<string, Tensor>>,
	clip: FitOptions["clip"],
): { gradientNorm: number; clippedNorm: number } {
	if (typeof clip === "number") {
		const norm = clipNorm(weights, clip);
		return { gradientNorm: norm, clippedNorm: Math.min(norm, clip) };
	}
	const norm = gradientNorm(weights);
	if (clip === undefined) return { gradientNorm: norm, clippedNorm: norm };
	clip(weights);
	return { gradientNorm: norm, clippedNorm: gradientNorm(weights) };
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
