import { expectSizes } from "../cells/cell.ts";
import { type Initial, makeWeights } from "../cells/gates.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Random } from "../random.ts";
import type { DType, Tensor } from "../tensor.ts";
import { type Layer, layer } from "./layer.ts";

export interface DenseOptions {
	inputs: number;
	outputs: number;
	random: Random;
	dtype?: DType;
	/** How W and b start; default Glorot's uniform and 0. */
	initial?: Initial;
}

/**
 * y = x·W + b for each row of x: x [..., D], W [D, K], b [K], y [..., K].
 * @throws when the last axis of x is not D.
 */
export function dense(
	options: DenseOptions,
): Layer<Tensor, { W: Tensor; b: Tensor }> {
	const { inputs: D, outputs: K } = options;
	expectSizes("dense", { inputs: D, outputs: K });
	const weights = makeWeights("dense", { W: [D, K], b: [K] }, options);
	const { W, b } = weights;
	return layer("dense", weights, (x) => {
		if (x.shape.at(-1) !== D)
			throw new Error(
				`dense: x must be [..., D=${D}], got [${x.shape.join(", ")}]`,
			);
		return { outputs: add(matmul(x, W), b), state: undefined };
	});
}
