import { temporalOrder } from "@unrolled/datasets";
import {
	chain,
	dense,
	embedding,
	type Ids,
	type Layer,
	lstm,
	noGrad,
	random,
	residualStack,
	softmaxCrossEntropy,
	unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { accuracy, last, train } from "./train.ts";

/**
 * Which came first, X or Y, among 30 tokens: 4 classes, chance 0.25, and 0.5 knows one of the two. Sixteen LSTMs on top of one another.
 * How soon a plain stack comes to it, if it does, is a matter of its seed, and of the rounding of the machine: so there are five of each.
 */
const [depth, size] = [16, 24];
const seeds = [1, 2, 3, 4, 5];

/** The accuracy after so many steps, or as soon as it is above 0.98. */
async function learn(
	name: string,
	steps: number,
	seed: number,
	stack: (layers: readonly Layer[]) => Layer,
): Promise<number> {
	const source = random(seed);
	const layers = Array.from({ length: depth }, () =>
		unroll(lstm({ inputs: size, hidden: size, random: source })),
	);
	const model: Layer<Ids> = chain(
		embedding({ tokens: 8, size, random: source }),
		stack(layers),
		last,
		dense({ inputs: size, outputs: 4, random: source }),
	);
	const fresh = temporalOrder({
		steps: 30,
		batch: 500,
		random: random(seed + 1000),
	});
	const test = () =>
		noGrad(() => accuracy(model.apply(fresh.inputs), fresh.targets));
	const loss = () => {
		const batch = temporalOrder({ steps: 30, batch: 32, random: source });
		return softmaxCrossEntropy(model.apply(batch.inputs), batch.targets);
	};
	await train(`${name}, seed ${seed}`, loss, {
		weights: model.weights,
		steps,
		rate: 2e-3,
		solved: () => test() > 0.98,
	});
	const right = test();
	console.log(`${name}, seed ${seed}: accuracy ${right.toFixed(3)}`);
	return right;
}

describe("sixteen layers of LSTM on the order of two tokens", () => {
	test.each(seeds)(
		"as a plain stack they have not learnt it after 200 steps, seed %i",
		async (seed) => {
			const right = await learn("plain", 200, seed, ([first, ...rest]) =>
				chain(first, ...rest),
			);
			expect(right).toBeLessThan(0.8);
		},
	);

	test.each(seeds)(
		"with residual connections they have after 100, seed %i",
		async (seed) => {
			const right = await learn("residual", 100, seed, (layers) =>
				residualStack(layers),
			);
			expect(right).toBeGreaterThan(0.95);
		},
	);

	test.each(seeds)(
		"with one around every two layers, as Prakash et al. have it, too, seed %i",
		async (seed) => {
			const right = await learn("every two", 100, seed, (layers) =>
				residualStack(layers, { every: 2 }),
			);
			expect(right).toBeGreaterThan(0.95);
		},
	);
});
