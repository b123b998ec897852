import { Kernel } from "../kernel/client.ts";

/** A cell as a learner runs it again and again: a new network of 4 MB with its optimiser, and a few steps of training. */
const CELL = `
import { adam, chain, dense, lstm, meanSquaredError, ones, random, unroll, zeros } from "unrolled";
const source = random(1);
const model = chain(
  unroll(lstm({ inputs: 64, hidden: 256, random: source })),
  dense({ inputs: 256, outputs: 8, random: source }),
);
const optimiser = adam({ rate: 0.01 });
for (let step = 0; step < 3; step++) {
  const loss = meanSquaredError(model.apply(ones([16, 8, 64])), zeros([16, 8, 8]));
  loss.backward();
  optimiser.step(model.weights);
}
process.memoryUsage().rss / 2 ** 20`;

/** Megabytes that a kernel holds after each fifth of so many runs of one cell. */
export async function rerun(times: number): Promise<number[]> {
	const kernel = await Kernel.start();
	try {
		const held: number[] = [];
		for (let i = 1; i <= times; i++) {
			const { text, error } = await kernel.run(CELL);
			if (error) throw new Error(error.traceback.join("\n"));
			if (i % (times / 5) === 0) held.push(Number(text));
		}
		return held;
	} finally {
		await kernel.stop();
	}
}
