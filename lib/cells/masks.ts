import { zeros } from "../make.ts";
import type { Random } from "../random.ts";
import type { DType, Shape, Tensor } from "../tensor.ts";

/** Where masks come from in this run; undefined in evaluation. @throws when training without a source. */
export function maskSource(
	place: string,
	{ training, random }: { training?: boolean; random?: Random },
): Random | undefined {
	if (!training) return undefined;
	if (!random)
		throw new Error(`${place}: training draws masks, so it needs { random }`);
	return random;
}

/** 1 with the probability given, else 0, each number for itself. */
export function bernoulli(
	shape: Shape,
	probability: number,
	random: Random,
	dtype: DType,
): Tensor {
	const mask = zeros(shape, { dtype });
	for (let i = 0; i < mask.size; i++)
		mask.data[i] = random.uniform() < probability ? 1 : 0;
	return mask;
}

/** A mask of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate), so that the mean stays and evaluation needs no rule. */
export function dropoutMask(
	shape: Shape,
	rate: number,
	random: Random,
	dtype: DType,
): Tensor {
	const mask = bernoulli(shape, 1 - rate, random, dtype);
	for (let i = 0; i < mask.size; i++) mask.data[i] /= 1 - rate;
	return mask;
}
