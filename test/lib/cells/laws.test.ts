import {
	add,
	checkGradients,
	concat,
	detach,
	type LayerState,
	mul,
	random,
	slice,
	sum,
	type Tap,
	Tensor,
	tensor,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { normals as some } from "../drawn.ts";
import { cells, layers, masked } from "./table.ts";

/** The same sequences with NaN past their lengths. */
function holed(xs: Tensor, lengths: readonly number[]): Tensor {
	const [, B, D] = xs.shape;
	const data = xs.data.map((v, i) =>
		Math.floor(i / (B * D)) < lengths[Math.floor(i / D) % B] ? v : NaN,
	);
	return tensor(data, { shape: xs.shape, requiresGrad: true });
}
const weighed = (y: Tensor): Tensor =>
	sum(mul(y, some([...y.shape], 77).detach()));

/** One of two sequences. */
const only = (b: number, xs: Tensor): Tensor => slice(xs, 1, b, b + 1);
const swapped = (xs: Tensor): Tensor => concat([only(1, xs), only(0, xs)], 1);
const parts = (state: LayerState): Tensor[] =>
	state instanceof Tensor ? [state] : Object.values(state ?? {}).flatMap(parts);

describe.each(layers)("%s", (_, { inputs: D, over, reads }) => {
	const xs = some([5, 2, D], 3);
	const memory = some([3, 2, 2], 5);
	const layer = over(memory);
	const lengths = [2, 5];

	test("has the gradients of finite differences, through time", () => {
		const all = { ...layer.weights, xs };
		const loss = () => weighed(over(memory).apply(xs));
		expect(checkGradients(loss, all)).toBeLessThan(1e-6);
	});

	test("has the gradients of finite differences with unequal lengths, whatever the padding", () => {
		const padded = holed(xs, lengths);
		const all = { ...layer.weights, xs: padded };
		const loss = () => weighed(over(memory).apply(padded, { lengths }));
		expect(checkGradients(loss, all)).toBeLessThan(1e-6);
	});

	if (reads !== "both ways")
		test("running T steps is running some and then the rest", () => {
			const inTurn = (list: Tensor[]) =>
				reads === "backward" ? list.toReversed() : list;
			const [a, b] = inTurn([slice(xs, 0, 0, 2), slice(xs, 0, 2, 5)]);
			const first = layer.run(a);
			const rest = layer.run(b, { state: first.state });
			const whole = layer.run(xs);
			expect(concat(inTurn([first.outputs, rest.outputs])).toArray()).toEqual(
				whole.outputs.toArray(),
			);
			expect(detach(rest.state)).toEqual(detach(whole.state));
		});

	test("the order of the batch does not matter", () => {
		const turned = over(swapped(memory));
		for (const ends of [undefined, lengths]) {
			const straight = layer.apply(xs, { lengths: ends });
			expect(
				turned.apply(swapped(xs), { lengths: ends?.toReversed() }).toArray(),
			).toEqual(swapped(straight).toArray());
		}
	});

	test("padding past the length changes nothing", () => {
		const short = over(only(0, memory)).run(slice(only(0, xs), 0, 0, 2));
		const padded = layer.run(holed(xs, lengths), { lengths });
		const outputs = only(0, padded.outputs);
		expect(slice(outputs, 0, 0, 2).toArray()).toEqual(short.outputs.toArray());
		expect(sum(slice(outputs, 0, 2, 5)).item()).toBe(0);
		const ends = parts(padded.state).map((part) => slice(part, 0, 0, 1));
		const own = parts(short.state).map((part) => part.toArray());
		expect(own.length).toBeGreaterThan(0);
		expect(ends.map((end) => end.toArray())).toEqual(own);
	});

	test("nothing comes of no steps or of an empty batch", () => {
		const [, , H] = layer.apply(xs).shape;
		for (const [T, B] of [
			[0, 2],
			[5, 0],
		]) {
			const nobody = zeros([3, B, 2], { dtype: "float64" });
			const none = zeros([T, B, D], { dtype: "float64" });
			for (const lengths of [undefined, Array<number>(B).fill(0)])
				expect(over(nobody).apply(none, { lengths }).shape).toEqual([T, B, H]);
		}
	});
});

describe.each(cells)("%s", (_, cell) => {
	const layer = unroll(cell);
	const D = cell.inputs;
	const xs = some([5, 2, D], 3);

	describe("under a tap", () => {
		const x = some([2, D], 4);
		const before = cell.step(x, cell.start(2)).state;
		const stepped = (tap: Tap) => {
			const { output, state } = cell.step(x, before, tap);
			return detach({ output, state });
		};
		const names = new Set<string>();
		const plain = stepped((name, value) => {
			names.add(name);
			return value;
		});

		test("the step goes on with what the tap returns, whatever it changes", () => {
			for (const changed of names) {
				const tap: Tap = (name, v) => (name === changed ? add(v, 1) : v);
				expect(stepped(tap), changed).not.toEqual(plain);
			}
		});

		test("products with U read the past that the tap sees", () => {
			const recurrent = Object.keys(cell.weights).some((w) => w[0] === "U");
			expect(names.has("past")).toBe(recurrent);
		});
	});

	test("says which shape a step wants", () => {
		const x = (size: number) => zeros([2, size], { dtype: "float64" });
		expect(() => cell.step(x(D + 1), cell.start(2))).toThrow(
			new RegExp(`: .* must be \\[B=2, D.*=${D}\\], got \\[2, ${D + 1}\\]`),
		);
		expect(() => cell.step(x(D), cell.start(3))).toThrow(
			/: .* must be \[B=2, .*=\d\], got \[3, \d\]/,
		);
	});

	test("says which shape was wanted", () => {
		const wrong = () => layer.apply(zeros([5, 2, 7], { dtype: "float64" }));
		expect(wrong).toThrow(
			`unroll(${cell.name}): xs must be [T, B, D=${D}], got [5, 2, 7]`,
		);
		expect(() => layer.apply(xs, { lengths: [6, 1] })).toThrow(
			"unroll: lengths must be B=2 whole numbers from 0 to T=5, got [6, 1]",
		);
		expect(() => layer.apply(xs, { lengths: 2 as never })).toThrow(
			"unroll: lengths must be B=2 whole numbers from 0 to T=5, got 2",
		);
	});
});

describe.each(masked)("%s, while training", (_, { inputs: D, over }) => {
	const memory = some([3, 2, 2], 5);
	const layer = over(memory);
	const xs = some([4, 2, D], 3);
	const run = (seed: number, lengths?: number[]) =>
		over(memory).run(xs, { training: true, random: random(seed), lengths });

	test("has the gradients of finite differences under the same masks", () => {
		const all = { ...layer.weights, xs };
		for (const lengths of [undefined, [2, 4]])
			expect(
				checkGradients(() => weighed(run(9, lengths).outputs), all),
			).toBeLessThan(1e-6);
	});

	test("draws the masks anew in each run, and the same from the same seed", () => {
		expect(run(1).outputs.toArray()).toEqual(run(1).outputs.toArray());
		expect(run(1).outputs.toArray()).not.toEqual(run(2).outputs.toArray());
	});

	test("padding past the length changes nothing", () => {
		const lengths = [2, 2];
		const [near, padded] = [xs, holed(xs, lengths)].map((given) =>
			layer.run(given, { training: true, random: random(1), lengths }),
		);
		expect(padded.outputs.toArray()).toEqual(near.outputs.toArray());
		expect(detach(padded.state)).toEqual(detach(near.state));
	});

	test("says that it needs a source of random numbers", () => {
		expect(() => layer.run(xs, { training: true })).toThrow(
			"training draws masks, so it needs { random }",
		);
	});
});
