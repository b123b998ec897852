import type { Random } from "unrolled";
import { expectOptions, size, source, whole } from "unrolled/expect";

const rules = { steps: whole(2), batch: size, random: source };

/**
 * The adding problem: a row of numbers of which two are marked; what is their sum? One mark lies in the first half, one in the second.
 *
 * inputs [T, B, 2]: a number from 0 to 1, and its mark (1 or 0). targets [B, 1]: the sum of the two marked numbers.
 * To answer 1 always leaves a mean squared error of 1/6 ≈ 0.167: the variance of the sum.
 *
 * Hochreiter and Schmidhuber 1997, experiment 4; in this form Le, Jaitly and Hinton 2015, arXiv:1504.00941.
 * @throws when there are fewer than 2 steps.
 */
export function adding(options: {
	steps: number;
	batch: number;
	random: Random;
}): { inputs: number[][][]; targets: number[][] } {
	const { steps, batch, random } = expectOptions("adding", options, rules);
	const half = Math.floor(steps / 2);
	const rows = Array.from({ length: batch }, () => {
		const numbers = Array.from({ length: steps }, () => random.uniform());
		const marks = [random.integer(half), half + random.integer(steps - half)];
		return { numbers, marks };
	});
	return {
		inputs: Array.from({ length: steps }, (_, t) =>
			rows.map(({ numbers, marks }) => [numbers[t], marks.includes(t) ? 1 : 0]),
		),
		targets: rows.map(({ numbers, marks: [i, j] }) => [
			numbers[i] + numbers[j],
		]),
	};
}
