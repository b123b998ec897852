import { expectValue } from "../expect/expect.ts";
import { aTensor, type Rule, record } from "../expect/rules.ts";
import { has } from "../expect/words.ts";
import type { Shape } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import { shown, type Text } from "./text.ts";

/** What a network is made of. As text it is a table. */
export interface Summary extends Text {
	/** A row for each weight. */
	readonly weights: readonly {
		/** Its place in the network and its letter: `1.Wf`. */
		readonly name: string;
		readonly shape: Shape;
		/** How many numbers it holds. */
		readonly parameters: number;
	}[];
	/** How many numbers the network learns. A weight that is used in two places counts once. */
	readonly parameters: number;
}

const hasWeights: Rule = {
	wanted: "a layer, a cell or { weights }",
	fits: (value) =>
		has(value, "weights") &&
		weightsByName.fits((value as { weights: unknown }).weights),
};
const weightsByName = record(aTensor, "weights by name");

/** The shapes and parameter counts of a layer, a cell, or anything with weights: `summary(model)` at the end of a notebook's cell shows the table. */
export function summary(model: {
	readonly name?: string;
	readonly weights: Weights;
}): Summary {
	expectValue("summary", "the model", model, hasWeights);
	const entries = Object.entries(model.weights);
	const weights = entries.map(([name, { shape, size }]) => ({
		name,
		shape,
		parameters: size,
	}));
	const different = new Set(Object.values(model.weights));
	const parameters = [...different].reduce((sum, { size }) => sum + size, 0);
	const lines = [
		["weight", "shape", "parameters"],
		...weights.map(({ name, shape, parameters }) => [
			name,
			`[${shape.join(", ")}]`,
			grouped(parameters),
		]),
		[model.name ?? "all", "", grouped(parameters)],
	];
	return { weights, parameters, ...shown(table(lines)) };
}

/** 12345 as 12,345, the same in every country. */
function grouped(count: number): string {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Lines of three cells under each other, a rule below the first and above the last; numbers to the right. */
function table(lines: readonly string[][]): string {
	const widths = [0, 1, 2].map((i) =>
		Math.max(...lines.map((cells) => cells[i].length)),
	);
	const text = lines.map(([name, shape, count]) =>
		[
			name.padEnd(widths[0]),
			shape.padEnd(widths[1]),
			count.padStart(widths[2]),
		].join("  "),
	);
	const rule = "─".repeat(text[0].length);
	return [text[0], rule, ...text.slice(1, -1), rule, text.at(-1)].join("\n");
}
