import { deepTransition, elman, random } from "unrolled";
import { expect, test } from "vitest";
import { f64, set } from "./by-hand.ts";

const make = {
	inputs: 1,
	hidden: 1,
	random: random(1),
	dtype: "float64",
} as const;
const layers = { W: 0.5, U1: 0.6, b1: 0.1, U2: -1.2, b2: 0.2 };
// x = 2, h = 0.4
const [x, h] = [f64([[2]]), f64([[0.4]])];
const first = Math.tanh(1 + 0.24 + 0.1);

test("deepTransition agrees with its equations worked by hand", () => {
	const cell = deepTransition({ ...make, depth: 2 });
	set(cell.weights, layers);
	expect(cell.step(x, h).output.item()).toBeCloseTo(
		Math.tanh(-1.2 * first + 0.2),
		12,
	);
});

test("with a shortcut the last layer reads the state as well", () => {
	const cell = deepTransition({ ...make, depth: 2, shortcut: true });
	set(cell.weights, { ...layers, S: 0.9 });
	expect(cell.step(x, h).output.item()).toBeCloseTo(
		Math.tanh(-1.2 * first + 0.36 + 0.2),
		12,
	);
});

test("of depth 1 it is the simple network", () => {
	const deep = deepTransition({ ...make, depth: 1, activation: "sigmoid" });
	const simple = elman({ ...make, activation: "sigmoid" });
	set(deep.weights, { W: 0.5, U1: 0.6, b1: 0.1 });
	set(simple.weights, { W: 0.5, U: 0.6, b: 0.1 });
	expect(deep.step(x, h).output.item()).toBeCloseTo(
		simple.step(x, h).output.item(),
		14,
	);
	expect(() => deepTransition({ ...make, depth: 1, shortcut: true })).toThrow(
		"deepTransition: a shortcut needs a depth of 2 or more",
	);
});
