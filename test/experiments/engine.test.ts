import {
	adam,
	chain,
	dense,
	lstm,
	meanSquaredError,
	ones,
	random,
	type Tensor,
	unroll,
	zeros,
} from "unrolled";
import { expect, test } from "vitest";
import { rerun } from "../lib/reruns.ts";

const hour = 3_600_000;

test("1,000 runs of one cell that trains a new network leave the kernel's memory where it was", {
	timeout: hour,
}, async () => {
	const held = await rerun(1_000);
	console.log(held);
	expect(held[4] / held[2]).toBeLessThan(1.05);
});

test("a network with 200 MB of weights trains, and the next one after it", () => {
	for (let again = 0; again < 3; again++) {
		const source = random(1);
		const model = chain(
			unroll(lstm({ inputs: 512, hidden: 2560, random: source })),
			unroll(lstm({ inputs: 2560, hidden: 2048, random: source })),
			dense({ inputs: 2048, outputs: 16, random: source }),
		);
		const weights = Object.values<Tensor>(model.weights);
		const bytes = weights.reduce((sum, w) => sum + 4 * w.size, 0);
		expect(bytes).toBeGreaterThan(200 * 2 ** 20);
		const optimiser = adam({ rate: 1e-4 });
		const losses = Array.from({ length: 4 }, () => {
			const loss = meanSquaredError(
				model.apply(ones([4, 8, 512])),
				zeros([4, 8, 16]),
			);
			loss.backward();
			optimiser.step(model.weights);
			return loss.item();
		});
		expect(losses[3]).toBeLessThan(losses[0]);
	}
	console.log(`${process.memoryUsage().rss / 2 ** 20} MB at the end`);
});
