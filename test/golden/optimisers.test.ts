import {
	type AveragedOptimiser,
	adagrad,
	adam,
	adamW,
	averaged,
	cosine,
	nesterov,
	type Optimiser,
	onPlateau,
	type PlateauRate,
	type Rate,
	rmsprop,
	sgd,
	stepDecay,
	type Tensor,
	tensor,
	warmUp,
} from "unrolled";
import { describe, expect, test } from "vitest";
import { type Case, fixtures } from "./fixtures.ts";

const makers: Record<string, (how: never) => Optimiser> = {
	...{ sgd, nesterov, rmsprop, adagrad, adam, adamW },
	averaged: (how) => averaged(sgd(how), { after: 11 }),
};
const rates: Record<string, (of: never) => Rate> = {
	...{ stepDecay, cosine, onPlateau },
	warmUp: ([rate, steps]: [number, number]) => warmUp(rate, steps),
} as never;
const cases = fixtures("optimisers");

/** The gradient of reference/optimisers.py. */
function gradient(w: Tensor, step: number): Tensor {
	const g = w.data.map(
		(v, i) => 0.3 * v + (((37 * (i + 11 * step)) % 101) / 50 - 1),
	);
	return tensor(g, { shape: w.shape });
}

function fifty(
	{ cell, weights, options = {} }: Case,
	dtype: "float32" | "float64",
) {
	const own = Object.fromEntries(
		Object.entries(weights).map(([name, values]) => [
			name,
			tensor(values, { dtype, requiresGrad: true }),
		]),
	);
	const [[kind, of]] = Object.entries(options.schedule ?? { none: 0 });
	const rate = kind === "none" ? undefined : rates[kind](of as never);
	const how = options.how ?? { rate };
	const optimiser = makers[cell](how as never);
	for (let step = 0; step < 50; step++) {
		for (const w of Object.values(own)) w.grad = gradient(w, step);
		optimiser.step(own);
		const losses = options.losses as number[] | undefined;
		if (losses) (rate as PlateauRate).report(losses[step]);
	}
	return cell === "averaged"
		? (optimiser as AveragedOptimiser).average(own)
		: own;
}

describe.each([
	["float64", 1e-10],
	["float32", 2e-5],
] as const)("in %s", (dtype, tolerance) => {
	test.each(cases)("PyTorch's $name, fifty steps", (reference) => {
		const own = fifty(reference, dtype);
		for (const [name, wanted] of Object.entries(reference.results))
			tensor(wanted, { dtype: "float64" }).data.forEach((value, i) => {
				expect(
					Math.abs(own[name].data[i] - value),
					`${name} ${i}`,
				).toBeLessThan(tolerance);
			});
	});
});

test("every optimiser and every rate has a case", () => {
	expect(new Set(cases.map(({ cell }) => cell))).toEqual(
		new Set(Object.keys(makers)),
	);
	const scheduled = cases.flatMap(({ options }) =>
		Object.keys(options?.schedule ?? {}),
	);
	expect(new Set(scheduled)).toEqual(new Set(Object.keys(rates)));
});
