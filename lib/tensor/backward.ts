import type { Numbers } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { uninterrupted } from "../backend/termination.ts";
import { allocate } from "./numbers.ts";
import type { Back, OperationOn, Variable } from "./operation.ts";
import { expectUnchanged } from "./readings.ts";

/** Looks on while gradients are computed; it must not keep or change what it is shown. */
export interface Onlooker<T> {
	/** Sees the gradient of every tensor on the way. */
	see?(t: T, gradient: Numbers): void;
	/** Sees every operation with the gradients of its outputs, and those of its inputs so far. */
	pass?(
		done: Pick<OperationOn<T>, "name" | "inputs" | "outputs" | "scope">,
		given: readonly (Numbers | undefined)[],
		back: readonly (Numbers | undefined)[],
	): void;
}

/** `loss.backward()`. Returns the weights that it left gradients at. */
export function backward<T extends Variable>(
	loss: T,
	onlooker: Onlooker<T> = {},
): readonly T[] {
	if (loss.size !== 1)
		throw new Error(
			`backward: wanted a scalar loss, got [${loss.shape}]; take its sum or mean first`,
		);
	if (!loss.requiresGrad)
		throw new Error(
			"backward: this tensor depends on nothing that requires a gradient",
		);
	const seed = loss.dtype === "float64" ? Float64Array : Float32Array;
	return propagate(loss, new seed([1]), onlooker);
}

/**
 * Walks the operations that led to `from`, latest first, and hands each the sum of the gradients of its outputs.
 * Each gradient under way is held by nobody else, so that it may be added to in place and left to its weight as it is.
 */
function propagate<T extends Variable>(
	from: T,
	seed: Numbers,
	{ see, pass }: Onlooker<T>,
): readonly T[] {
	const gradients = new Map<T, Numbers>([[from, seed]]);
	for (const done of history(from)) {
		const { name, inputs, outputs, scope } = done;
		const back = done.back as Back;
		const given = outputs.map((t) => gradients.get(t));
		for (let i = 0; i < outputs.length; i++) {
			const gradient = given[i];
			if (see && gradient) see(outputs[i], gradient);
			gradients.delete(outputs[i]);
		}
		done.back = null;
		done.unfold = undefined;
		done.inputs = [];
		done.outputs = [];
		if (given.every((gradient) => gradient === undefined)) continue;
		const returned = back(given);
		const taken = new Set<Numbers>();
		for (let i = 0; i < returned.length; i++) {
			const gradient = returned[i];
			if (!gradient || !inputs[i].requiresGrad) continue;
			if (typeof gradient === "function") {
				gradient(sumOf(gradients, inputs[i]));
				continue;
			}
			addTo(gradients, inputs[i], gradient, taken.has(gradient));
			if (i + 1 < returned.length) taken.add(gradient);
		}
		if (pass) {
			const sums = inputs.map((t) => gradients.get(t));
			pass({ name, inputs, outputs, scope }, given, sums);
		}
	}
	const reached = [...gradients.keys()].filter((t) => !t.madeBy);
	uninterrupted(() => {
		for (const t of reached) {
			const gradient = gradients.get(t) as Numbers;
			see?.(t, gradient);
			t.addGradient(gradient);
		}
	});
	return reached;
}

function addTo<T extends Variable>(
	gradients: Map<T, Numbers>,
	t: T,
	gradient: Numbers,
	shared: boolean,
): void {
	const sum = gradients.get(t);
	if (!sum) gradients.set(t, shared ? gradient.slice() : gradient);
	else backendOf(sum).combine("add", sum, gradient, sum);
}

/** The sum of the gradients of a tensor so far, to add to. */
function sumOf<T extends Variable>(gradients: Map<T, Numbers>, t: T): Numbers {
	const known = gradients.get(t);
	if (known) return known;
	const fresh = allocate(t.dtype, t.size);
	gradients.set(t, fresh);
	return fresh;
}

/** The operations before `from`, latest first: each comes before those whose outputs it used. */
export function history<T extends Variable>(from: T): OperationOn<T>[] {
	const found = new Set<OperationOn<T>>();
	const open = [from];
	for (let t = open.pop(); t; t = open.pop()) {
		const made = t.madeBy;
		if (!made || found.has(made)) continue;
		if (!made.back)
			throw new Error(
				`backward: the record of "${made.name}" was freed by an earlier backward(); compute the loss again`,
			);
		expectUnchanged(made);
		found.add(made);
		for (const input of made.inputs) open.push(input); // one may have more than a call takes arguments
	}
	return [...found].sort((a, b) => b.order - a.order);
}
