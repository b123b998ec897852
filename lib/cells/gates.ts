import { zeros } from "../make.ts";
import { add, mul, sub } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { DType, Shape, Tensor } from "../tensor.ts";

/** Weights of gates by name: gate "r" has Wr [D, H], Ur [R, H] and br [H]; the gate "" has W, U and b. */
export type GateWeights<G extends string> = Record<
	`W${G}` | `U${G}` | `b${G}`,
	Tensor
>;

/** The shapes of the weights of gates, in the order of their names; R is the size of what U reads, if it is not H. */
export function gateShapes<G extends string>(
	names: readonly G[],
	D: number,
	H: number,
	R = H,
): Record<keyof GateWeights<G>, Shape> {
	const shapes = names.flatMap((gate) => [
		[`W${gate}`, [D, H]],
		[`U${gate}`, [R, H]],
		[`b${gate}`, [H]],
	]);
	return Object.fromEntries(shapes);
}

/** x·W + h·U + b, the pre-activation of a gate [B, H]. */
export function gate(
	x: Tensor,
	W: Tensor,
	h: Tensor,
	U: Tensor,
	b: Tensor,
): Tensor {
	return add(matmul(x, W), matmul(h, U), b);
}

/** keep ⊙ old + (1 − keep) ⊙ fresh: the mean of old and fresh, weighed by a gate. */
export function mix(keep: Tensor, old: Tensor, fresh: Tensor): Tensor {
	return add(mul(keep, old), mul(sub(1, keep), fresh));
}

/** A state that starts at zeros: h [B, H]. */
export function zeroState(
	H: number,
	dtype: DType | undefined,
): (B: number) => Tensor {
	return (B) => zeros([B, H], { dtype });
}
