import { backendOf } from "./backend/current.ts";
import { zeros } from "./make.ts";
import { type Random, wordsOf } from "./random.ts";
import type { DType, Shape, Tensor } from "./tensor.ts";

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
	return drawn(shape, probability, 1, random, dtype);
}

/** A mask of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate), so that the mean stays and evaluation needs no rule. */
export function dropoutMask(
	shape: Shape,
	rate: number,
	random: Random,
	dtype: DType,
): Tensor {
	return drawn(shape, 1 - rate, 1 / (1 - rate), random, dtype);
}

/** `one` with the probability given, else 0: a uniform number for each. */
function drawn(
	shape: Shape,
	probability: number,
	one: number,
	random: Random,
	dtype: DType,
): Tensor {
	const mask = zeros(shape, { dtype });
	const { data } = mask;
	const words = wordsOf(random);
	if (words) backendOf(data).draw(words, probability, one, data);
	else
		for (let i = 0; i < data.length; i++)
			data[i] = random.uniform() < probability ? one : 0;
	return mask;
}
