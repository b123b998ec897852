import type { FusedKind, Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { operation, recorded, type Tensor } from "../tensor.ts";

/**
 * A whole sequence of a cell in one operation, where the backend has a kernel for it; undefined where it has none.
 *
 * It equals the cell's steps one after the other. `xs` [T, B, D]; `state` the tensors [B, H] before the first step, in the
 * kernel's order; returns the outputs [T, B, H] and the state after each sequence's last step.
 */
export function wholeSequence(
	kind: FusedKind,
	hidden: number,
	xs: Tensor,
	state: readonly Tensor[],
	weights: readonly Tensor[],
	lengths?: readonly number[],
): { outputs: Tensor; state: Tensor[] } | undefined {
	const kernel = backendOf(xs.data).fused?.[kind];
	if (!kernel || xs.dtype !== "float32") return undefined;
	const [T, B, D] = xs.shape;
	const inputs = [xs, ...state, ...weights];
	const float32 = (t: Tensor) => t.data as Float32Array;
	const done = kernel.forward({
		T,
		B,
		D,
		H: hidden,
		x: float32(xs),
		state: state.map(float32),
		weights: weights.map(float32),
		lengths: lengths && Int32Array.from(lengths),
		record: recorded(inputs),
	});
	const shapes = [
		{ data: done.outputs as Numbers, shape: [T, B, hidden] },
		...done.state.map((data) => ({
			data: data as Numbers,
			shape: [B, hidden],
		})),
	];
	const [outputs, ...after] = operation(kind, inputs, shapes, (gradients) => {
		const tape = done.tape;
		if (!tape) throw new Error(`${kind}: nothing was recorded`);
		const [dOutputs, ...dState] = gradients.map(
			(g) => (g as Float32Array | undefined) ?? null,
		);
		const back = kernel.backward(tape, dOutputs, dState, {
			x: xs.requiresGrad,
			state: state.some((t) => t.requiresGrad),
		});
		kernel.release(tape);
		return [back.x, ...back.state, ...back.weights];
	});
	return { outputs, state: after };
}
