import { constant, irnn, random, unroll } from "unrolled";
import { expect, test } from "vitest";
import { f64, set } from "./by-hand.ts";

const make = { random: random(1), dtype: "float64" } as const;

test("irnn agrees with its equation worked by hand", () => {
	const cell = irnn({ inputs: 1, hidden: 1, ...make });
	set(cell.weights, { W: 0.5, U: 0.9, b: -0.1 });
	expect(cell.step(f64([[3]]), f64([[2]])).output.item()).toBeCloseTo(3.2, 12);
	expect(cell.step(f64([[-6]]), f64([[2]])).output.item()).toBe(0);
});

test("a new irnn copies its state: U is the identity, W small, b zero, unless told", () => {
	const { weights } = irnn({ inputs: 200, hidden: 3, ...make });
	expect(weights.U.toArray()).toEqual([
		[1, 0, 0],
		[0, 1, 0],
		[0, 0, 1],
	]);
	expect(weights.b.toArray()).toEqual([0, 0, 0]);
	const deviation = Math.sqrt(
		Array.from(weights.W.data).reduce((sum, w) => sum + w * w, 0) / 600,
	);
	expect(deviation).toBeGreaterThan(0.0009);
	expect(deviation).toBeLessThan(0.0011);
	const small = irnn({ inputs: 1, hidden: 2, scale: 0.01, ...make });
	expect(small.weights.U.toArray()).toEqual([
		[0.01, 0],
		[0, 0.01],
	]);
	const initial = { U: constant(0.5) };
	const told = irnn({ inputs: 1, hidden: 1, initial, ...make });
	expect(told.weights.U.item()).toBe(0.5);
});

test("an irnn goes by its own name, not by elman's", () => {
	const layer = unroll(irnn({ inputs: 1, hidden: 1, ...make }));
	expect(() => layer.apply(f64([[[1, 2]]]))).toThrow("unroll(irnn): xs must");
});
