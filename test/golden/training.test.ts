import {
	type AdamOptions,
	adam,
	layerNorm,
	meanSquaredError,
	type Nested,
	type SgdOptions,
	sgd,
	softmaxCrossEntropy,
	type Tensor,
	tensor,
} from "unrolled";
import { describe, expect, test } from "vitest";
import {
	type Case,
	expectReference,
	fixtures,
	inputs,
	precisions,
	setWeights,
} from "./fixtures.ts";

type Given = Readonly<Record<string, Tensor>>;
/** Ours by the names of the cases in reference/training.py. */
const functions: Record<string, (given: Given, reference: Case) => Tensor> = {
	softmaxCrossEntropy: ({ logits }, { options }) =>
		softmaxCrossEntropy(logits, options?.targets as number[][]),
	meanSquaredError: ({ y, target }) => meanSquaredError(y, target),
};
const optimisers = {
	sgd: (options: unknown) => sgd(options as SgdOptions),
	adam: (options: unknown) => adam(options as AdamOptions),
};

const cases = fixtures("training");

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(cases.filter((c) => c.cell in functions))(
		"PyTorch's $name",
		(reference) => {
			const given = inputs(reference, dtype);
			const result = functions[reference.cell](given, reference);
			expectReference(reference, { result }, given, tolerance);
		},
	);

	test("PyTorch's layer normalisation", () => {
		const [reference] = cases.filter(({ cell }) => cell === "layerNorm");
		const given = inputs(reference, dtype);
		const layer = layerNorm({ size: 5, dtype });
		setWeights(layer.weights, reference.weights);
		expectReference(
			reference,
			{ result: layer.apply(given.x) },
			{ ...layer.weights, ...given },
			tolerance,
		);
	});

	test.each(cases.filter((c) => c.cell in optimisers))(
		"PyTorch's $name",
		(reference) => {
			const { steps, ...options } = reference.options as {
				steps: Record<string, Nested>[];
			};
			const made = (values: Nested) =>
				tensor(values, { dtype, requiresGrad: true });
			const weights = Object.fromEntries(
				Object.entries(reference.weights).map(([name, w]) => [name, made(w)]),
			);
			const optimiser =
				optimisers[reference.cell as keyof typeof optimisers](options);
			for (const gradients of steps) {
				for (const [name, g] of Object.entries(gradients))
					weights[name].grad = tensor(g, { dtype });
				optimiser.step(weights);
			}
			for (const [name, wanted] of Object.entries(reference.results))
				tensor(wanted, { dtype: "float64" }).data.forEach((value, i) => {
					expect(Math.abs(weights[name].data[i] - value)).toBeLessThan(
						tolerance,
					);
				});
		},
	);
});
