import type { Random } from "unrolled";
import { expectOptions, size, source } from "unrolled/expect";

const rules = { steps: size, batch: size, random: source };

/**
 * Parity: is the number of ones so far odd? One bit of memory, and it may not be lost once.
 *
 * inputs [T, B, 1]: bits. targets [T, B]: 1 when the ones up to this step are odd in number; the last row is the parity of all.
 * Chance is 1/2, also for who sees all bits but one.
 */
export function parity(options: {
	steps: number;
	batch: number;
	random: Random;
}): { inputs: number[][][]; targets: number[][] } {
	const { steps, batch, random } = expectOptions("parity", options, rules);
	const inputs = Array.from({ length: steps }, () =>
		Array.from({ length: batch }, () => [random.integer(2)]),
	);
	const odd = new Array<number>(batch).fill(0);
	const targets = inputs.map((row) =>
		row.map(([bit], b) => {
			odd[b] ^= bit;
			return odd[b];
		}),
	);
	return { inputs, targets };
}
