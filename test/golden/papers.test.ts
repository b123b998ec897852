import {
	type Cell,
	type CellOptions,
	type DeepTransitionOptions,
	deepTransition,
	elman,
	gru,
	type JordanOptions,
	jordan,
	layerNormLstm,
	lstm,
	lstm1997,
	peephole,
	type QrnnOptions,
	qrnn,
	random,
	rhn,
	sru,
	sru2017,
	Tensor,
	teacherForced,
	unroll,
	zoneout,
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

/** Our cells by the names of the papers' transcriptions in reference/papers.py. */
const cells: Record<string, (options: never) => Cell> = {
	deepTransition: ({ shortcut, ...options }: DeepTransitionOptions) =>
		deepTransition({ ...options, shortcut: Boolean(shortcut) }), // Python writes 0 and 1
	elman,
	gru,
	jordan,
	layerNormLstm: (options: CellOptions) => layerNormLstm(options) as Cell,
	lstm1997: (options: CellOptions) => lstm1997(options) as Cell,
	peephole: (options: CellOptions) => peephole(options) as Cell,
	qrnn: (options: QrnnOptions) => qrnn(options) as Cell,
	rhn,
	sru,
	sru2017,
	teacherForced: ({ inputs, ...options }: JordanOptions) =>
		teacherForced(jordan({ ...options, inputs: inputs - options.outputs })),
	zoneout: ({ c, h, ...options }: CellOptions & { c: number; h: number }) =>
		zoneout(lstm(options), { c, h }) as Cell,
};

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(fixtures("papers"))("the paper's $name", (reference) => {
		const { sizes, lengths, options } = reference;
		const cell = cells[reference.cell]({
			...options,
			inputs: sizes.D,
			hidden: sizes.H,
			random: random(1),
			dtype,
		} as never);
		setWeights(cell.weights, reference.weights);
		const { xs, ...start } = inputs(reference, dtype);
		const begun = cell.start(xs.shape[1]);
		const given = Object.values(start);
		const { outputs, state } = unroll(cell).run(xs, {
			lengths,
			state: begun instanceof Tensor ? given[0] : { ...begun, ...start },
		});
		const ends = Object.keys(reference.results)
			.filter((name) => name !== "outputs")
			.map((name) => [
				name,
				state instanceof Tensor
					? state
					: (state as Record<string, Tensor>)[name],
			]);
		expectReference(
			reference,
			{ outputs, ...Object.fromEntries(ends) },
			{ ...cell.weights, xs, ...start },
			tolerance,
		);
	});
});

test("every cell has a case", () => {
	expectAllCases("papers", cells);
});
