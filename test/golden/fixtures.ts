import { readFileSync } from "node:fs";
import {
	add,
	type DType,
	mul,
	type Nested,
	sum,
	type Tensor,
	tensor,
	type Weights,
} from "unrolled";
import { expect } from "vitest";

/** One run of a reference: what it had, what it gave, and the gradients of its loss. `generate.py` writes them. */
export interface Case {
	name: string;
	/** Which network. */
	cell: string;
	sizes: Record<string, number>;
	lengths?: number[];
	layers?: number;
	bidirectional?: boolean;
	/** Whatever else makes the network: a depth, a rate, a tree. */
	options?: Record<string, unknown>;
	weights: Record<string, Nested>;
	inputs: Record<string, Nested>;
	results: Record<string, Nested>;
	gradients: Record<string, Nested>;
}

/** The cases of a family. */
export function fixtures(family: string): Case[] {
	const file = new URL(`fixtures/${family}.json`, import.meta.url);
	return JSON.parse(readFileSync(file, "utf8")).cases;
}

/** That a family of fixtures has a case of each network of a table, and of no others. */
export function expectAllCases(family: string, networks: object): void {
	expect(new Set(fixtures(family).map(({ cell }) => cell))).toEqual(
		new Set(Object.keys(networks)),
	);
}

/** Both types, and how near to the reference each has to be. */
export const precisions: [DType, number][] = [
	["float64", 1e-10],
	["float32", 1e-5],
];

/** The inputs of a case as tensors that want gradients. */
export function inputs({ inputs }: Case, dtype: DType): Record<string, Tensor> {
	return Object.fromEntries(
		Object.entries(inputs).map(([name, values]) => [
			name,
			tensor(values, { dtype, requiresGrad: true }),
		]),
	);
}

/** Writes the reference's weights into a network's own. Every name and shape must be the same on both sides. */
export function setWeights(own: Weights, given: Case["weights"]): void {
	expect(Object.keys(own).sort()).toEqual(Object.keys(given).sort());
	for (const [name, values] of Object.entries(given)) {
		const w = tensor(values, { dtype: "float64" });
		expect(`${name} [${own[name].shape}]`).toBe(`${name} [${w.shape}]`);
		own[name].data.set(w.data);
	}
}

/** Checks results and then, after the same loss as the reference's, all gradients. */
export function expectReference(
	{ results, gradients }: Case,
	got: Readonly<Record<string, Tensor>>,
	leaves: Readonly<Record<string, Tensor>>,
	tolerance: number,
): void {
	expect(Object.keys(got).sort()).toEqual(Object.keys(results).sort());
	for (const [name, values] of Object.entries(results))
		expectNear(name, got[name], values, tolerance);
	const losses = Object.values(got).map((y) => sum(mul(y, ripple(y))));
	losses.reduce((total, next) => add(total, next)).backward();
	expect(Object.keys(leaves).sort()).toEqual(Object.keys(gradients).sort());
	for (const [name, values] of Object.entries(gradients)) {
		const { grad } = leaves[name];
		if (!grad) throw new Error(`${name} has no gradient`);
		expectNear(`gradient of ${name}`, grad, values, tolerance);
	}
}

function expectNear(
	name: string,
	got: Tensor,
	values: Nested,
	tolerance: number,
): void {
	const wanted = tensor(values, { dtype: "float64" });
	expect(`${name} [${got.shape}]`).toBe(`${name} [${wanted.shape}]`);
	wanted.data.forEach((value, i) => {
		const error = Math.abs(got.data[i] - value) / Math.max(1, Math.abs(value));
		if (!(error <= tolerance))
			throw new Error(
				`${name}: number ${i} is ${got.data[i]}, the reference has ${value}`,
			);
	});
}

/** The weights of the loss, as in reference/common.py. */
function ripple({ shape, size, dtype }: Tensor): Tensor {
	const values = Float64Array.from(
		{ length: size },
		(_, i) => ((37 * i) % 101) / 50 - 1,
	);
	return tensor(values, { shape, dtype });
}
