import { adam, fit, reshape, slice, type Tensor, type Weights } from "unrolled";

/** The outputs of the last step: [T, B, H] → [B, H]. */
export function last(outputs: Tensor): Tensor {
	const [T, B, H] = outputs.shape;
	return reshape(slice(outputs, 0, T - 1, T), [B, H]);
}

/** The share of rows [..., K] whose largest number is at their target. */
export function accuracy(logits: Tensor, targets: readonly number[]): number {
	const K = logits.shape[logits.shape.length - 1];
	let right = 0;
	targets.forEach((target, i) => {
		const row = logits.data.subarray(i * K, (i + 1) * K);
		if (row.indexOf(Math.max(...row)) === target) right++;
	});
	return right / targets.length;
}

/**
 * Trains by Adam with the norm clipped at 1, and stops early when `solved` says so, which is asked every 100 steps.
 * Prints what it comes to and returns the steps taken.
 */
export async function train(
	name: string,
	loss: () => Tensor,
	options: {
		weights: Weights;
		steps: number;
		rate: number;
		solved?: () => boolean;
	},
): Promise<number> {
	const { weights, steps, rate, solved } = options;
	const optimiser = adam({ rate });
	const [began, worked] = [Date.now(), process.cpuUsage()];
	let taken = 0;
	let recent = 0;
	for await (const done of fit(loss, { weights, optimiser, steps, clip: 1 })) {
		taken = done.step;
		recent = taken === 1 ? done.loss : 0.99 * recent + 0.01 * done.loss;
		if (taken % 100 === 0 && solved?.()) break;
	}
	const seconds = ((Date.now() - began) / 1000).toFixed(0);
	const work = (process.cpuUsage(worked).user / 1e6).toFixed(0);
	console.log(
		`${name}: loss ${recent.toFixed(4)}, ${taken} steps, ${seconds} s (${work} s of work)`,
	);
	return taken;
}
