import { random, sru, sru2017 } from "unrolled";
import { expect, test } from "vitest";
import { f64, set, sigmoid } from "./by-hand.ts";

const make = {
	inputs: 1,
	hidden: 1,
	random: random(1),
	dtype: "float64",
} as const;
const shared = { W: 1.5, Wf: 0.5, bf: 0.1, Wr: -0.3, br: 0.2 };
// x = 2, c = −0.6
const [x, c] = [f64([[2]]), f64([[-0.6]])];

test("sru agrees with its equations worked by hand, peeping at the memory before", () => {
	const cell = sru({ ...make, highwayBias: -1 });
	set(cell.weights, { ...shared, vf: 0.7, vr: -0.9 });
	const f = sigmoid(1 + 0.7 * -0.6 + 0.1);
	const r = sigmoid(-0.6 - 0.9 * -0.6 + 0.2);
	const memory = f * -0.6 + (1 - f) * 3;
	const alpha = Math.sqrt(1 + 2 * Math.exp(-1));
	const { output, state } = cell.step(x, c);
	expect(state.item()).toBeCloseTo(memory, 12);
	expect(output.item()).toBeCloseTo(r * memory + (1 - r) * alpha * 2, 12);
	const fresh = sru({ ...make, highwayBias: -1 });
	expect(fresh.weights.br.item()).toBe(-1);
});

test("sru2017 agrees with its equations worked by hand", () => {
	const cell = sru2017(make);
	set(cell.weights, shared);
	const f = sigmoid(1 + 0.1);
	const r = sigmoid(-0.6 + 0.2);
	const memory = f * -0.6 + (1 - f) * 3;
	const { output, state } = cell.step(x, c);
	expect(state.item()).toBeCloseTo(memory, 12);
	expect(output.item()).toBeCloseTo(r * Math.tanh(memory) + (1 - r) * 2, 12);
});

test("where D is not H, the highway is x·Wx", () => {
	const wide = f64([[2, -1]]);
	const weights = {
		W: [1.5, 0.5],
		Wf: [0.5, 0],
		bf: 0.1,
		Wr: [-0.3, 0],
		br: 0.2,
		Wx: [0.4, 0.3],
	};
	for (const [cell, shown, more] of [
		[sru({ ...make, inputs: 2 }), (m: number) => m, { vf: 0, vr: 0 }],
		[sru2017({ ...make, inputs: 2 }), Math.tanh, {}],
	] as const) {
		set(cell.weights, { ...weights, ...more });
		const f = sigmoid(1.1);
		const r = sigmoid(-0.4);
		const memory = f * -0.6 + (1 - f) * 2.5;
		const wanted = r * shown(memory) + (1 - r) * 0.5;
		expect(cell.step(wide, c).output.item()).toBeCloseTo(wanted, 12);
	}
});
