import { backendOf } from "../backend/current.ts";
import { square, sub } from "../ops/elementwise.ts";
import { mean } from "../ops/reduce.ts";
import { flatIds, type Ids } from "../ops/select.ts";
import { lastAxis } from "../ops/softmax.ts";
import { expectTensor } from "../ops/tensors.ts";
import { allocate, result, room, type Tensor } from "../tensor.ts";

/**
 * Mean of −log softmax(logits)[target] over all positions, in nats: logits [..., K], targets [...] with classes 0 … K − 1.
 * A target of −1 leaves its position out (padding). A uniform guess costs ln K.
 * @throws when the targets' shape is not that of the logits without the last axis, or a target is not a class.
 */
export function softmaxCrossEntropy(logits: Tensor, targets: Ids): Tensor {
	const { rows, columns: K } = lastAxis("softmaxCrossEntropy", logits);
	const { ids, shape } = flatIds("softmaxCrossEntropy: targets", targets);
	const wanted = logits.shape.slice(0, -1);
	if (`${shape}` !== `${wanted}`)
		throw new Error(
			`softmaxCrossEntropy: targets must be [${wanted.join(", ")}], got [${shape.join(", ")}]`,
		);
	let counted = 0;
	for (const id of ids) {
		if (id < -1 || id >= K)
			throw new Error(
				`softmaxCrossEntropy: target ${id} is not one of 0 … ${K - 1} (or −1, left out)`,
			);
		if (id >= 0) counted++;
	}
	if (counted === 0)
		throw new Error(
			"softmaxCrossEntropy: wanted at least one target, got none",
		);
	const gradient = logits.requiresGrad
		? room(logits.dtype, logits.size)
		: undefined;
	const loss = allocate(logits.dtype, 1);
	loss[0] =
		backendOf(loss).crossEntropy(rows, K, logits.data, ids, gradient) / counted;
	return result("softmaxCrossEntropy", [logits], loss, [], (g) => {
		const d = gradient as typeof loss;
		backendOf(d).scale(d, g[0] / counted);
		return [d];
	});
}

/**
 * Mean of (y − target)² over all numbers.
 * @throws when the shapes differ: a target that is broadcast is a mistake more often than a wish.
 */
export function meanSquaredError(y: Tensor, target: Tensor): Tensor {
	expectTensor("meanSquaredError", "y", y);
	expectTensor("meanSquaredError", "target", target);
	if (`${y.shape}` !== `${target.shape}`)
		throw new Error(
			`meanSquaredError: target must be [${y.shape.join(", ")}], got [${target.shape.join(", ")}]`,
		);
	return squaredError(y, target);
}

/** One pass over the numbers where `mean(square(sub(y, target)))` would take three there and three back. */
function squaredError(y: Tensor, target: Tensor): Tensor {
	if (y.dtype !== target.dtype) return mean(square(sub(y, target)));
	const dy = room(y.dtype, y.size);
	const loss = allocate(y.dtype, 1);
	loss[0] =
		backendOf(dy).squaredError(y.data, target.data, 2 / y.size, dy) / y.size;
	return result("meanSquaredError", [y, target], loss, [], (g) => {
		if (g[0] !== 1) backendOf(dy).scale(dy, g[0]);
		const dTarget = target.requiresGrad ? dy.map((d) => -d) : undefined;
		return [dy, dTarget];
	});
}
