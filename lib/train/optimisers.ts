import type { Numbers } from "../backend/backend.ts";
import { allocateLasting, backendOf } from "../backend/current.ts";
import type { Tensor } from "../tensor.ts";
import { type WeightSet, weightList } from "./clip.ts";

/** Changes weights by their gradients. */
export interface Optimiser {
	/**
	 * One step on every weight that has a gradient. The gradients are used up: `grad` is null afterwards.
	 * @throws when no weight has one.
	 */
	step(weights: WeightSet): void;
}

export interface SgdOptions {
	/** Learning rate. */
	rate: number;
	/** How much of the last step goes on; default 0. */
	momentum?: number;
}

/** Gradient descent, w ← w − rate · v with v ← momentum · v + g. */
export function sgd({ rate, momentum = 0 }: SgdOptions): Optimiser {
	expectRate("sgd", rate);
	const velocity = new WeakMap<Tensor, Numbers>();
	return optimiser("sgd", (w, g) => {
		const v = momentum === 0 ? undefined : kept(velocity, w);
		backendOf(w.data).sgd(w.data, g, v, rate, momentum);
	});
}

export interface AdamOptions {
	/** Learning rate; default 0.001. */
	rate?: number;
	/** Decay of the mean of gradients; default 0.9. */
	beta1?: number;
	/** Decay of the mean of their squares; default 0.999. */
	beta2?: number;
	/** Keeps the division finite; default 1e-8. */
	epsilon?: number;
}

/** Adam (Kingma and Ba 2015, algorithm 1): each weight's step is its mean gradient over the root of its mean square. */
export function adam({
	rate = 0.001,
	beta1 = 0.9,
	beta2 = 0.999,
	epsilon = 1e-8,
}: AdamOptions = {}): Optimiser {
	expectRate("adam", rate);
	const mean = new WeakMap<Tensor, Numbers>();
	const meanSquare = new WeakMap<Tensor, Numbers>();
	const steps = new WeakMap<Tensor, number>();
	return optimiser("adam", (w, g) => {
		const t = (steps.get(w) ?? 0) + 1;
		steps.set(w, t);
		backendOf(w.data).adam(w.data, g, kept(mean, w), kept(meanSquare, w), {
			rate,
			beta1,
			beta2,
			epsilon,
			correction1: 1 - beta1 ** t,
			correction2: 1 - beta2 ** t,
		});
	});
}

function optimiser(
	name: string,
	update: (w: Tensor, gradient: Numbers) => void,
): Optimiser {
	return {
		step(weights) {
			const ready = weightList(weights).filter((w) => w.grad);
			if (ready.length === 0)
				throw new Error(
					`${name}: no weight has a gradient; call loss.backward() first`,
				);
			for (const w of ready) {
				update(w, (w.grad as Tensor).data);
				w.grad = null;
			}
		},
	};
}

/** What an optimiser remembers of a weight, zeros at first. */
function kept(memory: WeakMap<Tensor, Numbers>, w: Tensor): Numbers {
	const known = memory.get(w);
	if (known) return known;
	const fresh = allocateLasting(w.dtype, w.size);
	memory.set(w, fresh);
	return fresh;
}

function expectRate(name: string, rate: number): void {
	if (!(rate > 0) || rate === Infinity)
		throw new Error(`${name}: rate must be a positive number, got ${rate}`);
}
