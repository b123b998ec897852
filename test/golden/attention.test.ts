import {
	type Attention,
	type AttentionOptions,
	additiveAttention,
	dotAttention,
	generalAttention,
	random,
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

const attentions: Record<
	string,
	(options: AttentionOptions & { hidden: number }) => Attention
> = {
	dotAttention: () => dotAttention(),
	generalAttention: ({ hidden: _, ...options }) => generalAttention(options),
	additiveAttention,
};

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(fixtures("attention"))("PyTorch's $name", (reference) => {
		const { sizes, lengths } = reference;
		const attention = attentions[reference.cell]({
			queries: sizes.Q,
			memory: sizes.M,
			hidden: sizes.A,
			random: random(1),
			dtype,
		});
		setWeights(attention.weights, reference.weights);
		const given = inputs(reference, dtype);
		expectReference(
			reference,
			attention.over(given.memory, lengths)(given.queries),
			{ ...attention.weights, ...given },
			tolerance,
		);
	});
});

test("every attention has a case", () => {
	expectAllCases("attention", attentions);
});
