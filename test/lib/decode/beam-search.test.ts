import {
	beamSearch,
	greedy,
	type Hypothesis,
	type Ids,
	type Layer,
	logSoftmax,
	reshape,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { byTable, opinionated, watched } from "./networks.ts";

// 0 is the start, 3 the end. Greedy takes 1 (0.6), which then is unsure; 2 (0.4) is sure of its end.
const unsure = byTable([
	[0, 0.6, 0.4, 0],
	[0, 0.3, 0.3, 0.4],
	[0, 0, 0, 1],
	[0, 0, 0, 1],
]);

test("beam search finds the likelier text that greedy misses", () => {
	const options = { start: [0], end: 3, limit: 5 };
	expect(greedy(unsure, options)).toEqual([1]);
	const [best, second] = beamSearch(unsure, { ...options, width: 2 });
	expect(best.tokens).toEqual([2]);
	expect(best.logProbability).toBeCloseTo(Math.log(0.4), 6);
	expect(best.ended).toBe(true);
	expect(second.tokens).toEqual([1]);
	expect(second.logProbability).toBeCloseTo(Math.log(0.6 * 0.4), 6);
});

test("length normalisation divides by lengthᵅ and lets the longer text win", () => {
	// either the end at once (0.5), or 1, 2 and then the end (0.45)
	const net = byTable([
		[0, 0.45, 0.05, 0.5],
		[0, 0, 1, 0],
		[0, 0, 0, 1],
		[0, 0, 0, 1],
	]);
	const best = (alpha?: number, width = 2) =>
		beamSearch(net, { start: [0], end: 3, limit: 6, width, alpha })[0];
	expect(best().tokens).toEqual([]);
	expect(best(1).tokens).toEqual([1, 2]);
	// nor does it stop while the longer one, behind so far, may still win
	expect(best(1, 1).tokens).toEqual([1, 2]);
	expect(best(1).score).toBeCloseTo(Math.log(0.45) / 3, 6);
	expect(best(0.5).score).toBeCloseTo(Math.log(0.45) / Math.sqrt(3), 6);
});

test("a beam returns as many texts as it is wide, and no impossible one", () => {
	const net = byTable([
		[0, 0.3, 0.1, 0.6],
		[0, 0, 0, 1],
		[0, 0, 0, 1],
		[0, 0, 0, 1],
	]);
	const texts = (width: number) =>
		beamSearch(net, { start: [0], end: 3, limit: 4, width }).map(
			({ tokens }) => tokens,
		);
	expect(texts(2)).toEqual([[], [1]]);
	expect(texts(9)).toEqual([[], [1], [2]]);
});

test("beam search goes on while what is under way may be among the best", () => {
	// the end at once 0.5; 1 and the end 0.18; 2, 4 and the end 0.2
	const net = byTable([
		[0, 0.3, 0.2, 0.5, 0],
		[0.4, 0, 0, 0.6, 0],
		[0, 0, 0, 0, 1],
		[0, 0, 0, 1, 0],
		[0, 0, 0, 1, 0],
	]);
	const found = beamSearch(net, { start: [0], end: 3, limit: 5, width: 2 });
	expect(found.map(({ tokens }) => tokens)).toEqual([[], [2, 4]]);
});

test("beam search stops when nothing under way can be among the best", () => {
	const sure = byTable([
		[0, 0.05, 0.05, 0.9],
		[0, 1, 0, 0],
		[0, 0, 1, 0],
		[0, 0, 0, 1],
	]);
	const { model, recorded } = watched(sure);
	beamSearch(model, { start: [0], end: 3, limit: 50, width: 1 });
	expect(recorded).toHaveLength(1); // it read the start alone
});

test("a text that comes to the limit is not ended", () => {
	const [best] = beamSearch(unsure, { start: [0], limit: 2, width: 3, end: 9 });
	expect(best).toMatchObject({ tokens: [2, 3], ended: false });
});

const end = 3;
const limit = 5;
/** All texts up to the limit, with their scores, the best first. */
function exhaustive(net: Layer<Ids>, alpha: number): Hypothesis[] {
	const found: Hypothesis[] = [];
	const visit = (tokens: number[], logProbability: number) => {
		const ids = [0, ...tokens].map((id) => [id]);
		const logP = logSoftmax(reshape(net.apply(ids), [ids.length, 4])).data;
		for (let token = 0; token < 4; token++) {
			const total = logProbability + logP[tokens.length * 4 + token];
			const length = tokens.length + 1;
			const score = total / length ** alpha;
			const ended = token === end;
			const written = ended ? tokens : [...tokens, token];
			if (ended || length === limit)
				found.push({ tokens: written, logProbability: total, score, ended });
			else visit(written, total);
		}
	};
	visit([], 0);
	return found.sort((a, b) => b.score - a.score);
}

describe.each([0, 0.7, 1])("with α = %s", (alpha) => {
	test("a beam wide enough for everything is exhaustive search", () => {
		const net = opinionated(1);
		const all = exhaustive(net, alpha);
		const got = beamSearch(net, { start: [0], end, limit, alpha, width: 1000 });
		expect(got).toHaveLength(all.length);
		got.forEach((hypothesis, i) => {
			expect(hypothesis.score).toBeCloseTo(all[i].score, 5);
		});
		expect(got[0].tokens).toEqual(all[0].tokens);
	});

	test.each([2, 3, 4, 5, 6])(
		"a beam of 12 finds the best of all texts of network %s, and stopping early loses nothing",
		(seed) => {
			const net = opinionated(seed);
			const [best] = exhaustive(net, alpha);
			const [got] = beamSearch(net, {
				start: [0],
				end,
				limit,
				alpha,
				width: 12,
			});
			expect(got.tokens).toEqual(best.tokens);
			expect(got.logProbability).toBeCloseTo(best.logProbability, 5);
		},
	);
});

test.each([1, 2, 3, 4, 5, 6])("a beam of 1 is greedy, network %s", (seed) => {
	const options = { start: [0, 2], end, limit: 8 };
	const [got] = beamSearch(opinionated(seed), { ...options, width: 1 });
	expect(got.tokens).toEqual(greedy(opinionated(seed), options));
});

test("it says what does not fit", () => {
	const search = (options: object) => () =>
		beamSearch(unsure, { start: [0], limit: 2, width: 2, ...options });
	expect(search({ width: 0 })).toThrow(
		"beamSearch: width must be a whole number of at least 1, got 0",
	);
	expect(search({ alpha: -1 })).toThrow(
		"beamSearch: alpha must be a number of at least 0, got -1",
	);
	expect(search({ limit: 0 })).toThrow(
		"beamSearch: limit must be a whole number of at least 1, got 0",
	);
	expect(search({ start: [] })).toThrow(
		"beamSearch: start must hold at least one token",
	);
});
