import { qrnn, random, sru2017, type Tensor, unroll } from "unrolled";
import { expect, test } from "vitest";
import { f64, set, sigmoid } from "./by-hand.ts";

const make = {
	inputs: 1,
	hidden: 1,
	random: random(1),
	dtype: "float64",
} as const;
// window 2: the step before, then this one
const convolutions = {
	Wz: [0.3, 0.5],
	bz: 0.1,
	Wf: [-0.4, 0.6],
	bf: -0.2,
	Wo: [0.9, -0.7],
	bo: 0.25,
	Wi: [0.8, 0.2],
	bi: -0.3,
};
const { Wi: _Wi, bi: _bi, ...fo } = convolutions;
const { Wo: _Wo, bo: _bo, ...onlyF } = fo;
// x = 2 after −1, c = 0.4
const [x, state] = [f64([[2]]), { c: f64([[0.4]]), past: f64([[-1]]) }];
const z = Math.tanh(-0.3 + 1 + 0.1);
const f = sigmoid(0.4 + 1.2 - 0.2);
const o = sigmoid(-0.9 - 1.4 + 0.25);
const i = sigmoid(-0.8 + 0.4 - 0.3);

test("qrnn with f-pooling agrees with its equations worked by hand", () => {
	const cell = qrnn({ ...make, pooling: "f" });
	set(cell.weights, onlyF);
	const next = cell.step(x, state);
	expect(next.output.item()).toBeCloseTo(f * 0.4 + (1 - f) * z, 12);
	expect(next.state.c).toBe(next.output);
	expect(next.state.past.toArray()).toEqual([[2]]);
});

test("qrnn with fo-pooling agrees with its equations worked by hand", () => {
	const cell = qrnn({ ...make, pooling: "fo" });
	set(cell.weights, fo);
	const next = cell.step(x, state);
	expect(next.state.c.item()).toBeCloseTo(f * 0.4 + (1 - f) * z, 12);
	expect(next.output.item()).toBeCloseTo(o * (f * 0.4 + (1 - f) * z), 12);
});

test("qrnn with ifo-pooling agrees with its equations worked by hand", () => {
	const cell = qrnn({ ...make, pooling: "ifo" });
	set(cell.weights, convolutions);
	const next = cell.step(x, state);
	expect(next.state.c.item()).toBeCloseTo(f * 0.4 + i * z, 12);
	expect(next.output.item()).toBeCloseTo(o * (f * 0.4 + i * z), 12);
});

test("the window moves: a step three back is out of sight of a window of three", () => {
	const cell = qrnn({ ...make, window: 3, pooling: "f", random: random(3) });
	cell.weights.bf.data.fill(-1e3); // f = 0: only what is in the window counts
	const last = (first: number) =>
		unroll(cell)
			.apply(f64([[[first]], [[2]], [[3]], [[4]]]))
			.data.at(-1);
	expect(last(1)).toBe(last(-9));
	const seen = (second: number) =>
		unroll(cell)
			.apply(f64([[[1]], [[second]], [[3]], [[4]]]))
			.data.at(-1);
	expect(seen(2)).not.toBe(seen(-9));
});

test("fo-pooling and SRU of 2017 keep the same memory for the same candidate and forget gate", () => {
	const pooled = qrnn({ ...make, window: 1, inputs: 2, hidden: 3 });
	const unit = sru2017({ ...make, inputs: 2, hidden: 3 });
	unit.weights.Wf.data.set(pooled.weights.Wf.data);
	unit.weights.bf.data.set(pooled.weights.bf.data.fill(0.3));
	// The one squashes its candidate, the other not: hand both the same.
	const same = (name: string, value: Tensor) =>
		name === "z" || name === "candidate" ? f64([[0.5, -2, 1]]) : value;
	const xs = f64([[1, -0.4]]);
	const memory = f64([[0.2, 0.7, -0.9]]);
	const kept = pooled.step(xs, { c: memory, past: f64([[]]) }, same).state.c;
	expect(kept.toArray()).toEqual(unit.step(xs, memory, same).state.toArray());
});

test("an unknown pooling is refused", () => {
	expect(() => qrnn({ ...make, pooling: "of" as "fo" })).toThrow(
		'qrnn: pooling must be "f", "fo" or "ifo", got "of"',
	);
});
