import {
	layerNormLstm,
	lstm,
	lstm1997,
	peephole,
	projectedLstm,
	random,
} from "unrolled";
import { expect, test } from "vitest";
import { f64, set, sigmoid } from "./by-hand.ts";

const make = {
	inputs: 1,
	hidden: 1,
	random: random(1),
	dtype: "float64",
} as const;
const gates = {
	Wi: 0.5,
	Ui: 1,
	bi: 0.1,
	Wg: 1,
	Ug: -0.5,
	bg: 0.3,
	Wo: 0.25,
	Uo: 0.75,
	bo: -0.4,
};
const forget = { Wf: -1, Uf: 2, bf: 0.2 };
// x = 2, h = 0.4, c = −0.6
const x = f64([[2]]);
const before = { h: f64([[0.4]]), c: f64([[-0.6]]) };

test("peephole agrees with its equations worked by hand: o looks at the new memory", () => {
	const cell = peephole(make);
	set(cell.weights, { ...gates, ...forget, pi: 0.7, pf: -0.9, po: 1.1 });
	const { output, state } = cell.step(x, before);
	const i = sigmoid(1 + 0.4 + 0.7 * -0.6 + 0.1);
	const f = sigmoid(-2 + 0.8 - 0.9 * -0.6 + 0.2);
	const c = f * -0.6 + i * Math.tanh(2 - 0.2 + 0.3);
	const o = sigmoid(0.5 + 0.3 + 1.1 * c - 0.4);
	expect(state.c.item()).toBeCloseTo(c, 12);
	expect(output.item()).toBeCloseTo(o * Math.tanh(c), 12);
});

test("a new peephole LSTM is the LSTM", () => {
	const plain = lstm({ ...make, hidden: 3, random: random(4) });
	const looking = peephole({ ...make, hidden: 3, random: random(4) });
	const state = { h: f64([[0.1, -0.2, 0.3]]), c: f64([[1, 2, -3]]) };
	expect(looking.step(x, state).output.toArray()).toEqual(
		plain.step(x, state).output.toArray(),
	);
});

test("lstm1997 agrees with its equations worked by hand: nothing is forgotten", () => {
	const cell = lstm1997(make);
	set(cell.weights, gates);
	const { output, state } = cell.step(x, before);
	const i = sigmoid(1 + 0.4 + 0.1);
	const g = 4 * sigmoid(2 - 0.2 + 0.3) - 2;
	const o = sigmoid(0.5 + 0.3 - 0.4);
	const c = -0.6 + i * g;
	expect(state.c.item()).toBeCloseTo(c, 12);
	expect(output.item()).toBeCloseTo(o * (2 * sigmoid(c) - 1), 12);
});

test("projectedLstm agrees with its equations worked by hand: two cells, one output", () => {
	const cell = projectedLstm({ ...make, hidden: 2, projection: 1 });
	const twice = Object.entries({ ...gates, ...forget }).map(([name, v]) => [
		name,
		[v, 2 * v],
	]);
	set(cell.weights, { ...Object.fromEntries(twice), P: [0.6, -1.3] });
	const { output, state } = cell.step(x, {
		h: f64([[0.4]]),
		c: f64([[-0.6, 0.8]]),
	});
	const memory = (k: number, c: number) =>
		sigmoid(k * (-2 + 0.8 + 0.2)) * c +
		sigmoid(k * (1 + 0.4 + 0.1)) * Math.tanh(k * (2 - 0.2 + 0.3));
	const [c1, c2] = [memory(1, -0.6), memory(2, 0.8)];
	const o = (k: number) => sigmoid(k * (0.5 + 0.3 - 0.4));
	const h = o(1) * Math.tanh(c1) * 0.6 + o(2) * Math.tanh(c2) * -1.3;
	expect(state.c.data[0]).toBeCloseTo(c1, 12);
	expect(state.c.data[1]).toBeCloseTo(c2, 12);
	expect(output.item()).toBeCloseTo(h, 12);
	expect(state.h).toBe(output);
	expect(() => cell.step(x, { ...before, h: f64([[1, 2]]) })).toThrow(
		"projectedLstm: h must be [B=1, P=1], got [1, 2]",
	);
});

test("every forget gate starts open", () => {
	for (const make1 of [lstm, peephole, layerNormLstm])
		expect(make1({ ...make, hidden: 2 }).weights.bf.toArray()).toEqual([1, 1]);
	const { bf } = projectedLstm({ ...make, projection: 1 }).weights;
	expect(bf.toArray()).toEqual([1]);
});

test("a new layerNormLstm only normalises: its gains are 1, its biases 0", () => {
	const { aW, aU, ac, bc } = layerNormLstm(make).weights;
	expect([aW, aU].map((a) => a.toArray())).toEqual([
		[1, 1, 1, 1],
		[1, 1, 1, 1],
	]);
	expect([ac.item(), bc.item()]).toEqual([1, 0]);
});

test("layerNormLstm agrees with its equations worked by hand", () => {
	const cell = layerNormLstm(make);
	set(cell.weights, {
		...gates,
		...forget,
		aW: [1, 2, 3, 4],
		aU: [0.5, -1, 1.5, -2],
		ac: 2,
		bc: 0.7,
	});
	const { output, state } = cell.step(x, before);
	const norm = (v: number[]) => {
		const mean = v.reduce((a, b) => a + b) / v.length;
		const variance = v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length;
		return v.map((n) => (n - mean) / Math.sqrt(variance + 1e-5));
	};
	const nx = norm([0.5, -1, 1, 0.25].map((w) => 2 * w)); // i f g o
	const nh = norm([1, 2, -0.5, 0.75].map((u) => 0.4 * u));
	const i = sigmoid(nx[0] + 0.5 * nh[0] + 0.1);
	const f = sigmoid(2 * nx[1] - nh[1] + 0.2);
	const g = Math.tanh(3 * nx[2] + 1.5 * nh[2] + 0.3);
	const o = sigmoid(4 * nx[3] - 2 * nh[3] - 0.4);
	const c = f * -0.6 + i * g;
	expect(state.c.item()).toBeCloseTo(c, 12);
	// one unit alone is its own mean, so that only the bias is left of it
	expect(output.item()).toBeCloseTo(o * Math.tanh(0.7), 12);
});
