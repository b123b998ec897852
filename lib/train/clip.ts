import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { uninterrupted } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { positive } from "../expect/rules.ts";
import { expectFiniteGradients } from "./finite.ts";
import { type WeightSet, weightList } from "./weights.ts";

/** ‖g‖₂ over the gradients of all weights together. */
export function gradientNorm(weights: WeightSet): number {
	const list = weightList("gradientNorm", weights);
	const gradients = list.flatMap(({ grad }) => grad?.data ?? []);
	let sum = 0;
	for (const g of gradients) sum += backendOf(g).squaredNorm(g);
	if (sum > 1e-280 && sum < Infinity) return Math.sqrt(sum);
	// squares that overflow or vanish in double: out of the largest number
	let top = 0;
	for (const g of gradients)
		for (const value of g) top = Math.max(top, Math.abs(value));
	if (top === 0 || !Number.isFinite(top)) return top;
	let share = 0;
	for (const g of gradients) for (const value of g) share += (value / top) ** 2;
	return top * Math.sqrt(share);
}

/**
 * Scales all gradients by min(1, limit / ‖g‖₂), with the norm over all weights together: the direction stays
 * (Pascanu, Mikolov and Bengio 2013, algorithm 1). Not a norm for each tensor, which would turn it.
 * @returns the norm before.
 * @throws when the limit is not positive, or a gradient is not finite: it has no direction.
 */
export function clipNorm(weights: WeightSet, limit: number): number {
	expectValue("clipNorm", "the limit", limit, positive);
	expectFiniteGradients("clipNorm", weights);
	const norm = gradientNorm(weights);
	if (norm > limit)
		uninterrupted(() => {
			for (const { grad } of weightList("clipNorm", weights))
				if (grad) scaleDown(grad.data, limit / norm);
		});
	return norm;
}

/**
 * Puts every number of every gradient between −limit and limit. Unlike `clipNorm` this may turn the direction.
 * @returns how many numbers were changed.
 * @throws when the limit is not positive, or a gradient is not finite.
 */
export function clipValue(weights: WeightSet, limit: number): number {
	expectValue("clipValue", "the limit", limit, positive);
	expectFiniteGradients("clipValue", weights);
	let changed = 0;
	uninterrupted(() => {
		for (const { grad } of weightList("clipValue", weights)) {
			if (!grad) continue;
			const g = grad.data;
			for (let i = 0; i < g.length; i++)
				if (g[i] > limit || g[i] < -limit) {
					g[i] = Math.sign(g[i]) * limit;
					changed++;
				}
		}
	});
	return changed;
}

/** x ← x · factor, in two steps where float32 does not hold the factor. */
function scaleDown(x: Numbers, factor: number): void {
	const steps = factor < 1e-30 ? [1e-30, factor * 1e30] : [factor];
	for (const step of steps) backendOf(x).scale(x, step);
}
