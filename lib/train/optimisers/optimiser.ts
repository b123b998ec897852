import type { Numbers } from "../../backend/backend.ts";
import { allocateLasting, backendOf } from "../../backend/current.ts";
import { uninterrupted } from "../../backend/termination.ts";
import { expectValue } from "../../expect/expect.ts";
import {
	notNegative,
	optional,
	positive,
	type Rule,
} from "../../expect/rules.ts";
import { described, has, isCell } from "../../expect/words.ts";
import { changed, nameWeight, sameShape, Tensor } from "../../tensor.ts";
import { expectFiniteGradients } from "../finite.ts";
import { namedWeights, type WeightSet, weightList } from "../weights.ts";

/** A learning rate: a number, or a function that gives it for each step, counted from 1. */
export type Rate = number | ((step: number) => number);

/** What is kept of an optimiser, to go on from: how many steps it took, and its memory of each weight by the weight's name. */
export interface OptimiserState {
	steps: number;
	/** By weight and part, such as `1.W/mean`. */
	tensors: Record<string, Tensor>;
	/** How many steps each weight has taken, by its name. */
	taken: Record<string, number>;
}

/** Changes weights by their gradients. */
export interface Optimiser {
	/**
	 * One step on every weight that has a gradient. The gradients are used up: `grad` is null afterwards.
	 * @throws when no weight has one, or one is not finite: then nothing is written.
	 */
	step(weights: WeightSet): void;
	/** The rate of the last step; of the first before it. */
	readonly rate?: number;
	/** A copy of what it remembers of these weights, to save. */
	state?(weights: WeightSet): OptimiserState;
	/**
	 * Goes on from what `state` gave: the next step is the one that would have come then.
	 * @throws when what is remembered does not fit a weight.
	 */
	restore?(weights: WeightSet, state: OptimiserState): void;
}

/** A rule for learning rates. */
export const aRate: Rule = {
	wanted: "a positive number, or a function from the step to one",
	fits: (value) => typeof value === "function" || positive.fits(value),
};

/** An optimiser, one's own too. */
export const anOptimiser: Rule = {
	wanted: "an optimiser, such as adam()",
	fits: (value) => has(value, "step") && !isCell(value),
	hint: (value) =>
		typeof value === "function" ? "did you forget to call it?" : undefined,
};

/** λ: how much of a weight goes at each step, times the rate. */
export const aDecay: Rule = optional(notNegative);

/** How an optimiser works on one weight. `Memory` are arrays as long as the weight, by name. */
export interface UpdateRule<Part extends string> {
	rate: Rate;
	/** What is remembered of each weight, zeros at first. */
	parts: readonly Part[];
	/**
	 * Writes the weight `w` and what is remembered, from the gradient `g`, which it may overwrite; `step` counts the steps of this weight from 1.
	 */
	update(
		w: Numbers,
		g: Numbers,
		memory: Readonly<Record<Part, Numbers>>,
		how: { rate: number; step: number; shape: readonly number[] },
	): void;
}

interface Kept<Part extends string> {
	memory: Record<Part, Numbers>;
	steps: number;
}

/**
 * An optimiser from its rule for one weight. All checks are made before the first weight is written, and all weights are written in one piece of work.
 */
