import { random, rhn } from "unrolled";
import { expect, test } from "vitest";
import { f64, set, sigmoid } from "./by-hand.ts";

const make = {
	inputs: 1,
	hidden: 1,
	depth: 2,
	random: random(1),
	dtype: "float64",
} as const;

test("rhn agrees with its equations worked by hand: only the first layer reads x", () => {
	const cell = rhn(make);
	set(cell.weights, {
		Wg: 0.5,
		Ug1: 0.6,
		bg1: 0.1,
		Wt: -0.3,
		Ut1: 0.8,
		bt1: -0.5,
		Ug2: -1.2,
		bg2: 0.2,
		Ut2: 1.4,
		bt2: -0.7,
	});
	// x = 2, h = 0.4
	const g1 = Math.tanh(1 + 0.24 + 0.1);
	const t1 = sigmoid(-0.6 + 0.32 - 0.5);
	const s1 = g1 * t1 + 0.4 * (1 - t1);
	const g2 = Math.tanh(-1.2 * s1 + 0.2);
	const t2 = sigmoid(1.4 * s1 - 0.7);
	const s2 = g2 * t2 + s1 * (1 - t2);
	const { output } = cell.step(f64([[2]]), f64([[0.4]]));
	expect(output.item()).toBeCloseTo(s2, 12);
});

test("a new rhn mostly carries: the biases of t start at −2, or where told", () => {
	const { weights } = rhn(make);
	expect([weights.bt1.item(), weights.bt2.item()]).toEqual([-2, -2]);
	expect([weights.bg1.item(), weights.bg2.item()]).toEqual([0, 0]);
	expect(rhn({ ...make, transformBias: -4 }).weights.bt2.item()).toBe(-4);
	const carrying = rhn({ ...make, transformBias: -100 });
	expect(carrying.step(f64([[2]]), f64([[0.4]])).output.item()).toBe(0.4);
});
