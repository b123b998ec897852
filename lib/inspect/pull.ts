import type { Numbers } from "../backend/backend.ts";
import { allocateLike, type Operation, type Tensor } from "../tensor.ts";

/**
 * Gradients carried back from some tensors through the operations that `through` lets pass, to where these begin. Unlike `backward` it
 * frees nothing, so it can be asked again: what is 0 at the other end had no part in what it started from.
 */
export function pull(
	seeds: ReadonlyMap<Tensor, Numbers>,
	through: (operation: Operation) => boolean,
): Map<Tensor, Numbers> {
	const found = new Set<Operation>();
	const open = [...seeds.keys()];
	for (let t = open.pop(); t; t = open.pop()) {
		const { madeBy } = t;
		if (!madeBy || found.has(madeBy) || !through(madeBy)) continue;
		found.add(madeBy);
		open.push(...madeBy.inputs);
	}
	const gradients = new Map<Tensor, Numbers>(
		[...seeds].map(([t, seed]) => [t, seed.slice()]),
	);
	for (const { inputs, outputs, back } of [...found].sort(
		(a, b) => b.order - a.order,
	)) {
		const given = outputs.map((t) => gradients.get(t));
		for (const t of outputs) gradients.delete(t);
		if (!back || given.every((gradient) => gradient === undefined)) continue;
		back(given.map((gradient) => gradient?.slice())).forEach((gradient, i) => {
			const input = inputs[i];
			if (!gradient || !input.requiresGrad) return;
			const sum = gradients.get(input) ?? allocateLike(input.data, input.size);
			gradients.set(input, sum);
			if (typeof gradient === "function") gradient(sum);
			else for (let j = 0; j < sum.length; j++) sum[j] += gradient[j];
		});
	}
	return gradients;
}