export function optimiser<Part extends string>(
	name: string,
	{ rate, parts, update }: UpdateRule<Part>,
): Required<Optimiser> {
	const memories = new WeakMap<Tensor, Kept<Part>>();
	let taken = 0;
	const begin = (w: Tensor): Kept<Part> => ({
		memory: Object.fromEntries(
			parts.map((part) => [part, allocateLasting(w.dtype, w.size)]),
		) as Record<Part, Numbers>,
		steps: 0,
	});
	/** Remembers weights that are new, and gives them their names. */
	function meet(weights: WeightSet): void {
		for (const [place, w] of namedWeights(name, weights)) {
			nameWeight(w, place);
			if (w.grad && !memories.has(w)) memories.set(w, begin(w));
		}
	}
	function rateOf(step: number): number {
		const now = typeof rate === "number" ? rate : rate(step);
		if (!(typeof now === "number" && now >= 0 && now < Infinity))
			throw new Error(
				`${name}: the rate of step ${step} must be a number of at least 0, got ${described(now)}`,
			);
		return now;
	}
	return {
		get rate() {
			return rateOf(Math.max(1, taken));
		},
		step(weights) {
			const list = weightList(name, weights);
			const ready = list.filter((w) => w.grad);
			if (ready.length === 0)
				throw new Error(
					`${name}: no weight has a gradient; call loss.backward() first`,
				);
			expectFiniteGradients(name, weights, list);
			const now = rateOf(taken + 1);
			if (!ready.every((w) => memories.has(w))) meet(weights);
			uninterrupted(() => {
				taken++;
				for (const w of ready) {
					const own = memories.get(w) as Kept<Part>;
					own.steps++;
					const { memory, steps: step } = own;
					const how = { rate: now, step, shape: w.shape };
					update(w.data, (w.grad as Tensor).data, memory, how);
					changed(w);
					w.grad = null;
				}
			});
		},
		state(weights) {
			const named = namedWeights(name, weights);
			return { steps: taken, ...saved(named, parts, memories) };
		},
		restore(weights, state) {
			expectValue(`${name}: restore`, "the state", state, aState);
			const named = namedWeights(name, weights);
			const made = restored(name, named, parts, begin, state);
			uninterrupted(() => {
				for (const w of named.values()) {
					const own = made.get(w);
					if (own) memories.set(w, own);
					else memories.delete(w);
				}
				taken = state.steps;
			});
		},
	};
}

/** Copies of what is remembered of weights, by `weight/part`, and the steps of each weight. */
function saved<Part extends string>(
	named: ReadonlyMap<string, Tensor>,
	parts: readonly Part[],
	memories: Pick<WeakMap<Tensor, Kept<Part>>, "get">,
): Pick<OptimiserState, "tensors" | "taken"> {
	const tensors: Record<string, Tensor> = {};
	const taken: Record<string, number> = {};
	for (const [place, w] of named) {
		const own = memories.get(w);
		if (!own) continue;
		taken[place] = own.steps;
		for (const part of parts) {
			const copy = new Tensor(own.memory[part].slice(), w.shape);
			tensors[`${place}/${part}`] = copy;
		}
	}
	return { tensors, taken };
}

/**
 * What is remembered of weights, from a state that was saved.
 * @throws when the state has other weights or parts, or one is of another shape or type.
 */
function restored<Part extends string>(
	name: string,
	named: ReadonlyMap<string, Tensor>,
	parts: readonly Part[],
	begin: (w: Tensor) => Kept<Part>,
	{ tensors, taken }: OptimiserState,
): Map<Tensor, Kept<Part>> {
	const known = [...named.keys()].flatMap((place) =>
		parts.map((part) => `${place}/${part}`),
	);
	const extra = Object.keys(tensors).find((key) => !known.includes(key));
	if (extra !== undefined)
		throw new Error(
			`${name}: restore: the state has ${extra}, which is no weight and part of this optimiser; wanted the state of an ${name} of the same weights`,
		);
	const made = new Map<Tensor, Kept<Part>>();
	for (const [place, w] of named) {
		const steps = taken[place];
		if (steps === undefined) continue;
		const own = begin(w);
		own.steps = steps;
		for (const part of parts) {
			const from = tensors[`${place}/${part}`];
			if (from?.dtype !== w.dtype || !sameShape(from.shape, w.shape))
				throw new Error(
					`${name}: restore: ${place}/${part} must be ${w.dtype} [${w.shape.join(", ")}], got ${from ? `${from.dtype} [${from.shape.join(", ")}]` : "none"}`,
				);
			own.memory[part].set(from.data);
		}
		made.set(w, own);
	}
	return made;
}

const aState: Rule = {
	wanted: "what an optimiser's state gave",
	fits(value) {
		const { steps, tensors, taken } = (value ?? {}) as Partial<OptimiserState>;
		return (
			Number.isSafeInteger(steps) &&
			Object.values(tensors ?? [0]).every((t) => t instanceof Tensor) &&
			Object.values(taken ?? [""]).every(Number.isSafeInteger)
		);
	},
};

/** g ← g + λ·w, for matrices alone: what pulls weights to 0 is for what multiplies, not for biases and gains. */
export function addDecay(
	g: Numbers,
	w: Numbers,
	decay: number,
	shape: readonly number[],
): void {
	if (decay > 0 && shape.length > 1)
		backendOf(g).sgd(g, w, undefined, -decay, 0);
}
