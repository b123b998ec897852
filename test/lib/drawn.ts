import {
	type DType,
	mul,
	random,
	type Shape,
	sum,
	type Tensor,
	zeros,
} from "unrolled";

interface Kind {
	dtype?: DType;
	requiresGrad?: boolean;
}

function filled(shape: Shape, draw: () => number, kind: Kind): Tensor {
	const made = zeros(shape, { dtype: "float64", requiresGrad: true, ...kind });
	for (let i = 0; i < made.size; i++) made.data[i] = draw();
	return made;
}

/** Numbers between low and high; float64 with gradients, unless told otherwise. */
export function uniform(
	shape: Shape,
	seed = 1,
	low = -2,
	high = 2,
	kind: Kind = {},
): Tensor {
	const source = random(seed);
	return filled(shape, () => source.uniform(low, high), kind);
}

/** N(0, 1); float64 with gradients, unless told otherwise. */
export function normals(shape: Shape, seed = 1, kind: Kind = {}): Tensor {
	const source = random(seed);
	return filled(shape, () => source.normal(), kind);
}

/** A scalar in which each number of y counts differently: a plain sum would hide errors that cancel. */
export const weighed = (y: Tensor): Tensor =>
	sum(mul(y, uniform(y.shape, 99).detach()));
