import type { Numbers } from "../backend/backend.ts";
import { restoring } from "../backend/termination.ts";
import { expectValue } from "../expect/expect.ts";
import { callable } from "../expect/rules.ts";
import { scope } from "../scope.ts";
import type { Shape } from "./numbers.ts";
import type { Back, Contribution } from "./operation.ts";
import { nextOrder, readings } from "./readings.ts";
import { type Operation, Tensor } from "./tensor.ts";

let recording = true;

/**
 * Runs `work` without recording how its tensors are made: quicker, and nothing is kept for `backward`.
 * @throws when the work is async or a generator: what it does later would be recorded.
 */
export function noGrad<T>(work: () => T): T {
	expectValue("noGrad", "the work", work, callable);
	return whileRecording(false, () => {
		const value = work();
		if (isUnfinished(value))
			throw new Error(
				"noGrad: the work must be done when its function returns, got one that goes on later; await outside, and call noGrad around what computes",
			);
		return value;
	});
}

/** Runs `work` with or without recording. */
export function whileRecording<T>(on: boolean, work: () => T): T {
	const before = recording;
	const restore = () => {
		recording = before;
	};
	return restoring(restore, () => {
		recording = on;
		return work();
	});
}

/** Whether it stands for work that goes on: a promise, or a generator's. */
function isUnfinished(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	if (value instanceof Promise) value.catch(() => {}); // the error says it already
	return (
		"then" in value ||
		/Generator$/.test(
			String((value as Iterator<unknown>)[Symbol.toStringTag as never]),
		)
	);
}

/** Whether an operation on these inputs has to be recorded. */
export function recorded(inputs: readonly Tensor[]): boolean {
	return recording && inputs.some((t) => t.requiresGrad);
}

/** The outputs of an operation, recorded with the way back when a gradient may be asked for. */
export function operation(
	name: string,
	inputs: readonly Tensor[],
	outputs: readonly { data: Numbers; shape: Shape }[],
	back: Back,
): Tensor[] {
	if (!recorded(inputs))
		return outputs.map(({ data, shape }) => new Tensor(data, shape));
	const record: Operation = {
		name,
		order: nextOrder(),
		inputs,
		outputs: [],
		back,
		scope: scope(),
		read: readings(inputs),
	};
	record.outputs = outputs.map(
		({ data, shape }) => new Tensor(data, shape, true, record),
	);
	return record.outputs as Tensor[];
}

/** `operation` with one output. */
export function result(
	name: string,
	inputs: readonly Tensor[],
	data: Numbers,
	shape: Shape,
	back: (gradient: Numbers) => readonly Contribution[],
): Tensor {
	const [made] = operation(name, inputs, [{ data, shape }], ([gradient]) =>
		back(gradient as Numbers),
	);
	return made;
}
