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

/** Which came first, X or Y, among 30 tokens: 4 classes, chance 0.25. Sixteen LSTMs on top of one another, 500 steps. */
const [depth, size] = [16, 24];

async function learn(
	name: string,
	stack: (layers: Layer[]) => Layer,
): Promise<number> {
	const source = random(1);
	const layers = Array.from({ length: depth }, () =>
		unroll(lstm({ inputs: size, hidden: size, random: source })),
	);
	const model: Layer<Ids> = chain(
		embedding({ tokens: 8, size, random: source }),
		stack(layers),
		last,
		dense({ inputs: size, outputs: 4, random: source }),
	);
	const fresh = temporalOrder({ steps: 30, batch: 500, random: random(2) });
	const test = () =>
		noGrad(() => accuracy(model.apply(fresh.inputs), fresh.targets));
	const loss = () => {
		const batch = temporalOrder({ steps: 30, batch: 32, random: source });
		return softmaxCrossEntropy(model.apply(batch.inputs), batch.targets);
	};
	await train(name, loss, {
		weights: model.weights,
		steps: 500,
		rate: 2e-3,
		solved: () => test() > 0.98,
	});
	console.log(`${name}: accuracy ${test().toFixed(3)}`);
	return test();
}

describe("sixteen layers of LSTM on the order of two tokens", () => {
	test("as a plain stack they do not learn it in 500 steps", async () => {
		const plain = await learn("plain", ([first, ...rest]) =>
			chain(first, ...rest),
		);
		expect(plain).toBeLessThan(0.9);
	});

	test("with residual connections they do", async () => {
		const summed = await learn("residual", (layers) => residualStack(layers));
		expect(summed).toBeGreaterThan(0.95);
	});
});
