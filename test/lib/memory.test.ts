import {
	adam,
	chain,
	dense,
	embedding,
	lstm,
	matmul,
	noGrad,
	random,
	softmaxCrossEntropy,
	unroll,
	zeros,
} from "unrolled";
import { expect, test } from "vitest";

const source = random(1);
const model = chain(
	embedding({ tokens: 9, size: 8, random: source }),
	unroll(lstm({ inputs: 8, hidden: 24, random: source })),
	dense({ inputs: 24, outputs: 9, random: source }),
);
const ids = Array.from({ length: 12 }, (_, t) => [t % 9, (t * 2) % 9]);

/** Megabytes that the process holds after each fifth of `count` rounds in one synchronous loop. */
function held(count: number, round: () => void): number[] {
	const seen: number[] = [];
	for (let i = 1; i <= count; i++) {
		round();
		if (i % (count / 5) === 0) seen.push(process.memoryUsage().rss / 2 ** 20);
	}
	return seen;
}

test("memory stays flat over 10,000 training steps in one loop that never yields", () => {
	const optimiser = adam();
	const seen = held(10_000, () => {
		softmaxCrossEntropy(model.apply(ids), ids).backward();
		optimiser.step(model.weights);
	});
	expect(seen[4] - seen[1]).toBeLessThan(40);
});

test("memory stays flat over forward passes whose backward never comes", () => {
	const seen = held(5_000, () => model.apply(ids));
	expect(seen[4] - seen[1]).toBeLessThan(40);
	const quiet = held(5_000, () => noGrad(() => model.apply(ids)));
	expect(quiet[4] - quiet[1]).toBeLessThan(40);
});

test("memory stays flat over large results in one loop that never yields", () => {
	const [x, y] = [zeros([1000, 8]), zeros([8, 1000])];
	const seen = held(2_000, () => matmul(x, y));
	expect(seen[4] - seen[1]).toBeLessThan(150);
});

test("asking for more than there is says how much was wanted and what was left, and work goes on", () => {
	const sentence = /^out of memory: wanted \d+\.\d MB for .*, \d+\.\d MB left$/;
	expect(() => zeros([1e6, 1e6])).toThrow(sentence);
	expect(() =>
		dense({ inputs: 40_000, outputs: 40_000, random: source }),
	).toThrow(sentence);
	expect(model.apply(ids).shape).toEqual([12, 2, 9]);
});
