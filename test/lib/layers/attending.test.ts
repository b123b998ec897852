import {
	attending,
	dotAttention,
	elman,
	lstm,
	qrnn,
	random,
	type Tensor,
	tensor,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";

const f64 = { dtype: "float64" } as const;
// a memory of two steps, 0.5 and −1
const attend = dotAttention().over(tensor([[[0.5]], [[-1]]], f64));

test("an attending cell agrees with its equations worked by hand: it asks by the state before the step", () => {
	const cell = elman({ inputs: 2, hidden: 1, random: random(1), ...f64 });
	cell.weights.W.data.set([0.3, 0.7]); // x, then the context
	cell.weights.U.data.set([-0.2]);
	cell.weights.b.data.set([0.1]);
	const h = tensor([[2]], f64);
	const seen: Record<string, Tensor> = {};
	const { output } = attending(cell, { attend, inputs: 1 }).step(
		tensor([[4]], f64),
		h,
		(name, value) => {
			seen[name] = value;
			return value;
		},
	);
	const a = Math.exp(2 * 0.5) / (Math.exp(2 * 0.5) + Math.exp(2 * -1));
	const c = a * 0.5 + (1 - a) * -1;
	expect(output.item()).toBeCloseTo(
		Math.tanh(4 * 0.3 + c * 0.7 + 2 * -0.2 + 0.1),
		12,
	);
	expect(seen.attention.shape).toEqual([1, 2]);
	expect(seen.attention.data[0]).toBeCloseTo(a, 12);
});

test("an LSTM asks by its h, and a cell without h says so", () => {
	const make = { inputs: 2, hidden: 1, random: random(1), ...f64 };
	const xs = tensor([[[1]], [[2]]], f64);
	const over = unroll(attending(lstm(make), { attend, inputs: 1 }));
	expect(over.apply(xs).shape).toEqual([2, 1, 1]);
	expect(() =>
		unroll(attending(qrnn(make), { attend, inputs: 1 })).apply(xs),
	).toThrow(
		"attending: the cell's state must have an h, the query of the attention; that of qrnn has c, past",
	);
});

test("a tap decides where an attending cell looks", () => {
	const cell = elman({ inputs: 2, hidden: 1, random: random(1), ...f64 });
	const tap = (name: string, value: Tensor) =>
		name === "attention" ? tensor([[0, 1]], f64) : value;
	const [x, h] = [tensor([[4]], f64), tensor([[2]], f64)];
	const { output } = attending(cell, { attend, inputs: 1 }).step(x, h, tap);
	const second = cell.step(tensor([[4, -1]], f64), h).output;
	expect(output.item()).toBe(second.item());
});
