import { backendOf } from "../backend/current.ts";
import type { Tensor } from "../tensor.ts";

/** Weights by name, or in a list. */
export type WeightSet = Readonly<Record<string, Tensor>> | readonly Tensor[];

/** The weights of a set, one that stands in several places once. */
export function weightList(weights: WeightSet): readonly Tensor[] {
	return [...new Set<Tensor>(Object.values(weights))];
}

/** ‖g‖₂ over the gradients of all weights together. */
export function gradientNorm(weights: WeightSet): number {
	let sum = 0;
	for (const { grad } of weightList(weights))
		if (grad) sum += backendOf(grad.data).squaredNorm(grad.data);
	return Math.sqrt(sum);
}

/**
 * Scales all gradients by min(1, limit / ‖g‖₂), with the norm over all weights together: the direction stays
 * (Pascanu, Mikolov and Bengio 2013, algorithm 1). Not a norm for each tensor, which would turn it.
 * @returns the norm before.
 * @throws when the limit is not positive.
 */
export function clipNorm(weights: WeightSet, limit: number): number {
	expectPositive("clipNorm", limit);
	const norm = gradientNorm(weights);
	if (norm > limit)
		for (const { grad } of weightList(weights))
			if (grad) backendOf(grad.data).scale(grad.data, limit / norm);
	return norm;
}

/**
 * Puts every number of every gradient between −limit and limit. Unlike `clipNorm` this may turn the direction.
 * @throws when the limit is not positive.
 */
export function clipValue(weights: WeightSet, limit: number): void {
	expectPositive("clipValue", limit);
	for (const { grad } of weightList(weights)) {
		if (!grad) continue;
		const g = grad.data;
		for (let i = 0; i < g.length; i++)
			g[i] = Math.max(-limit, Math.min(limit, g[i]));
	}
}

function expectPositive(place: string, limit: number): void {
	if (!(limit > 0))
		throw new Error(`${place}: the limit must be positive, got ${limit}`);
}
