import {
	childSumLstm,
	fold,
	naryLstm,
	type PlacesOptions,
	random,
	recursive,
	type Tree,
	type TreeCell,
} from "unrolled";
import { describe, test } from "vitest";
import {
	expectAllCases,
	expectReference,
	fixtures,
	inputs,
	precisions,
	setWeights,
} from "./fixtures.ts";

const cells: Record<string, (options: PlacesOptions) => TreeCell> = {
	recursive,
	childSumLstm: ({ places: _, ...options }) => childSumLstm(options),
	naryLstm,
};

/** A tree as reference/trees.py writes it: its label, then its children. */
type Written = [number, ...(Written | null)[]];
const read = ([label, ...children]: Written): Tree => ({
	label,
	children: children.map((child) => child && read(child)),
});

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(fixtures("trees"))("the papers' $name", (reference) => {
		const { sizes, options } = reference;
		const { trees, places } = options as { trees: Written[]; places: number };
		const cell = cells[reference.cell]({
			inputs: sizes.D,
			hidden: sizes.H,
			places,
			random: random(1),
			dtype,
		});
		setWeights(cell.weights, reference.weights);
		const given = inputs(reference, dtype);
		const forest = { trees: trees.map(read), inputs: given.inputs };
		expectReference(
			reference,
			{ outputs: fold(cell).apply(forest) },
			{ ...cell.weights, ...given },
			tolerance,
		);
	});
});

test("every cell has a case", () => {
	expectAllCases("trees", cells);
});
