import {
	adam,
	attending,
	chain,
	dense,
	dotAttention,
	embedding,
	graph,
	lstm,
	matmul,
	noGrad,
	peephole,
	random,
	softmaxCrossEntropy,
	sum,
	tensor,
	unroll,
	zeros,
	zoneout,
} from "unrolled";
import { expect, test } from "vitest";

const source = random(1);
const model = chain(
	embedding({ tokens: 9, size: 8, random: source }),
	unroll(lstm({ inputs: 8, hidden: 24, random: source })),
	dense({ inputs: 24, outputs: 9, random: source }),
);
const ids = Array.from({ length: 12 }, (_, t) => [t % 9, (t * 2) % 9]);

/** Megabytes that the process gains from the second fifth of `count` rounds in one synchronous loop to their end. */
function gained(count: number, round: () => void): number {
	const seen: number[] = [];
	for (let i = 1; i <= count; i++) {
		round();
		if (i % (count / 5) === 0) seen.push(process.memoryUsage().rss / 2 ** 20);
	}
	return seen[4] - seen[1];
}

/**
 * Checks that rounds gain less than `most` megabytes, in one of three runs: a leak gains it in each of them,
 * whereas the garbage collector may let its heap grow once.
 */
function expectFlat(count: number, most: number, round: () => void): void {
	const gains: number[] = [];
	while (gains.length < 3 && !gains.some((gain) => gain < most)) {
		gains.push(gained(count, round));
	}
	expect(Math.min(...gains), `gained ${gains} MB`).toBeLessThan(most);
}

test("memory stays flat over 10,000 training steps in one loop that never yields", () => {
	const optimiser = adam();
	expectFlat(10_000, 40, () => {
		softmaxCrossEntropy(model.apply(ids), ids).backward();
		optimiser.step(model.weights);
	});
});

test("memory stays flat over forward passes whose backward never comes", () => {
	expectFlat(5_000, 40, () => model.apply(ids));
	expectFlat(5_000, 40, () => noGrad(() => model.apply(ids)));
});

/** Networks whose steps run as programs: one looks back, one is looked into. */
const looking = (() => {
	const attend = dotAttention().over(
		tensor(
			Float32Array.from({ length: 5 * 2 * 8 }, (_, i) => Math.sin(i)),
			{
				shape: [5, 2, 8],
			},
		),
	);
	const cell = peephole({ inputs: 16, hidden: 8, random: source });
	return chain(
		embedding({ tokens: 9, size: 8, random: source }),
		unroll(attending(cell, { attend, inputs: 8 })),
		unroll(zoneout(lstm({ inputs: 8, hidden: 8, random: source }), { c: 0.3 })),
		dense({ inputs: 8, outputs: 9, random: source }),
	);
})();
const few = ids.slice(0, 4);
const masks = { training: true, random: source };

test("memory stays flat over 10,000 training steps of programs, half of them looked into", () => {
	const optimiser = adam();
	let count = 0;
	expectFlat(10_000, 40, () => {
		const inspect = count++ % 2 === 0;
		const { outputs } = looking.run(few, { ...masks, inspect });
		softmaxCrossEntropy(outputs, few).backward();
		optimiser.step(looking.weights);
	});
});

test("memory stays flat over programs whose backward never comes, and over their graphs", () => {
	expectFlat(5_000, 40, () => looking.run(few, masks));
	expectFlat(500, 40, () => {
		const { outputs } = looking.run(few, { ...masks, inspect: true });
		graph(outputs);
	});
});

test("memory stays flat over a sequence of 10,000 steps, run again and again", () => {
	const long = tensor(
		Float32Array.from({ length: 10_000 * 4 }, (_, i) => Math.sin(i)),
		{
			shape: [10_000, 1, 4],
		},
	);
	const layer = unroll(peephole({ inputs: 4, hidden: 4, random: source }));
	expectFlat(20, 60, () => sum(layer.apply(long)).backward());
});

test("memory stays flat over large results in one loop that never yields", () => {
	const [x, y] = [zeros([1000, 8]), zeros([8, 1000])];
	expectFlat(2_000, 150, () => matmul(x, y));
});

test("asking for more than there is says how much was wanted and what was left, and work goes on", () => {
	const sentence = /^out of memory: wanted \d+\.\d MB for .*, \d+\.\d MB left$/;
	expect(() => zeros([1e6, 1e6])).toThrow(sentence);
	expect(() =>
		dense({ inputs: 40_000, outputs: 40_000, random: source }),
	).toThrow(sentence);
	expect(model.apply(ids).shape).toEqual([12, 2, 9]);
});
