import { elman, random, tensor } from "unrolled";
import { expect, test } from "vitest";

const one = (activation: "tanh" | "sigmoid" | "relu", context?: number) => {
	const cell = elman({
		inputs: 1,
		hidden: 1,
		activation,
		context,
		random: random(1),
		dtype: "float64",
	});
	cell.weights.W.data[0] = 0.5;
	cell.weights.U.data[0] = -2;
	cell.weights.b.data[0] = 0.25;
	return cell;
};

test("elman agrees with its equation worked by hand", () => {
	// one unit: x·W + h·U + b = 3 · 0.5 + 0.5 · (−2) + 0.25 = 0.75
	const x = tensor([[3]], { dtype: "float64" });
	const h = tensor([[0.5]], { dtype: "float64" });
	const { output, state } = one("tanh").step(x, h);
	expect(output.item()).toBeCloseTo(Math.tanh(0.75), 12);
	expect(state).toBe(output);
	expect(one("sigmoid").step(x, h).output.item()).toBeCloseTo(
		1 / (1 + Math.exp(-0.75)),
		12,
	);
	expect(one("relu").step(x, h).output.item()).toBeCloseTo(0.75, 12);
});

test("elman with two units reads each input and each context unit by its own weight", () => {
	const cell = elman({
		inputs: 2,
		hidden: 2,
		random: random(1),
		dtype: "float64",
	});
	cell.weights.W.data.set([1, 2, 3, 4]); // x₁ → (1, 2), x₂ → (3, 4)
	cell.weights.U.data.set([0.1, 0.2, 0.3, 0.4]);
	cell.weights.b.data.set([-3, -5]);
	const x = tensor([[1, 1]], { dtype: "float64" });
	const h = tensor([[1, -1]], { dtype: "float64" });
	const [[first, second]] = cell.step(x, h).output.toArray() as number[][];
	expect(first).toBeCloseTo(Math.tanh(1 + 3 + 0.1 - 0.3 - 3), 12);
	expect(second).toBeCloseTo(Math.tanh(2 + 4 + 0.2 - 0.4 - 5), 12);
});

test("the context starts at 0, or at 0.5 as in the paper", () => {
	expect(one("tanh").start(2).toArray()).toEqual([[0], [0]]);
	expect(one("tanh", 0.5).start(1).toArray()).toEqual([[0.5]]);
});

test("elman says which shape was wanted", () => {
	const cell = elman({ inputs: 3, hidden: 2, random: random(1) });
	expect(() => cell.step(tensor([[1, 2, 3, 4]]), cell.start(1))).toThrow(
		"elman: x must be [B=1, D=3], got [1, 4]",
	);
	expect(() => cell.step(tensor([[1, 2, 3]]), cell.start(2))).toThrow(
		"elman: h must be [B=1, H=2], got [2, 2]",
	);
	expect(() => elman({ inputs: 0, hidden: 2, random: random(1) })).toThrow(
		"elman: inputs must be a whole number of at least 1, got 0",
	);
	expect(() => one("tanh", NaN)).toThrow(
		"elman: context must be a finite number, got NaN",
	);
});
