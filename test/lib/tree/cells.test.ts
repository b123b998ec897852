import {
	childSumLstm,
	fold,
	lstm,
	naryLstm,
	random,
	recursive,
	type Tensor,
	type Tree,
	tensor,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
const one = { inputs: 1, hidden: 1, random: random(1), ...f64 };
const σ = (v: number) => 1 / (1 + Math.exp(-v));
const set = (weights: Record<string, Tensor>, values: object) => {
	for (const [name, value] of Object.entries(values))
		weights[name].data.set([value].flat());
};
const inputs = tensor([[0.5], [-1], [2]], f64);
/** A node with x = 2 over leaves with x = 0.5 and x = −1. */
const tree: Tree = { label: 2, children: [{ label: 0 }, { label: 1 }] };

test("the recursive network agrees with its equation worked by hand", () => {
	const cell = recursive(one);
	set(cell.weights, { W: 0.7, U: [0.3, -0.9], b: 0.1 });
	const first = Math.tanh(0.5 * 0.7 + 0.1);
	const second = Math.tanh(-1 * 0.7 + 0.1);
	const root = Math.tanh(2 * 0.7 + first * 0.3 + second * -0.9 + 0.1);
	const { outputs, state } = fold(cell).run({ trees: [tree], inputs });
	expect(outputs.item()).toBeCloseTo(root, 12);
	const all = state.h.data;
	[first, second, root].forEach((h, i) => {
		expect(all[i]).toBeCloseTo(h, 12);
	});
	// an only child in the second place, and a node without label
	const right: Tree = { children: [null, { label: 1 }] };
	expect(
		fold(cell)
			.apply({ trees: [right], inputs })
			.item(),
	).toBeCloseTo(Math.tanh(second * -0.9 + 0.1), 12);
});

test("a node has two places unless told", () => {
	expect(recursive(one).places).toBe(2);
	expect(naryLstm(one).places).toBe(2);
});

/** One Tree-LSTM node of one unit: x and its children's h̃ for each gate, and what is kept of their memories. */
function byHand(
	x: number,
	below: Record<"i" | "o" | "u", number>,
	kept: number,
): { h: number; c: number } {
	const c = σ(0.5 * x + below.i + 0.1) * Math.tanh(x + below.u + 0.3) + kept;
	return { h: σ(0.25 * x + below.o - 0.4) * Math.tanh(c), c };
}
const W = { Wi: 0.5, Wf: -1, Wo: 0.25, Wu: 1 };
const b = { bi: 0.1, bf: 0.2, bo: -0.4, bu: 0.3 };
const nothing = { i: 0, o: 0, u: 0 };
const left = byHand(0.5, nothing, 0);
const right = byHand(-1, nothing, 0);

test("the child-sum Tree-LSTM agrees with its equations worked by hand, a forget gate for each child", () => {
	const cell = childSumLstm(one);
	set(cell.weights, { ...W, ...b, Ui: 1, Uf: 2, Uo: 0.75, Uu: -0.5 });
	const sum = left.h + right.h;
	const kept =
		σ(-2 + 2 * left.h + 0.2) * left.c + σ(-2 + 2 * right.h + 0.2) * right.c;
	const root = byHand(2, { i: sum, o: 0.75 * sum, u: -0.5 * sum }, kept);
	const { outputs, state } = fold(cell).run({ trees: [tree], inputs });
	expect(outputs.item()).toBeCloseTo(root.h, 12);
	expect(state.c.data[2]).toBeCloseTo(root.c, 12);
});

test("the N-ary Tree-LSTM agrees with its equations worked by hand, every place different", () => {
	const cell = naryLstm(one);
	set(cell.weights, {
		...W,
		...b,
		Ui: [1, -1],
		Uf1: [2, 0.6],
		Uf2: [-0.3, 1.5],
		Uo: [0.75, 0.35],
		Uu: [-0.5, 0.8],
	});
	const mixed = (first: number, second: number) =>
		first * left.h + second * right.h;
	const kept =
		σ(-2 + mixed(2, 0.6) + 0.2) * left.c +
		σ(-2 + mixed(-0.3, 1.5) + 0.2) * right.c;
	const root = byHand(
		2,
		{ i: mixed(1, -1), o: mixed(0.75, 0.35), u: mixed(-0.5, 0.8) },
		kept,
	);
	const got = fold(cell).run({ trees: [tree], inputs }, { inspect: true });
	expect(got.outputs.item()).toBeCloseTo(root.h, 12);
	expect(got.internals?.f2.data[2]).toBeCloseTo(
		σ(-2 + mixed(-0.3, 1.5) + 0.2),
		12,
	);
});

test.each([
	["child-sum", childSumLstm, "Uf"],
	["N-ary", (o: typeof one) => naryLstm({ ...o, places: 1 }), "Uf1"],
] as const)(
	"a %s Tree-LSTM on a chain is the LSTM of that chain",
	(_, make, Uf) => {
		const sizes = { inputs: 3, hidden: 4, random: random(3), ...f64 };
		const sequence = lstm(sizes);
		const w: Record<string, Tensor> = sequence.weights;
		w.bi.data.fill(0.3);
		const cell = make(sizes);
		for (const [name, own] of Object.entries(cell.weights))
			own.data.set(w[name === Uf ? "Uf" : name.replace("u", "g")].data);
		const source = random(9);
		const xs = tensor(
			Float64Array.from({ length: 15 }, () => source.normal()),
			{
				shape: [5, 3],
			},
		);
		let chain: Tree = { label: 0 };
		for (let t = 1; t < 5; t++) chain = { label: t, children: [chain] };
		const { state } = fold(cell).run({ trees: [chain], inputs: xs });
		const over = unroll(sequence).run(tensor(xs.data, { shape: [5, 1, 3] }));
		state.h.data.forEach((h, i) => {
			expect(h).toBeCloseTo(over.outputs.data[i], 13);
		});
	},
);
