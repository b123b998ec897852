import { concat, reshape, slice } from "../ops/arrange.ts";
import { clearPadding } from "../ops/clear.ts";
import { add, mul, sigmoid } from "../ops/elementwise.ts";
import { pool } from "../ops/pool.ts";
import type { DType, Tensor } from "../tensor.ts";
import type { Weights } from "../weights.ts";
import type { AllSteps } from "./all-steps.ts";
import { type Cell, pass, stepCheck, type Tap } from "./cell.ts";
import { mix, zeroState } from "./gates.ts";

/** The equations of a cell whose state is in no product, for the x of a step [B, D] as for those of all steps [T, B, D]. */
export interface Equations {
	/** What goes into the memory. */
	read(x: Tensor, w: Weights, tap: Tap): Read;
	/** The output, from x and the memory before and after. */
	show(x: Tensor, memory: Memory, w: Weights, tap: Tap): Tensor;
}

export interface Read {
	/** The part of the forget gate's pre-activation that is made of x. */
	u: Tensor;
	/** What to write. */
	z: Tensor;
	/** [H]: weights of the memory before in that pre-activation; default none. */
	v?: Tensor;
	/** Whether z is added as it is, not times 1 − f; default not. */
	added?: boolean;
}

export interface Memory {
	before: Tensor;
	after: Tensor;
}

/**
 * A cell that keeps a memory c [B, H] by a gate and no product; `candidate` is what `read` calls z when it hands it to the tap.
 *
 * ```text
 * f  = σ(u + v ⊙ c)
 * c′ = f ⊙ c + (1 − f) ⊙ z, or where it is added f ⊙ c + z
 * ```
 */
export function pooling(
	about: Pick<Cell, "name" | "inputs" | "hidden" | "weights">,
	candidate: string,
	dtype: DType | undefined,
	{ read, show }: Equations,
): Cell<Tensor> {
	const { name, inputs: D, hidden: H, weights } = about;
	const check = stepCheck(name, { D }, { c: { H } });
	return {
		...about,
		traits: { state: "c", candidate },
		start: zeroState(H, dtype),
		step(x, c, tap = pass, w = weights) {
			check(x, { c }, tap, w);
			const { u, z, v, added } = read(x, w, tap);
			const f = tap("f", sigmoid(v ? add(u, mul(v, c)) : u));
			const after = tap("c", added ? add(mul(f, c), z) : mix(f, c, z));
			const output = show(x, { before: c, after }, w, tap);
			return { output: tap("h", output), state: after };
		},
	};
}

/**
 * All steps of such a cell, whose gates read x alone: the products are done for all steps at once, and only the memory goes from step
 * to step.
 */
export function poolingAtOnce(
	H: number,
	{ read, show }: Equations,
): AllSteps<Tensor> {
	return (xs, c, { weights: w, lengths }) => {
		const [T, B] = xs.shape;
		if (T === 0) return undefined;
		const { u, z, v, added } = read(xs, w, pass);
		const after = pool(u, z, c, { v, added, lengths });
		const first = reshape(c, [1, B, H]);
		const before = concat([first, slice(after, 0, 0, T - 1)]);
		const outputs = show(xs, { before, after }, w, pass);
		return {
			outputs: lengths ? clearPadding(outputs, lengths) : outputs,
			state: reshape(slice(after, 0, T - 1, T), [B, H]),
		};
	};
}
