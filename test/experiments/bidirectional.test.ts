import {
	bidirectional,
	chain,
	dense,
	gru,
	type Layer,
	noGrad,
	type Random,
	random,
	softmaxCrossEntropy,
	tensor,
	unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { accuracy, train } from "./train.ts";

/** Numbers from −1 to 1; the label of a step is whether the sum up to it and the sum after it are both positive. */
function sums(batch: number, source: Random) {
	const steps = 20;
	const rows = Array.from({ length: batch }, () =>
		Array.from({ length: steps }, () => source.uniform(-1, 1)),
	);
	const total = (part: number[]) => part.reduce((a, b) => a + b, 0);
	const time = [...Array(steps).keys()];
	return {
		inputs: tensor(time.map((t) => rows.map((row) => [row[t]]))),
		targets: time.map((t) =>
			rows.map((row) =>
				Number(total(row.slice(0, t + 1)) > 0 && total(row.slice(t + 1)) > 0),
			),
		),
	};
}

async function learn(name: string, reader: Layer, outputs: number) {
	const source = random(1);
	const model = chain(
		reader,
		dense({ inputs: outputs, outputs: 2, random: source }),
	);
	const loss = () => {
		const { inputs, targets } = sums(32, source);
		return softmaxCrossEntropy(model.apply(inputs), targets);
	};
	await train(name, loss, { weights: model.weights, steps: 1000, rate: 5e-3 });
	const { inputs, targets } = sums(200, random(2));
	const right = noGrad(() => accuracy(model.apply(inputs), targets.flat()));
	console.log(`${name}: accuracy ${right.toFixed(3)}`);
	return right;
}

describe("a label that depends on the past and on the future", () => {
	const source = random(3);
	const half = (hidden: number) =>
		unroll(gru({ inputs: 1, hidden, random: source }));

	test("cannot be told from the past alone", async () => {
		const right = await learn("forward only", half(24), 24);
		expect(right).toBeLessThan(0.85);
	});

	test("can be told by a network that reads both ways", async () => {
		const both = bidirectional({ forward: half(16), backward: half(16) });
		const right = await learn("both ways", both, 32);
		expect(right).toBeGreaterThan(0.95);
	});
});
