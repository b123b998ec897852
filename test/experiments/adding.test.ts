import { adding } from "@unrolled/datasets";
import {
	type Cell,
	chain,
	dense,
	elman,
	irnn,
	lstm,
	meanSquaredError,
	noGrad,
	random,
	tensor,
	unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { last, train } from "./train.ts";

/** The adding problem of Le, Jaitly and Hinton 2015 over 150 steps; to answer 1 always leaves 1/6. */
const steps = 150;

async function learn(name: string, cell: Cell, rate: number): Promise<number> {
	const source = random(2);
	const read = dense({ inputs: cell.hidden, outputs: 1, random: source });
	const model = chain(unroll(cell), last, read);
	const loss = (batch: number) => {
		const { inputs, targets } = adding({ steps, batch, random: source });
		return meanSquaredError(model.apply(tensor(inputs)), tensor(targets));
	};
	// One set says when to stop, another how good it is.
	const [stopping, judging] = [3, 4].map((seed) => {
		const fresh = adding({ steps, batch: 400, random: random(seed) });
		const [inputs, targets] = [tensor(fresh.inputs), tensor(fresh.targets)];
		return () =>
			noGrad(() => meanSquaredError(model.apply(inputs), targets).item());
	});
	await train(name, () => loss(32), {
		weights: model.weights,
		steps: 14_000,
		rate,
		solved: () => stopping() < 0.006,
	});
	const error = judging();
	console.log(`${name}: test error ${error.toFixed(4)}`);
	return error;
}

describe("the adding problem over 150 steps", () => {
	const make = { inputs: 2, random: random(1) };

	test("an IRNN solves it", async () => {
		const cell = irnn({ ...make, hidden: 50 });
		const error = await learn("irnn", cell, 1e-3);
		expect(error).toBeLessThan(0.01);
	});

	test("an LSTM solves it", async () => {
		const cell = lstm({ ...make, hidden: 32 }) as Cell;
		const error = await learn("lstm", cell, 3e-3);
		expect(error).toBeLessThan(0.01);
	});

	test("a tanh network does not", async () => {
		const cell = elman({ ...make, hidden: 50 });
		const error = await learn("elman", cell, 1e-3);
		expect(error).toBeGreaterThan(0.12);
	});
});
