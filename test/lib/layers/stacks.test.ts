import {
	add,
	chain,
	checkGradients,
	concat,
	deepOutput,
	dense,
	elman,
	gru,
	layerNorm,
	lstm,
	random,
	residual,
	residualStack,
	skipStack,
	slice,
	square,
	sum,
	type Tensor,
	tensor,
	unroll,
	zeros,
} from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
const source = random(5);
const make = { random: source, ...f64 };
const xs: Tensor = zeros([4, 2, 3], { ...f64, requiresGrad: true });
for (let i = 0; i < xs.size; i++) xs.data[i] = source.normal();
const layer = (inputs: number, hidden: number) =>
	unroll(gru({ inputs, hidden, ...make }));

test("a stack of layers of different sizes is a chain", () => {
	const stack = chain(
		layer(3, 5),
		unroll(lstm({ inputs: 5, hidden: 2, ...make })),
	);
	expect(stack.apply(xs).shape).toEqual([4, 2, 2]);
});

test("residual adds the input to the outputs", () => {
	const inner = layer(3, 3);
	expect(residual(inner).apply(xs).toArray()).toEqual(
		add(xs, inner.apply(xs)).toArray(),
	);
	expect(residual(inner).weights).toBe(inner.weights);
	expect(() => residual(layer(3, 4)).apply(xs)).toThrow(
		"residual: the layer's outputs must be [4, 2, 3] as its input, got [4, 2, 4]",
	);
});

test("a residual stack adds its input again after every n layers", () => {
	const parts = [layer(3, 5), layer(5, 3), layer(3, 4), layer(4, 3)];
	const stack = residualStack(parts, { every: 2 });
	const [a, b, c, d] = parts;
	const half = add(xs, b.apply(a.apply(xs)));
	const whole = add(half, d.apply(c.apply(half)));
	expect(stack.apply(xs).toArray()).toEqual(whole.toArray());
	expect(Object.keys(stack.weights)).toContain("1.0.Wz");
	expect(() => residualStack(parts, { every: 3 })).toThrow(
		"residualStack: the number of layers must be a multiple of every=3, got 4 layers",
	);
});

test("a stack wants layers, in whole groups", () => {
	expect(() => (chain as () => unknown)()).toThrow(
		"chain: wanted at least one layer",
	);
	expect(() =>
		residualStack([unroll(elman({ ...make, inputs: 2, hidden: 2 }))], {
			every: 1.5,
		}),
	).toThrow(
		"residualStack: every must be a whole number of at least 1, got 1.5",
	);
});

test("in a skip stack each layer also reads the input", () => {
	const [a, b] = [layer(3, 5), layer(8, 2)];
	const below = a.apply(xs);
	const wanted = b.apply(concat([below, xs], 2));
	expect(skipStack(a, b).apply(xs).toArray()).toEqual(wanted.toArray());
});

test("stacks go on from their state and show their internals by place", () => {
	const stack = residualStack([layer(3, 3), layer(3, 3)]);
	const first = stack.run(slice(xs, 0, 0, 1));
	const rest = slice(xs, 0, 1, 4);
	const again = stack.run(rest, { state: first.state, inspect: true });
	expect(concat([first.outputs, again.outputs]).toArray()).toEqual(
		stack.apply(xs).toArray(),
	);
	expect(again.internals?.["1.z"].shape).toEqual([3, 2, 3]);
});

test("layer normalisation is worked by hand", () => {
	const norm = layerNorm({ size: 2, epsilon: 1e-30, ...f64 });
	norm.weights.g.data.set([2, 3]);
	norm.weights.b.data.set([10, 20]);
	// 1 and 5: mean 3, deviation 2
	expect(norm.apply(tensor([[1, 5]], f64)).toArray()).toEqual([[8, 23]]);
	expect(() => norm.apply(xs)).toThrow(
		"layerNorm: x must be [..., size=2], got [4, 2, 3]",
	);
});

test("a deep output is layers of a dense network, the last without squashing", () => {
	const deep = deepOutput({ inputs: 1, hidden: [1], outputs: 1, ...make });
	const [w0, b0, w1, b1] = Object.values(deep.weights);
	w0.data[0] = 0.5;
	b0.data[0] = 0.1;
	w1.data[0] = -3;
	b1.data[0] = 0.2;
	expect(deep.apply(tensor([[2]], f64)).item()).toBeCloseTo(
		-3 * Math.tanh(1.1) + 0.2,
		12,
	);
	const none = deepOutput({ inputs: 2, hidden: [], outputs: 3, ...make });
	expect(Object.keys(none.weights)).toEqual(["0.W", "0.b"]);
});

test("a deep output squashes as told", () => {
	const sizes = { inputs: 1, hidden: [1], outputs: 1 };
	const deep = deepOutput({ ...sizes, activation: "relu", ...make });
	deep.weights["0.W"].data[0] = deep.weights["2.W"].data[0] = 1;
	expect(deep.apply(tensor([[3]], f64)).item()).toBe(3);
});

test("all of them have the gradients of finite differences", () => {
	const model = chain(
		residualStack([layer(3, 4), layer(4, 3)], { every: 2 }),
		layerNorm({ size: 3, ...f64 }),
		skipStack(
			unroll(elman({ inputs: 3, hidden: 2, ...make })),
			dense({ inputs: 5, outputs: 4, ...make }),
		),
		deepOutput({ inputs: 4, hidden: [3], outputs: 2, ...make }),
	);
	const all = { ...model.weights, xs };
	expect(checkGradients(() => sum(square(model.apply(xs))), all)).toBeLessThan(
		1e-6,
	);
});
