import type { Numbers } from "../backend/backend.ts";
import type { Tensor } from "./tensor.ts";

/** What an operation read of weights: the weight, its version, and a sample of its numbers, one after the other. */
export type Readings = readonly (Tensor | number)[];
const none: Readings = [];

/** What an operation on these inputs reads of weights. */
export function readings(inputs: readonly Tensor[]): Readings {
	let found: (Tensor | number)[] | undefined;
	for (let i = 0; i < inputs.length; i++) {
		const weight = inputs[i].asWeight();
		if (!weight) continue;
		const { version, data } = weight;
		if (found) found.push(weight, version, sample(data));
		else found = [weight, version, sample(data)];
	}
	return found ?? none;
}

/** How many numbers of a weight are looked at to see that somebody wrote into them. */
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

/** Says that the library has written into weights: what was computed from them before has no gradient any more. */
export function changed(weight: Tensor): void {
	weight.version++;
}

/** @throws when a weight is not as the operation read it: its gradient would be another function's. */
export function expectUnchanged(name: string, read: Readings): void {
	for (let i = 0; i < read.length; i += 3) {
		const weight = read[i] as Tensor;
		const written = weight.version !== read[i + 1];
		if (!written && Object.is(sample(weight.data), read[i + 2])) continue;
		throw new Error(
			`backward: ${nameOf(weight)} was changed after ${name} had read it, ${written ? "by an optimiser's step or restoreWeights" : "by writing into its data"}; call backward() before the weights change, or compute the loss again`,
		);
	}
}

const names = new WeakMap<Tensor, string>();

/** Gives a weight the name that errors call it by. */
export function nameWeight(weight: Tensor, name: string): void {
	names.set(weight, name);
}

/** A weight in an error's words: its name, if it has one, and its shape. */
export function nameOf(weight: Tensor): string {
	const name = names.get(weight);
	return `${name === undefined ? "a weight" : `weight ${name}`} [${weight.shape.join(", ")}]`;
}
