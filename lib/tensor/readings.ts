import type { Numbers } from "../backend/backend.ts";
import { restoring } from "../backend/termination.ts";
import type { OperationOn, Variable, Watched } from "./operation.ts";

let order = 0;
/** While other operations take the place of one: its number, then that of the last of them. */
let within: number | undefined;

/** The number of an operation: later ones have larger numbers. */
export function nextOrder(): number {
	if (within === undefined) return order++;
	within += FRACTION;
	return within;
}

/** How far apart their numbers are: 2²² operations may take the place of one. */
const FRACTION = 2 ** -22;

/** Does `work`, whose operations take the place of an earlier one, so that their numbers lie between its own and the next. */
export function inPlaceOf<T>(number: number, work: () => T): T {
	const before = within;
	const restore = () => {
		within = before;
	};
	return restoring(restore, () => {
		within = number;
		return work();
	});
}

/** How many numbers of a weight are compared to find out whether its data was written to. */
const SAMPLED = 8;

/** A number that changes with those of a weight: all of a small one, of a large one some. */
function sample(data: Numbers): number {
	const count = Math.min(SAMPLED, data.length);
	const stride = Math.max(1, Math.trunc(data.length / SAMPLED));
	let sum = 0;
	for (let i = 0, at = 0; i < count; i++, at += stride)
		sum = sum * 0.5 + data[at];
	return sum;
}

/** A number that changes with those of the weights among the inputs of an operation. */
export function readings(
	inputs: readonly Pick<Variable, "asWeight">[],
): number {
	let sum = 0;
	for (let i = 0; i < inputs.length; i++) {
		const weight = inputs[i].asWeight();
		if (!weight) continue;
		weight.sampled = sample(weight.data);
		sum = sum * 0.5 + weight.sampled;
	}
	return sum;
}

/** Says that the library has written into a weight: what was computed from it before has no gradient any more. */
export function changed(weight: Watched): void {
	weight.changedAt = order;
}

/** @throws when a weight is not as the operation read it: its gradient would be another function's. */
export function expectUnchanged({
	name,
	order,
	inputs,
	read,
}: Pick<OperationOn<Variable>, "name" | "order" | "inputs" | "read">): void {
	let now = 0;
	for (let i = 0; i < inputs.length; i++) {
		const weight = inputs[i].asWeight();
		if (!weight) continue;
		if (weight.changedAt > order)
			throw changedError(
				name,
				[weight],
				"by an optimiser's step or restoreWeights",
			);
		now = now * 0.5 + sample(weight.data);
	}
	if (Object.is(now, read)) return;
	const weights = inputs.flatMap((t) => t.asWeight() ?? []);
	const written = weights.filter(
		(weight) => !Object.is(sample(weight.data), weight.sampled),
	);
	throw changedError(
		name,
		written.length > 0 ? written : weights,
		"by writing into its data",
	);
}

function changedError(
	name: string,
	weights: readonly Watched[],
	how: string,
): Error {
	return new Error(
		`backward: ${weights.map(nameOf).join(" or ")} was changed after ${name} had read it, ${how}; call backward() before the weights change, or compute the loss again`,
	);
}

const names = new WeakMap<Watched, string>();

/** Gives a weight the name that errors call it by. */
export function nameWeight(weight: Watched, name: string): void {
	names.set(weight, name);
}

/** A weight in an error's words: its name, if it has one, and its shape. */
export function nameOf(weight: Watched): string {
	const name = names.get(weight);
	return `${name === undefined ? "a weight" : `weight ${name}`} [${weight.shape.join(", ")}]`;
}
