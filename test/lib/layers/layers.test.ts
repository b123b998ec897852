import {
	bidirectional,
	type Cell,
	type CellMode,
	chain,
	dense,
	detach,
	elman,
	embedding,
	gru,
	type LayerState,
	lstm,
	ones,
	random,
	sru,
	sum,
	tanh,
	tensor,
	unroll,
	zeros,
} from "unrolled";
import { describe, expect, test } from "vitest";

const source = random(1);
const model = chain(
	embedding({ tokens: 5, size: 3, random: source }),
	unroll(elman({ inputs: 3, hidden: 4, random: source })),
	dense({ inputs: 4, outputs: 5, random: source }),
);

test("dense is a product and a bias for each row", () => {
	const layer = dense({ inputs: 2, outputs: 1, random: random(1) });
	layer.weights.W.data.set([2, 3]);
	layer.weights.b.data.set([10]);
	expect(
		layer
			.apply(
				tensor([
					[1, 1],
					[0, 2],
				]),
			)
			.toArray(),
	).toEqual([[15], [16]]);
	expect(() => layer.apply(tensor([[1, 2, 3]]))).toThrow(
		"dense: x must be [..., D=2], got [1, 3]",
	);
});

test("an embedding gives the rows of its table", () => {
	const layer = embedding({ tokens: 2, size: 2, random: random(1) });
	layer.weights.table.data.set([1, 2, 3, 4]);
	expect(layer.apply([[1, 0]]).toArray()).toEqual([
		[
			[3, 4],
			[1, 2],
		],
	]);
});

test("an embedding starts at N(0, 0.3²)", () => {
	const layer = embedding({ tokens: 100, size: 100, random: random(1) });
	const numbers = Array.from(layer.weights.table.data);
	const variance = numbers.reduce((sum, v) => sum + v * v, 0) / 1e4;
	expect(variance).toBeCloseTo(0.09, 2);
});

test("a chain names its weights by place and gives outputs and states", () => {
	expect(Object.keys(model.weights)).toEqual([
		"0.table",
		"1.W",
		"1.U",
		"1.b",
		"2.W",
		"2.b",
	]);
	const { outputs, state } = model.run([
		[0, 1],
		[2, 3],
		[4, 0],
	]);
	expect(outputs.shape).toEqual([3, 2, 5]);
	expect(state).toHaveLength(3);
	expect(() => model.run([[0]], { state: [] })).toThrow(
		"chain: state must be a list of 3, one for each layer, got []",
	);
});

test("a chain takes plain functions between its layers", () => {
	const [first, second] = [
		dense({ inputs: 2, outputs: 3, random: random(1) }),
		dense({ inputs: 3, outputs: 1, random: random(2) }),
	];
	const net = chain(first, tanh, second);
	const x = tensor([[1, -2]]);
	expect(Object.keys(net.weights)).toEqual(["0.W", "0.b", "2.W", "2.b"]);
	expect(net.apply(x).toArray()).toEqual(
		second.apply(tanh(first.apply(x))).toArray(),
	);
});

test("a chain goes on from its state", () => {
	const first = model.run([
		[0, 1],
		[2, 3],
	]);
	const rest = model.apply([[4, 0]], { state: first.state });
	const whole = model.apply([
		[0, 1],
		[2, 3],
		[4, 0],
	]);
	expect(rest.toArray()).toEqual([(whole.toArray() as number[][][])[2]]);
});

describe("a state that is not of the cell is refused", () => {
	const make = { inputs: 3, hidden: 4, random: random(1) };
	const xs = zeros([5, 2, 3]);
	const h = zeros([2, 4]);
	const wanted = "{ h: float32 [B=2, 4], c: float32 [B=2, 4] }";
	test.each<[string, Cell, LayerState, string, string]>([
		[
			"of other sequences",
			gru(make),
			zeros([3, 4]),
			"float32 [B=2, 4]",
			"float32 [3, 4]",
		],
		[
			"of another size",
			sru(make),
			zeros([2, 5]),
			"float32 [B=2, 4]",
			"float32 [2, 5]",
		],
		[
			"in double",
			elman(make),
			zeros([2, 4], { dtype: "float64" }),
			"float32 [B=2, 4]",
			"float64 [2, 4]",
		],
		["of one part for two", lstm(make), h, wanted, "float32 [2, 4]"],
		[
			"of two parts for one",
			gru(make),
			{ h, c: h },
			"float32 [B=2, 4]",
			"{ h: float32 [2, 4], c: float32 [2, 4] }",
		],
		[
			"with a part left out",
			lstm(make),
			{ h },
			wanted,
			"{ h: float32 [2, 4] }",
		],
		["of a chain", lstm(make), [h], wanted, "a list of 1"],
	])("%s", (_, cell, state, must, got) => {
		const words = `unroll(${cell.name}): state must be ${must}, got ${got}`;
		expect(() => unroll(cell).run(xs, { state })).toThrow(words);
	});

	test("but its parts may come in any order", () => {
		const layer = unroll(lstm(make));
		const c = ones([2, 4]);
		const [straight, turned] = [
			{ h, c },
			{ c, h },
		].map((state) => layer.apply(xs, { state }).toArray());
		expect(turned).toEqual(straight);
	});

	test("and layers of layers say what theirs is made of", () => {
		const one = unroll(gru(make));
		const both = bidirectional({ forward: one, backward: one });
		expect(() => both.run(xs, { state: { h } })).toThrow(
			"bidirectional: state must be { forward, backward }, got { h }",
		);
		expect(() => chain(one).run(xs, { state: { h } })).toThrow(
			"chain: state must be a list of 1, one for each layer, got { h }",
		);
	});
});

test("inputs of another type than the weights are refused", () => {
	const layer = unroll(lstm({ inputs: 3, hidden: 4, random: random(1) }));
	expect(() => layer.apply(zeros([5, 2, 3], { dtype: "float64" }))).toThrow(
		"unroll(lstm): xs must be float32 as the weights are, got float64",
	);
});

test("a cell is told how it is run before the first step", () => {
	const cell = gru({ inputs: 1, hidden: 1, random: random(1) });
	const told: CellMode[] = [];
	const prepare = (mode: CellMode) => {
		told.push(mode);
		return cell;
	};
	const source = random(2);
	const layer = unroll({ ...cell, prepare });
	layer.apply(zeros([2, 3, 1]), { training: true, random: source });
	layer.apply(zeros([2, 3, 1]));
	expect(told).toEqual([
		{ dtype: "float32", training: true, random: source },
		{ dtype: "float32" },
	]);
});

test("a detached state carries its numbers but no gradient", () => {
	const layer = unroll(elman({ inputs: 1, hidden: 1, random: random(3) }));
	const xs = tensor([[[1]]], { requiresGrad: true });
	const { state } = layer.run(xs);
	const cut = detach(state);
	expect(cut.toArray()).toEqual(state.toArray());
	sum(layer.apply(zeros([1, 1, 1]), { state: cut })).backward();
	expect(xs.grad).toBe(null);
	sum(layer.apply(zeros([1, 1, 1]), { state })).backward();
	expect(xs.grad).not.toBe(null);
});

test("a detached state of a chain carries none either", () => {
	const cell = () => lstm({ inputs: 1, hidden: 1, random: random(3) });
	const stack = chain(unroll(cell()), unroll(cell()));
	const xs = tensor([[[1]]], { requiresGrad: true });
	const { state } = stack.run(xs);
	sum(stack.apply(zeros([1, 1, 1]), { state: detach(state) })).backward();
	expect(xs.grad).toBe(null);
});
