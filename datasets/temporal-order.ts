import type { Random } from "unrolled";
import {
	expectOptions,
	oneOf,
	optional,
	size,
	source,
	whole,
} from "unrolled/expect";

/** The tokens of `temporalOrder` by their ids: distractors a to d, the two that count, begin and end. */
export const orderTokens = ["a", "b", "c", "d", "X", "Y", "E", "B"] as const;

const rules = {
	steps: whole(10),
	batch: size,
	marks: optional(oneOf(2, 3)),
	random: source,
};

/**
 * Temporal order: among distractors stand two tokens that are X or Y each; in which order did they come?
 *
 * inputs [T, B]: ids of `orderTokens`, from E (first) to B (last). targets [B]: the class, XX 0, XY 1, YX 2, YY 3.
 * The two stand at T/10 … 2T/10 and at 5T/10 … 6T/10; with `marks: 3` a third one makes 8 classes, and they stand at
 * T/10 … 2T/10, 3T/10 … 4T/10 and 6T/10 … 7T/10. Chance is 1/4 (1/8).
 *
 * Hochreiter and Schmidhuber 1997, experiment 6, with positions that scale with T as in Pascanu et al. 2013, arXiv:1211.5063.
 * @throws when there are fewer than 10 steps.
 */
export function temporalOrder(options: {
	steps: number;
	batch: number;
	/** How many tokens count: 2 or 3. */
	marks?: 2 | 3;
	random: Random;
}): { inputs: number[][]; targets: number[] } {
	const {
		steps,
		batch,
		marks = 2,
		random,
	} = expectOptions("temporalOrder", options, rules);
	const tenths = marks === 2 ? [1, 5] : [1, 3, 6];
	const targets: number[] = [];
	const rows = Array.from({ length: batch }, () => {
		const row = Array.from({ length: steps }, () => random.integer(4));
		[row[0], row[steps - 1]] = [6, 7];
		let target = 0;
		for (const tenth of tenths) {
			const from = Math.floor((tenth * steps) / 10);
			const until = Math.floor(((tenth + 1) * steps) / 10);
			const mark = random.integer(2);
			row[from + random.integer(until - from)] = 4 + mark;
			target = 2 * target + mark;
		}
		targets.push(target);
		return row;
	});
	return {
		inputs: Array.from({ length: steps }, (_, t) => rows.map((row) => row[t])),
		targets,
	};
}
