import { expectValue } from "../expect/expect.ts";
import { aTensor } from "../expect/rules.ts";
import { zeros } from "../make.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Ids } from "../ops/select.ts";
import type { Tensor } from "../tensor.ts";
import { type Layer, layer } from "./layer.ts";

/**
 * Logits by the table of an embedding, read backwards: y = x·tableᵀ + b, x [..., size] → [..., tokens]. One table serves both ends, so that words alike
 * as inputs are alike as outputs (Press and Wolf 2017, arXiv:1608.05859; Inan, Khosravi and Socher 2017).
 *
 * ```ts
 * const words = embedding({ tokens, size: 64, random });
 * const model = chain(words, unroll(gru({ inputs: 64, hidden: 64, random })), tied(words));
 * ```
 *
 * The table is one weight with two places: it is trained, counted and saved once.
 * @throws when it is no embedding, or the last axis of x is not its size.
 */
export function tied(
	embedding: Layer<Ids, { table: Tensor }>,
): Layer<Tensor, { table: Tensor; b: Tensor }> {
	const table = embedding?.weights?.table;
	expectValue("tied", "the embedding's table", table, aTensor);
	const [tokens, size] = table.shape;
	const b = zeros([tokens], { dtype: table.dtype, requiresGrad: true });
	const made = layer("tied", { table, b }, (x: Tensor) => {
		expectValue("tied", "x", x, aTensor);
		if (x.shape.at(-1) !== size)
			throw new Error(
				`tied: x must be [..., ${size}], got [${x.shape.join(", ")}]`,
			);
		return {
			outputs: add(matmul(x, table, { transposeB: true }), b),
			state: undefined,
		};
	});
	return { ...made, structure: { is: "tied" } };
}
