import {
	binaryCrossEntropy,
	bleu,
	ctc,
	huber,
	meanAbsoluteError,
	meanSquaredError,
	mixtureDensity,
	quantileLoss,
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
} from "./fixtures.ts";

type Given = Readonly<Record<string, Tensor>>;
/** Ours by the names of the cases in reference/losses.py; `how` are the options of the call. */
const losses: Record<
	string,
	(given: Given, options: Record<string, never>) => Tensor
> = {
	softmaxCrossEntropy: ({ logits }, { targets, how }) =>
		softmaxCrossEntropy(logits, targets, how),
	meanSquaredError: ({ y, target }, { how }) =>
		meanSquaredError(y, target, how),
	meanAbsoluteError: ({ y, target }, { how }) =>
		meanAbsoluteError(y, target, how),
	huber: ({ y, target }, { how }) => huber(y, target, how),
	binaryCrossEntropy: ({ logits }, { targets, how }) =>
		binaryCrossEntropy(logits, tensor(targets, { dtype: logits.dtype }), how),
	quantileLoss: ({ y, targets }, { how }) => quantileLoss(y, targets, how),
	mixtureDensity: ({ outputs, moves }, { pens, how }) =>
		mixtureDensity(outputs, moves, pens, how),
	ctc: ({ logits }, { targets, how }) => ctc(logits, targets, how),
};
const cases = fixtures("losses");

describe.each(precisions)("in %s", (dtype, tolerance) => {
	test.each(cases.filter(({ cell }) => cell in losses))(
		"PyTorch's $name",
		(reference: Case) => {
			const given = inputs(reference, dtype);
			const result = losses[reference.cell](given, reference.options as never);
			// a scalar's gradient is relative to its size: float32 holds seven digits of it
			expectReference(reference, { result }, given, 5 * tolerance);
		},
	);
});

test("every loss has a case", () => {
	expect(new Set(cases.map(({ cell }) => cell))).toEqual(
		new Set([...Object.keys(losses), "bleu"]),
	);
});

test("sacrebleu's BLEU, of three translations with two references each", () => {
	const [{ options, results }] = cases.filter(({ cell }) => cell === "bleu");
	const { said, truth } = options as { said: string[][]; truth: string[][][] };
	expect(bleu(said, truth)).toBeCloseTo(results.result as number, 10);
});
