import { expectOptions, expectValue, type Rules } from "../../expect/expect.ts";
import { optional, whole as wholeRule } from "../../expect/rules.ts";
import { has } from "../../expect/words.ts";
import { sameShape, Tensor } from "../../tensor.ts";
import { namedWeights, type WeightSet } from "../weights.ts";
import {
	anOptimiser,
	type Optimiser,
	type OptimiserState,
} from "./optimiser.ts";

/** An optimiser that also keeps the mean of the weights it has written. */
export interface AveragedOptimiser extends Optimiser {
	/**
	 * The mean of each weight over the steps since `after`, by name, for `restoreWeights`; where no such step was taken, the weight as it is.
	 */
	average(weights: WeightSet): Record<string, Tensor>;
}

/** The mean of a weight, and over how many steps. */
interface Kept {
	mean: Float64Array;
	count: number;
}

/** What the state calls a mean, after the name of its weight; alone, the count of all steps. */
const OWN = "/average";

const rules: Rules<{ after?: number }> = { after: optional(wholeRule()) };

/**
 * Averages the weights over the steps of another optimiser (Polyak and Juditsky 1992): the mean lies nearer to the minimum than the last step does, where
 * gradients are noisy. `averaged(sgd({ rate }))` is averaged SGD, as AWD-LSTM ends its training (Merity et al. 2018, arXiv:1708.02182).
 *
 * ```ts
 * const optimiser = averaged(sgd({ rate: 1 }), { after: 1000 });
 * …
 * restoreWeights(model, optimiser.average(model));
 * ```
 *
 * Its state, for a checkpoint, holds the means too, where the optimiser inside has one.
 * @throws when it is given no optimiser, or one that averages already.
 */
export function averaged(
	inner: Optimiser,
	options: {
		/** How many steps to take before the first that counts; default 0. */
		after?: number;
	} = {},
): AveragedOptimiser {
	expectValue("averaged", "the optimiser", inner, anOptimiser);
	if (has(inner, "average"))
		throw new Error(
			"averaged: the optimiser is averaged already; give the one inside",
		);
	const { after = 0 } = expectOptions("averaged", options, rules);
	let means = new WeakMap<Tensor, Kept>();
	let steps = 0;
	const { state, restore } = inner;
	return {
		...(state && restore && { state: stateOf, restore: goOn }),
		get rate() {
			return inner.rate;
		},
		step(weights) {
			inner.step(weights);
			if (++steps <= after) return;
			for (const w of namedWeights("averaged", weights).values()) {
				const kept = means.get(w) ?? {
					mean: new Float64Array(w.size),
					count: 0,
				};
				kept.count++;
				for (let i = 0; i < w.size; i++)
					kept.mean[i] += (w.data[i] - kept.mean[i]) / kept.count;
				means.set(w, kept);
			}
		},
		average(weights) {
			return Object.fromEntries(
				Array.from(namedWeights("average", weights), ([name, w]) => {
					const data = w.data.slice();
					const kept = means.get(w);
					if (kept) data.set(kept.mean);
					return [name, new Tensor(data, w.shape)];
				}),
			);
		},
	};

	function stateOf(weights: WeightSet): OptimiserState {
		const own = (state as NonNullable<typeof state>)(weights);
		const tensors = { ...own.tensors };
		const taken: Record<string, number> = { ...own.taken, [OWN]: steps };
		for (const [name, w] of namedWeights("averaged", weights)) {
			const kept = means.get(w);
			if (!kept) continue;
			tensors[`${name}${OWN}`] = new Tensor(kept.mean.slice(), w.shape);
			taken[`${name}${OWN}`] = kept.count;
		}
		return { ...own, tensors, taken };
	}

	function goOn(weights: WeightSet, saved: OptimiserState): void {
		const [own, others] = [true, false].map((ours) => partOf(saved, ours));
		const made = meansIn(own, namedWeights("averaged", weights));
		(restore as NonNullable<typeof restore>)(weights, { ...saved, ...others });
		means = made;
		steps = own.taken[OWN];
	}
}

/** What a state holds for the averages, or for the optimiser inside. */
function partOf(saved: OptimiserState | undefined, ours: boolean) {
	const part = <T>(of: Readonly<Record<string, T>> = {}) =>
		Object.fromEntries(
			Object.entries(of).filter(([name]) => name.endsWith(OWN) === ours),
		);
	return { tensors: part(saved?.tensors), taken: part(saved?.taken) };
}

/** The means of weights in a state. @throws when it holds none, or those of other weights. */
function meansIn(
	{ tensors, taken }: ReturnType<typeof partOf>,
	named: ReadonlyMap<string, Tensor>,
): WeakMap<Tensor, Kept> {
	const wrong = (what: string) =>
		new Error(
			`averaged: restore: ${what}; wanted the state of an averaged optimiser of the same weights`,
		);
	if (taken[OWN] === undefined) throw wrong("there are no averages");
	const means = new WeakMap<Tensor, Kept>();
	const unknown = new Set(Object.keys(tensors));
	for (const [name, w] of named) {
		const key = `${name}${OWN}`;
		const mean = tensors[key];
		if (!mean) continue;
		unknown.delete(key);
		if (!sameShape(mean.shape, w.shape))
			throw wrong(
				`${key} must be [${w.shape.join(", ")}], got [${mean.shape.join(", ")}]`,
			);
		const count = taken[key] ?? 1;
		means.set(w, { mean: Float64Array.from(mean.data), count });
	}
	const [extra] = unknown;
	if (extra !== undefined) throw wrong(`there is no weight for ${extra}`);
	return means;
}
