import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import {
	backward,
	history,
	nameOf,
	nameWeight,
	type Operation,
	type Tensor,
} from "../tensor.ts";
import { namedWeights, type WeightSet, weightList } from "./weights.ts";

/** Arrays up to here are summed sooner than a kernel is called. */
const SMALL = 4096;

/** Whether all numbers are finite, as far as a sum can tell: one of finite numbers may overflow. */
function surelyFinite(data: Numbers): boolean {
	if (data.length > SMALL)
		return Number.isFinite(backendOf(data).squaredNorm(data));
	let [a, b, c, d] = [0, 0, 0, 0]; // four sums, so that none waits for the other
	const even = data.length - (data.length % 4);
	for (let i = 0; i < even; i += 4) {
		a += data[i];
		b += data[i + 1];
		c += data[i + 2];
		d += data[i + 3];
	}
	for (let i = even; i < data.length; i++) a += data[i];
	return Number.isFinite(a + b + c + d);
}

/** The first number that is NaN or infinite, and where it is: `NaN at [2]`; undefined where all are finite. */
function notFinite(
	data: Numbers,
	shape: readonly number[],
): string | undefined {
	if (surelyFinite(data)) return undefined;
	const at = data.findIndex((value) => !Number.isFinite(value));
	if (at < 0) return undefined;
	const place: number[] = [];
	let rest = at;
	for (const n of shape.toReversed()) {
		place.unshift(rest % n);
		rest = Math.trunc(rest / n);
	}
	return `${data[at]} at [${place.join(", ")}]`;
}

const inTensor = ({ data, shape }: Tensor) => notFinite(data, shape);

/** @throws when the gradient of a weight holds what is no finite number: which weight, and where. */
export function expectFiniteGradients(
	place: string,
	weights: WeightSet,
	list = weightList(place, weights),
): void {
	const found = notFiniteGradient(place, weights, list);
	if (found)
		throw new Error(`${place}: the gradient of ${found}; nothing was changed`);
}

/** The first weight whose gradient is not finite, and where: `weight 1.W [3, 2] holds NaN at [0, 1]`. */
export function notFiniteGradient(
	place: string,
	weights: WeightSet,
	list = weightList(place, weights),
): string | undefined {
	const broken = ({ grad }: Tensor) =>
		grad && !surelyFinite(grad.data) ? inTensor(grad) : undefined;
	if (!list.some(broken)) return undefined;
	for (const [name, w] of namedWeights(place, weights)) {
		const found = broken(w);
		if (!found) continue;
		nameWeight(w, name);
		return `${nameOf(w)} holds ${found}`;
	}
	return undefined;
}

/** An operation, and its place: `matmul([4, 3], weight 1.W [3, 2]), operation 3 of 7, in chain › unroll › gru at t=2`. */
function placed(
	made: Pick<Operation, "name" | "inputs" | "scope">,
	number: number,
	count: number,
): string {
	const parts: string[] = [];
	for (let call = made.scope; call; call = call.parent)
		parts.unshift(
			call.step === undefined ? call.name : `${call.name} at t=${call.step}`,
		);
	const inside = parts.length > 0 ? `, in ${parts.join(" › ")}` : "";
	return `${called(made)}, operation ${number} of ${count}${inside}`;
}

function called({ name, inputs }: Pick<Operation, "name" | "inputs">): string {
	const few = inputs.slice(0, 4).map((t) => {
		const weight = t.asWeight();
		return weight ? nameOf(weight) : `[${t.shape.join(", ")}]`;
	});
	return `${name}(${few.join(", ")}${inputs.length > 4 ? ", …" : ""})`;
}

/** The operations before a loss, those that did many at once unfolded, latest first. */
function oneByOne(loss: Tensor): Operation[] {
	for (const made of history(loss)) made.unfold?.();
	return history(loss);
}

/**
 * Where the first number that is not finite came from on the way to a loss: the data, a weight, or an operation with its place.
 * Only what reached the loss counts: padding may hold anything.
 */
export function originOf(loss: Tensor): string {
	const operations = oneByOne(loss).reverse();
	const reached = new Set<Operation>();
	const open = [loss];
	for (let t = open.pop(); t; t = open.pop()) {
		const { madeBy } = t;
		if (!madeBy || reached.has(madeBy)) continue;
		reached.add(madeBy);
		for (const input of madeBy.inputs) if (inTensor(input)) open.push(input);
	}
	for (const [i, made] of operations.entries()) {
		if (!reached.has(made)) continue;
		const place = placed(made, i + 1, operations.length);
		for (const input of made.inputs) {
			const found = !input.madeBy && inTensor(input);
			if (!found) continue;
			const weight = input.asWeight();
			return weight
				? `${nameOf(weight)} holds ${found} before the step`
				: `the data hold ${found} of an input [${input.shape.join(", ")}] of ${place}`;
		}
		const given = made.outputs.find(inTensor);
		if (given)
			return `it comes from ${place}, whose inputs are finite: its result holds ${inTensor(given)}`;
	}
	return `the data hold ${inTensor(loss)}`;
}

/**
 * Where the first gradient that is not finite comes from, when a loss is back-propagated: an operation with its place; undefined
 * when all gradients are finite. The weights keep the gradients that it leaves.
 */
export function originOfGradient(loss: Tensor): string | undefined {
	const count = oneByOne(loss).length;
	let left = count;
	let origin: string | undefined;
	const broken = (
		gradients: readonly (Numbers | undefined)[],
		of: readonly Tensor[],
	) => gradients.some((g, i) => g && notFinite(g, of[i].shape));
	backward(loss, {
		pass(made, given, back) {
			const number = left--;
			if (!origin && (broken(given, made.outputs) || broken(back, made.inputs)))
				origin = placed(made, number, count);
		},
	});
	return origin;
}
