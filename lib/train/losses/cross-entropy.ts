import type { Numbers } from "../../backend/backend.ts";
import { backendOf } from "../../backend/current.ts";
import { expectOptions, type Rules } from "../../expect/expect.ts";
import { expectList } from "../../expect/lists.ts";
import { anything, notNegative, optional, rate } from "../../expect/rules.ts";
import { flatIds, type Ids } from "../../ops/select.ts";
import { lastAxis } from "../../ops/softmax.ts";
import { allocate, result, type Tensor, uninitialised } from "../../tensor.ts";
import { counted, type Mask } from "./mask.ts";

export interface CrossEntropyOptions {
	/** How much each position counts, of the targets' shape; 0 leaves it out, as a target of −1 does. */
	mask?: Mask;
	/** How much each class counts [K], where some are rare. */
	classes?: ArrayLike<number>;
	/** ε of label smoothing: the target gets 1 − ε, and ε is shared among all classes (Szegedy et al. 2016, arXiv:1512.00567, section 7). */
	smoothing?: number;
}

const rules: Rules<CrossEntropyOptions> = {
	mask: anything, // by `counted`, which knows the shape
	classes: anything, // by `expectList`
	smoothing: optional(rate),
};

/**
 * Mean of −log softmax(logits)[target] over all positions, in nats: logits [..., K], targets [...] with classes 0 … K − 1.
 * A target of −1 leaves its position out (padding). A uniform guess costs ln K.
 *
 * With weights it is the weighted mean, Σ w·loss / Σ w, where w is the weight of the position times that of its target's class.
 * @throws when the targets' shape is not that of the logits without the last axis, a target is not a class, or no position counts.
 */
export function softmaxCrossEntropy(
	logits: Tensor,
	targets: Ids,
	options?: CrossEntropyOptions,
): Tensor {
	const place = "softmaxCrossEntropy";
	const { rows, columns: K } = lastAxis(place, logits);
	const { ids, shape } = flatIds(`${place}: targets`, targets);
	const wanted = logits.shape.slice(0, -1);
	if (`${shape}` !== `${wanted}`)
		throw new Error(
			`${place}: targets must be [${wanted.join(", ")}], got [${shape.join(", ")}]`,
		);
	let count = 0;
	for (let i = 0; i < ids.length; i++) {
		const id = ids[i];
		if (id < -1 || id >= K)
			throw new Error(
				`${place}: target ${id} at ${i} is not one of 0 … ${K - 1} (or −1, left out)`,
			);
		if (id >= 0) count++;
	}
	if (count === 0)
		throw new Error(`${place}: wanted at least one target, got none`);
	const gradient = logits.requiresGrad
		? uninitialised(logits.dtype, logits.size)
		: undefined;
	const loss = allocate(logits.dtype, 1);
	let scale = 1 / count;
	if (options === undefined)
		loss[0] =
			backendOf(loss).crossEntropy(rows, K, logits.data, ids, gradient) / count;
	else {
		const sums = weighted(logits, ids, K, options, gradient);
		loss[0] = sums.loss / sums.total;
		scale = 1 / sums.total;
	}
	return result(place, [logits], loss, [], (g) => {
		const d = gradient as Numbers;
		backendOf(d).scale(d, g[0] * scale);
		return [d];
	});
}

/** Σ w·loss and Σ w; fills the gradient of Σ w·loss. */
function weighted(
	logits: Tensor,
	ids: Int32Array,
	K: number,
	options: CrossEntropyOptions,
	gradient: Numbers | undefined,
): { loss: number; total: number } {
	const place = "softmaxCrossEntropy";
	const { mask, classes, smoothing = 0 } = expectOptions(place, options, rules);
	const { weights } = counted(place, mask, logits.shape.slice(0, -1));
	const shares =
		classes === undefined
			? new Array<number>(K).fill(1)
			: expectList(place, "classes", classes, notNegative);
	if (shares.length !== K)
		throw new Error(
			`${place}: classes must be K=${K} numbers, got ${shares.length}`,
		);
	const allShares = shares.reduce((a, b) => a + b, 0);
	const logP = uninitialised(logits.dtype, logits.size);
	backendOf(logP).logSoftmax(ids.length, K, logits.data, logP);
	let [loss, total] = [0, 0];
	for (let i = 0, from = 0; i < ids.length; i++, from += K) {
		const [id, w] = [ids[i], weights?.[i] ?? 1];
		if (id < 0 || w === 0) {
			gradient?.fill(0, from, from + K);
			continue;
		}
		const hard = w * (1 - smoothing) * shares[id];
		const soft = (w * smoothing) / K;
		total += w * shares[id];
		loss -= hard * logP[from + id];
		if (soft > 0)
			for (let k = 0; k < K; k++) loss -= soft * shares[k] * logP[from + k];
		if (!gradient) continue;
		const all = hard + soft * allShares;
		for (let k = 0; k < K; k++)
			gradient[from + k] = all * Math.exp(logP[from + k]) - soft * shares[k];
		gradient[from + id] -= hard;
	}
	if (!(total > 0))
		throw new Error(
			`${place}: every target is left out, by −1, by the mask or by the weight of its class`,
		);
	return { loss, total };
}
