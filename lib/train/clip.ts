import { backendOf } from "../backend/current.ts";
import { whole } from "../backend/turns.ts";
import { expectFiniteGradients } from "./finite.ts";
import { type WeightSet, weightList } from "./weights.ts";

/** ‖g‖₂ over the gradients of all weights together. */
export function gradientNorm(weights: WeightSet): number {
	let sum = 0;
	for (const { grad } of weightList("gradientNorm", weights))
		if (grad) sum += backendOf(grad.data).squaredNorm(grad.data);
	return Math.sqrt(sum);
}

/**
 * Scales all gradients by min(1, limit / ‖g‖₂), with the norm over all weights together: the direction stays
 * (Pascanu, Mikolov and Bengio 2013, algorithm 1). Not a norm for each tensor, which would turn it.
 * @returns the norm before.
 * @throws when the limit is not positive, or a gradient is not finite: it has no direction.
 */
export function clipNorm(weights: WeightSet, limit: number): number {
	expectPositive("clipNorm", limit);
	expectFiniteGradients("clipNorm", weights);
	const norm = gradientNorm(weights);
	if (norm > limit)
		whole(() => {
			for (const { grad } of weightList("clipNorm", weights))
				if (grad) backendOf(grad.data).scale(grad.data, limit / norm);
		});
	return norm;
}

/**
 * Puts every number of every gradient between −limit and limit. Unlike `clipNorm` this may turn the direction.
 * @throws when the limit is not positive, or a gradient is not finite.
 */
export function clipValue(weights: WeightSet, limit: number): void {
	expectPositive("clipValue", limit);
	expectFiniteGradients("clipValue", weights);
	whole(() => {
		for (const { grad } of weightList("clipValue", weights)) {
			if (!grad) continue;
			const g = grad.data;
			for (let i = 0; i < g.length; i++)
				g[i] = Math.max(-limit, Math.min(limit, g[i]));
		}
	});
}

export function expectPositive(place: string, limit: number): void {
	if (!(limit > 0))
		throw new Error(`${place}: the limit must be positive, got ${limit}`);
}
