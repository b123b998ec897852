import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import type { StepTrace } from "../backend/steps.ts";
import { operation, recorded, type Tensor } from "../tensor.ts";

/** Whether the backend of these numbers runs traced steps. */
export function runsSteps(xs: Tensor): boolean {
	return xs.dtype === "float32" && backendOf(xs.data).steps !== undefined;
}

/**
 * All steps of a sequence in one operation, from the trace of one step. `xs` [T, B, D]; `state` the tensors [B, n] before the first
 * step; `leaves` what the trace's leaves are, if tensors. It returns what the steps hand out, [T, B, n] each, and the state after each
 * sequence's last step.
 */
export function tracedSteps(
	name: string,
	trace: StepTrace,
	xs: Tensor,
	state: readonly Tensor[],
	leaves: readonly (Tensor | undefined)[],
	lengths?: readonly number[],
): { outputs: Tensor[]; state: Tensor[] } {
	const steps = backendOf(xs.data).steps;
	if (!steps) throw new Error(`${name}: the backend runs no traced steps`);
	const [T, B] = xs.shape;
	const weights = leaves.flatMap((t, i) =>
		t && trace.leaves[i].gradient ? [{ t, i }] : [],
	);
	const inputs = [xs, ...state, ...weights.map(({ t }) => t)];
	const float32 = (t: Tensor) => t.data as Float32Array;
	const done = steps.forward({
		trace,
		T,
		B,
		x: float32(xs),
		gradient: xs.requiresGrad,
		state: state.map(float32),
		lengths: lengths && Int32Array.from(lengths),
		record: recorded(inputs),
	});
	const results = [
		...done.outputs.map((data, i) => ({
			data: data as Numbers,
			shape: [T, B, trace.outputs[i].columns],
		})),
		...done.state.map((data, i) => ({
			data: data as Numbers,
			shape: state[i].shape,
		})),
	];
	const count = trace.outputs.length;
	const made = operation(name, inputs, results, (gradients) => {
		const { tape } = done;
		if (!tape) throw new Error(`${name}: nothing was recorded`);
		const given = gradients.map((g) => (g as Float32Array | undefined) ?? null);
		const back = steps.backward(
			tape,
			given.slice(0, count),
			given.slice(count),
		);
		steps.release(tape);
		return [back.x, ...back.state, ...weights.map(({ i }) => back.leaves[i])];
	});
	return { outputs: made.slice(0, count), state: made.slice(count) };
}
