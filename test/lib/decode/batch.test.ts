import {
	beamSearch,
	chain,
	checkGradients,
	dense,
	dotAttention,
	embedding,
	encoderDecoder,
	greedy,
	gru,
	qrnn,
	random,
	scheduledSampling,
	softmaxCrossEntropy,
	unroll,
} from "unrolled";
import { describe, expect, test } from "vitest";

const sizes = { inputs: 4, hidden: 6 };
const make = { random: random(3), dtype: "float64" } as const;
const words = () => embedding({ tokens: 5, size: 4, ...make });
const head = (inputs: number) => dense({ inputs, outputs: 5, ...make });
const model = encoderDecoder({
	encoder: chain(words(), unroll(gru({ ...sizes, ...make }))),
	decoder: chain(words(), unroll(gru({ ...sizes, ...make }))),
	attention: dotAttention(),
	output: head(12),
});
// sharpen it, so that texts differ
for (const w of Object.values(model.weights))
	for (let i = 0; i < w.size; i++) w.data[i] *= 2.5;
const source = [
	[1, 2, 3, 4],
	[3, 3, 0, 1],
	[2, 0, 4, 0],
];
const lengths = [3, 2, 3, 1];
const alone = (b: number) =>
	model.encode(source.slice(0, lengths[b]).map((row) => [row[b]]));
const starts = lengths.map(() => [0]);

describe("texts written side by side are those written one by one", () => {
	const decoder = model.encode(source, { lengths });

	test("by greedy", () => {
		const how = { limit: 6, end: 4 };
		const texts = greedy(decoder, { start: starts, ...how });
		expect(new Set(texts.map(String)).size).toBeGreaterThan(1);
		texts.forEach((text, b) => {
			expect(text).toEqual(greedy(alone(b), { start: [0], ...how }));
		});
	});

	test.each([0, 1])("by beam search, α = %s", (alpha) => {
		for (const width of [1, 2, 4]) {
			const how = { limit: 6, end: 4, width, alpha };
			const found = beamSearch(decoder, { start: starts, ...how });
			found.forEach((hypotheses, b) => {
				const own = beamSearch(alone(b), { start: [0], ...how });
				expect(hypotheses.map(({ tokens }) => tokens)).toEqual(
					own.map(({ tokens }) => tokens),
				);
				hypotheses.forEach(({ score }, i) => {
					expect(score).toBeCloseTo(own[i].score, 10);
				});
			});
		}
	});

	test("with a state of several parts, and a start of several tokens", () => {
		const writer = chain(
			words(),
			unroll(qrnn({ ...sizes, window: 3, ...make })),
			head(6),
		);
		const how = { limit: 5, width: 3 };
		const start = [
			[1, 2],
			[3, 0],
		];
		const found = beamSearch(writer, { start, ...how });
		start.forEach((own, b) => {
			expect(found[b].map(({ tokens }) => tokens)).toEqual(
				beamSearch(writer, { start: own, ...how }).map(({ tokens }) => tokens),
			);
		});
	});
});

test("starts of unequal length are refused", () => {
	const decoder = model.encode(source, { lengths });
	expect(() => greedy(decoder, { start: [[0], [0, 1]], limit: 2 })).toThrow(
		"greedy: start 1 must hold as many tokens as the first, 1, got 2",
	);
});

describe("scheduled sampling", () => {
	const tokens = [
		[0, 0, 0, 0],
		[2, 3, 1, 1],
		[1, 2, 2, 3],
	];
	const targets = [...tokens.slice(1), [4, 4, 4, 4]];
	const logits = (own: number) =>
		scheduledSampling(model.encode(source, { lengths }), tokens, {
			own,
			random: random(1),
		});

	test("with own 0 it is teacher forcing", () => {
		const forced = model.apply({ source, target: tokens }, { lengths });
		logits(0).data.forEach((value, i) => {
			expect(value).toBeCloseTo(forced.data[i], 12);
		});
	});

	test("with own 1 it reads what greedy writes", () => {
		const written = greedy(model.encode(source, { lengths }), {
			start: starts,
			limit: 3,
		});
		const own = logits(1);
		const [T, B, K] = own.shape;
		for (let t = 0; t < T; t++)
			for (let b = 0; b < B; b++) {
				const row = [
					...own.data.subarray((t * B + b) * K, (t * B + b + 1) * K),
				];
				expect(row.indexOf(Math.max(...row))).toBe(written[b][t]);
			}
	});

	test("has the gradients of finite differences", () => {
		const loss = () => softmaxCrossEntropy(logits(0.5), targets);
		expect(checkGradients(loss, model)).toBeLessThan(1e-5);
	});

	test("says what it wants", () => {
		const decoder = model.encode(source, { lengths });
		expect(() =>
			scheduledSampling(decoder, [0, 1], { own: 0, random: random(1) }),
		).toThrow(
			"scheduledSampling: tokens must be [T, B] with at least one step, got [2]",
		);
		expect(() =>
			scheduledSampling(decoder, tokens, { own: 2, random: random(1) }),
		).toThrow("scheduledSampling: own must be a number in [0, 1], got 2");
	});
});
