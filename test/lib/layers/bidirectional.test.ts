import {
	bidirectional,
	checkGradients,
	concat,
	dropout,
	elman,
	gru,
	lstm,
	mul,
	ones,
	random,
	reversed,
	slice,
	sum,
	type Tensor,
	tensor,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";
import { normals as some } from "../drawn.ts";

const f64 = { dtype: "float64" } as const;
const make = { inputs: 3, hidden: 4, ...f64 } as const;
const both = bidirectional({
	forward: unroll(lstm({ ...make, random: random(1) })),
	backward: unroll(gru({ ...make, random: random(2) })),
});
const xs = some([5, 2, 3], 3);
const lengths = [2, 5];

/** h′ = h + x: the running sum. */
const adder = () => {
	const cell = elman({
		inputs: 1,
		hidden: 1,
		activation: "relu",
		random: random(1),
		...f64,
	});
	cell.weights.W.data[0] = cell.weights.U.data[0] = 1;
	return unroll(cell);
};
// Two sequences: 1 2 3, and 10 20 with padding after it.
const padded = tensor(
	[
		[[1], [10]],
		[[2], [20]],
		[[3], [999]],
	],
	f64,
);

test("forward sums the past and backward the future, each sequence from its own end", () => {
	const options = { lengths: [3, 2], inspect: true };
	const sums = bidirectional({ forward: adder(), backward: adder() });
	const { outputs, state, internals } = sums.run(padded, options);
	expect(outputs.toArray()).toEqual([
		[
			[1, 6],
			[10, 30],
		],
		[
			[3, 5],
			[30, 20],
		],
		[
			[6, 3],
			[0, 0],
		],
	]);
	const ends = state as Record<string, Tensor>;
	expect(ends.forward.toArray()).toEqual([[6], [30]]);
	expect(ends.backward.toArray()).toEqual([[6], [30]]);
	const { forward, backward } = sums.directions(padded, options);
	expect(concat([forward.outputs, backward.outputs], 2).toArray()).toEqual(
		outputs.toArray(),
	);
	expect(internals?.["backward.h"].toArray()).toEqual(
		backward.outputs.toArray(),
	);
});

test("merge: sum adds the two", () => {
	const sums = bidirectional({
		forward: adder(),
		backward: adder(),
		merge: "sum",
	});
	expect(sums.apply(padded, { lengths: [3, 2] }).toArray()).toEqual([
		[[7], [40]],
		[[8], [50]],
		[[9], [0]],
	]);
	expect(() =>
		bidirectional({
			forward: adder(),
			backward: adder(),
			merge: "mean" as "sum",
		}),
	).toThrow('bidirectional: merge must be "concat" or "sum", got "mean"');
});

test("weights are named by their direction", () => {
	expect(Object.keys(both.weights)).toContain("forward.Wi");
	expect(Object.keys(both.weights)).toContain("backward.Wz");
});

test("it has the gradients of finite differences, also with unequal lengths", () => {
	const weigh = some([5, 2, 8], 7).detach();
	const all = { ...both.weights, xs };
	for (const options of [{}, { lengths }])
		expect(
			checkGradients(() => sum(mul(both.apply(xs, options), weigh)), all),
		).toBeLessThan(1e-6);
});

test("padding past the length changes nothing, forward or backward", () => {
	const short = slice(slice(xs, 1, 0, 1), 0, 0, 2);
	const alone = both.run(short);
	const holed = tensor(xs.data, { shape: xs.shape });
	for (let t = 2; t < 5; t++) holed.data.fill(NaN, t * 6, t * 6 + 3);
	const run = both.run(holed, { lengths });
	expect(slice(slice(run.outputs, 1, 0, 1), 0, 0, 2).toArray()).toEqual(
		alone.outputs.toArray(),
	);
	expect(sum(slice(slice(run.outputs, 1, 0, 1), 0, 2, 5)).item()).toBe(0);
	const [ended, own] = [run.state, alone.state].map(
		(state) => (state as Record<string, Tensor>).backward,
	);
	expect(slice(ended, 0, 0, 1).toArray()).toEqual(own.toArray());
});

test("merge: sum wants outputs of one shape", () => {
	const [forward, backward] = [4, 1].map((hidden) =>
		unroll(gru({ ...make, hidden, random: random(1) })),
	);
	const sums = bidirectional({ forward, backward, merge: "sum" });
	expect(() => sums.apply(xs)).toThrow(
		"bidirectional: to sum both outputs, they must have one shape, got [5, 2, 4] and [5, 2, 1]",
	);
});

test("the order of the batch does not matter", () => {
	const [a, b] = [slice(xs, 1, 0, 1), slice(xs, 1, 1, 2)];
	const turned = both.apply(concat([b, a], 1), { lengths: [5, 2] });
	const straight = both.apply(xs, { lengths });
	expect(slice(turned, 1, 0, 1).toArray()).toEqual(
		slice(straight, 1, 1, 2).toArray(),
	);
});

test("a state given to each direction is where it starts", () => {
	const sums = bidirectional({ forward: adder(), backward: adder() });
	const state = { forward: tensor([[100]], f64), backward: tensor([[7]], f64) };
	expect(sums.apply(tensor([[[1]], [[2]]], f64), { state }).toArray()).toEqual([
		[[101, 10]],
		[[103, 9]],
	]);
});

test("reversed twice is the layer itself; a wrong length is refused", () => {
	const inner = unroll(gru({ ...make, random: random(2) }));
	expect(reversed(reversed(inner)).apply(xs, { lengths }).toArray()).toEqual(
		inner.apply(xs, { lengths }).toArray(),
	);
	expect(() => both.apply(xs, { lengths: [6, 1] })).toThrow(
		"bidirectional: lengths must be B=2 whole numbers from 0 to T=5, got [6, 1]",
	);
	expect(() => reversed(inner).apply(xs, { lengths: [6, 1] })).toThrow(
		"reversed(unroll): lengths must be B=2 whole numbers from 0 to T=5, got [6, 1]",
	);
});

test("both directions draw masks while training", () => {
	const both = bidirectional({ forward: dropout(0.5), backward: dropout(0.5) });
	const training = { training: true, random: random(1) };
	const { forward, backward } = both.directions(ones([5, 2, 20]), training);
	for (const { outputs } of [forward, backward])
		expect(new Set(outputs.data)).toEqual(new Set([0, 2]));
});
