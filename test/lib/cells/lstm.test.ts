import { constant, lstm, random, tensor, unroll } from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

test("lstm agrees with its equations worked by hand, every gate different", () => {
	const cell = lstm({ inputs: 1, hidden: 1, random: random(1), ...f64 });
	const w = cell.weights;
	const set = (
		gate: "i" | "f" | "g" | "o",
		W: number,
		U: number,
		b: number,
	) => {
		w[`W${gate}`].data[0] = W;
		w[`U${gate}`].data[0] = U;
		w[`b${gate}`].data[0] = b;
	};
	set("i", 0.5, 1, 0.1);
	set("f", -1, 2, 0.2);
	set("g", 1, -0.5, 0.3);
	set("o", 0.25, 0.75, -0.4);
	// x = 2, h = 0.4, c = −0.6
	const { output, state } = cell.step(tensor([[2]], f64), {
		h: tensor([[0.4]], f64),
		c: tensor([[-0.6]], f64),
	});
	const i = sigmoid(1 + 0.4 + 0.1);
	const f = sigmoid(-2 + 0.8 + 0.2);
	const g = Math.tanh(2 - 0.2 + 0.3);
	const o = sigmoid(0.5 + 0.3 - 0.4);
	const c = f * -0.6 + i * g;
	expect(state.c.item()).toBeCloseTo(c, 12);
	expect(output.item()).toBeCloseTo(o * Math.tanh(c), 12);
	expect(state.h).toBe(output);
});

test("the memory is carried: with f = 1, i = 0 and o = 0 it stays for 50 steps while h is 0", () => {
	const cell = lstm({ inputs: 1, hidden: 1, random: random(1), ...f64 });
	cell.weights.bi.data[0] = -1e3;
	cell.weights.bf.data[0] = 1e3;
	cell.weights.bo.data[0] = -1e3;
	const start = { h: tensor([[0]], f64), c: tensor([[0.7]], f64) };
	const { outputs, state } = unroll(cell).run(
		tensor(new Float64Array(50).fill(3), { shape: [50, 1, 1] }),
		{
			state: start,
		},
	);
	expect(outputs.data.every((h) => h === 0)).toBe(true);
	expect((state as typeof start).c.item()).toBe(0.7);
});

test("the forget bias starts at 1, the others at 0, unless told", () => {
	const { weights } = lstm({ inputs: 2, hidden: 2, random: random(1) });
	expect(weights.bf.toArray()).toEqual([1, 1]);
	expect(weights.bi.toArray()).toEqual([0, 0]);
	const initial = { b: constant(0.5) };
	const told = lstm({ inputs: 2, hidden: 2, random: random(1), initial });
	expect(told.weights.bf.toArray()).toEqual([0.5, 0.5]);
	expect(() =>
		lstm({
			inputs: 2,
			hidden: 2,
			random: random(1),
			initial: { Ux: () => weights.bf },
		}),
	).toThrow(
		"lstm: initial names Ux, which is not one of Wi, Ui, bi, Wf, Uf, bf, Wg, Ug, bg, Wo, Uo, bo",
	);
});
