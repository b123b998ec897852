import type { Random } from "./random.ts";
import { type DType, type Shape, type Tensor, zeros } from "./tensor.ts";

/** Fills a new weight: a shape and a source of random numbers give a tensor. */
export type Initialiser = (shape: Shape, random: Random) => Tensor;

/** The same number everywhere. */
export function constant(value: number): Initialiser {
	return filled(() => value);
}

/** N(0, deviation²) */
export function normal(deviation = 1): Initialiser {
	return filled((random) => random.normal(0, deviation));
}

/** Uniform between −limit and limit. */
export function uniform(limit: number): Initialiser {
	return filled((random) => random.uniform(-limit, limit));
}

/** Uniform with limit √(6 / (inputs + outputs)) for a matrix [inputs, outputs] (Glorot and Bengio 2010, eq. 16). */
export function glorotUniform(): Initialiser {
	return (shape, random) => {
		const [inputs, outputs] = matrix("glorotUniform", shape);
		return uniform(Math.sqrt(6 / (inputs + outputs)))(shape, random);
	};
}

/** The identity times `factor`, for a square matrix: an IRNN starts its recurrent weights so (Le et al. 2015). */
export function identity(factor = 1): Initialiser {
	return (shape) => {
		const [rows, columns] = matrix("identity", shape);
		if (rows !== columns)
			throw new Error(`identity: wanted a square matrix, got [${shape}]`);
		const made = zeros(shape);
		for (let i = 0; i < rows; i++) made.data[i * columns + i] = factor;
		return made;
	};
}

/** A weight: filled by its initialiser, in the type asked for, with gradients. */
export function weight(
	shape: Shape,
	fill: Initialiser,
	random: Random,
	dtype: DType = "float32",
): Tensor {
	const made = zeros(shape, { dtype, requiresGrad: true });
	made.data.set(fill(shape, random).data);
	return made;
}

function filled(next: (random: Random) => number): Initialiser {
	return (shape, random) => {
		// In double: a float64 network starts from the very numbers that a float32 one rounds.
		const made = zeros(shape, { dtype: "float64" });
		for (let i = 0; i < made.size; i++) made.data[i] = next(random);
		return made;
	};
}

function matrix(name: string, shape: Shape): readonly [number, number] {
	if (shape.length !== 2)
		throw new Error(`${name}: wanted a matrix, got [${shape}]`);
	return [shape[0], shape[1]];
}
