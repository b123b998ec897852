import { inspect } from "node:util";
import {
	chain,
	dense,
	embedding,
	lstm,
	random,
	summary,
	unroll,
} from "unrolled";
import { expect, test } from "vitest";

const source = random(1);
const model = chain(
	embedding({ tokens: 65, size: 20, random: source }),
	unroll(lstm({ inputs: 20, hidden: 128, random: source })),
	dense({ inputs: 128, outputs: 65, random: source }),
);

test("a summary counts what a network learns", () => {
	const { weights, parameters } = summary(model);
	// the table, four gates of (20 + 128 + 1) · 128, and the output
	expect(parameters).toBe(65 * 20 + 4 * (20 + 128 + 1) * 128 + 129 * 65);
	expect(weights[0]).toEqual({
		name: "0.table",
		shape: [65, 20],
		parameters: 1300,
	});
	expect(weights).toHaveLength(1 + 12 + 2);
});

test("a weight in two places counts once", () => {
	const { W, b } = dense({ inputs: 3, outputs: 3, random: source }).weights;
	const tied = summary({ weights: { first: W, second: W, b } });
	expect(tied.weights).toHaveLength(3);
	expect(tied.parameters).toBe(9 + 3);
});

test("a summary is a table, in a string, in the console and in a notebook", () => {
	const layer = dense({ inputs: 100_000, outputs: 10, random: source });
	const table = `\
weight  shape         parameters
────────────────────────────────
W       [100000, 10]   1,000,000
b       [10]                  10
────────────────────────────────
dense                  1,000,010`;
	const made = summary(layer);
	expect(String(made)).toBe(table);
	expect(inspect(made)).toBe(table);
	const shown = made as unknown as Record<symbol, () => object>;
	expect(shown[Symbol.for("Jupyter.display")]()).toEqual({
		"text/plain": table,
	});
});

test("nothing to learn is a summary as well", () => {
	expect(summary({ weights: {} }).parameters).toBe(0);
});
