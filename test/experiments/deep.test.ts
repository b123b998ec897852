import { mobyDick } from "@unrolled/datasets";
import {
	chain,
	deepOutput,
	deepTransition,
	dense,
	detach,
	elman,
	embedding,
	type Ids,
	type Layer,
	type LayerState,
	noGrad,
	normal,
	type Random,
	random,
	softmaxCrossEntropy,
	summary,
	unroll,
	vocabulary,
	windows,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { train } from "./train.ts";

/**
 * Where the layers of a recurrent network stand, at equal numbers of weights: characters of Moby-Dick, 10,000 weights, 1,500 steps.
 * Lesson 13 trains the same networks for 400 steps. That all are near one another is what is shown; that the deep output is ahead of
 * the shallow network by a little, too.
 */
const size = 16;
const weights = 10_000;
const seeds = [1, 2, 3];
type Body = (hidden: number, outputs: number, source: Random) => Layer;

const first = (hidden: number, source: Random) =>
	unroll(elman({ inputs: size, hidden, random: source }));
const out = (hidden: number, outputs: number, source: Random) =>
	dense({ inputs: hidden, outputs, random: source });

const bodies: Record<string, Body> = {
	shallow: (hidden, outputs, source) =>
		chain(first(hidden, source), out(hidden, outputs, source)),
	stack: (hidden, outputs, source) =>
		chain(
			first(hidden, source),
			unroll(elman({ inputs: hidden, hidden, random: source })),
			out(hidden, outputs, source),
		),
	"deep transition": (hidden, outputs, source) =>
		chain(
			unroll(
				deepTransition({ inputs: size, hidden, depth: 2, random: source }),
			),
			out(hidden, outputs, source),
		),
	"deep output": (hidden, outputs, source) =>
		chain(
			first(hidden, source),
			deepOutput({ inputs: hidden, hidden: [hidden], outputs, random: source }),
		),
};

/** Bits a character on text that was not read before. */
async function learn(name: string, body: Body, seed: number): Promise<number> {
	const book = await mobyDick();
	const letters = vocabulary(book.train);
	const make = (hidden: number, source: Random): Layer<Ids> =>
		chain(
			embedding({
				tokens: letters.size,
				size,
				random: source,
				initial: { table: normal(1) },
			}),
			body(hidden, letters.size, source),
		);
	let hidden = 20;
	while (summary(make(hidden + 1, random(1))).parameters <= weights) hidden++;
	const model = make(hidden, random(seed));
	const read = windows(letters.encode(book.train.slice(0, 400_000)), {
		batch: 16,
		steps: 20,
	});
	let memory: LayerState;
	const loss = () => {
		const { inputs, targets, fresh } = read.next().value;
		const state = fresh ? undefined : detach(memory);
		const run = model.run(inputs, { state });
		memory = run.state;
		return softmaxCrossEntropy(run.outputs, targets);
	};
	await train(`${name}, ${hidden} units, seed ${seed}`, loss, {
		weights: model.weights,
		steps: 1500,
		rate: 5e-3,
	});
	const unseen = windows(letters.encode(book.validation.slice(0, 20_000)), {
		batch: 20,
		steps: 900,
	}).next().value;
	const nats = noGrad(() =>
		softmaxCrossEntropy(model.apply(unseen.inputs), unseen.targets),
	).item();
	return nats / Math.LN2;
}

describe.each(seeds)("10,000 weights, seed %i", (seed) => {
	test("wherever the layers stand, the loss is nearly the same, and a deep output is a little ahead", async () => {
		const bits: Record<string, number> = {};
		for (const [name, body] of Object.entries(bodies))
			bits[name] = await learn(name, body, seed);
		console.log(`seed ${seed}: ${JSON.stringify(bits)} bits a character`);
		const all = Object.values(bits);
		expect(Math.max(...all) - Math.min(...all)).toBeLessThan(0.1);
		expect(bits["deep output"]).toBeLessThan(bits.shallow);
	});
});
