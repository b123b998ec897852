import { beamSearch, greedy } from "unrolled";
import { expect, test } from "vitest";
import { byTable, opinionated, watched } from "./networks.ts";

const alphabet = byTable([
	[0, 1, 0, 0],
	[0, 0, 1, 0],
	[0, 0, 0, 1],
	[1, 0, 0, 0],
]);

test("greedy writes the likeliest token each time, to the end or the limit", () => {
	expect(greedy(alphabet, { start: [0], limit: 6 })).toEqual([
		1, 2, 3, 0, 1, 2,
	]);
	expect(greedy(alphabet, { start: [2, 0], limit: 6, end: 3 })).toEqual([1, 2]);
	expect(greedy(alphabet, { start: [0], limit: 0 })).toEqual([]);
	expect(() => greedy(alphabet, { start: [], limit: 1 })).toThrow(
		"greedy: start must hold at least one token",
	);
});

test("greedy reads the start and what it writes, but for the last, and records nothing", () => {
	const { model, recorded } = watched(alphabet);
	greedy(model, { start: [0, 1], limit: 3 });
	expect(recorded).toEqual([false, false, false, false]);
});

test("a network that puts out NaN writes nothing, and says so", () => {
	const broken = byTable([
		[NaN, 1],
		[1, 1],
	]);
	const options = { start: [0], limit: 3 };
	const message =
		"the network's outputs are NaN: it has diverged, or its input holds NaN";
	expect(() => greedy(broken, options)).toThrow(message);
	expect(() => beamSearch(broken, { ...options, width: 2 })).toThrow(message);
	expect(() => greedy(alphabet, { start: [0], limit: 2.5 })).toThrow(
		"greedy: limit must be a whole number of at least 0, got 2.5",
	);
});

test("greedy begins in the state given", () => {
	const net = opinionated(5);
	const { state } = net.run([[0], [1]]);
	const written = greedy(net, { start: [0, 1, 2], limit: 8 });
	expect(greedy(net, { start: [2], limit: 8, state })).toEqual(written);
	expect(greedy(net, { start: [2], limit: 8 })).not.toEqual(written);
});
