import { mobyDick } from "@unrolled/datasets";
import {
	type Cell,
	chain,
	deepTransition,
	dense,
	embedding,
	noGrad,
	random,
	rhn,
	softmaxCrossEntropy,
	unroll,
	vocabulary,
	windows,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { train } from "./train.ts";

/** Characters of Moby-Dick, 8 layers deep from step to step, 600 steps; both networks have about 60,000 weights. */
const depth = 8;

/** Bits a character on text that was not read before. */
async function learn(
	name: string,
	make: (inputs: number) => Cell,
): Promise<number> {
	const book = await mobyDick();
	const letters = vocabulary(book.train);
	const source = random(1);
	const cell = make(32);
	const model = chain(
		embedding({ tokens: letters.size, size: 32, random: source }),
		unroll(cell),
		dense({ inputs: cell.hidden, outputs: letters.size, random: source }),
	);
	const count = Object.values(model.weights).reduce((n, w) => n + w.size, 0);
	const read = windows(letters.encode(book.train.slice(0, 400_000)), {
		batch: 32,
		steps: 25,
	});
	const lossOf = ({
		inputs,
		targets,
	}: {
		inputs: number[][];
		targets: number[][];
	}) => softmaxCrossEntropy(model.apply(inputs), targets);
	await train(`${name}, ${count} weights`, () => lossOf(read.next().value), {
		weights: model.weights,
		steps: 600,
		rate: 2e-3,
	});
	const unseen = windows(letters.encode(book.validation.slice(0, 20_000)), {
		batch: 50,
		steps: 100,
	});
	const bits = noGrad(() => lossOf(unseen.next().value).item()) / Math.LN2;
	console.log(`${name}: ${bits.toFixed(2)} bits a character`);
	return bits;
}

describe("eight layers from state to state", () => {
	const source = random(3);

	test("plain ones stay near the letters' own frequencies", async () => {
		const bits = await learn("deep transition", (inputs) =>
			deepTransition({ inputs, hidden: 82, depth, random: source }),
		);
		expect(bits).toBeGreaterThan(4.1);
	});

	test("highway ones learn", async () => {
		const bits = await learn("rhn", (inputs) =>
			rhn({ inputs, hidden: 58, depth, random: source }),
		);
		expect(bits).toBeLessThan(3.8);
	});
});
