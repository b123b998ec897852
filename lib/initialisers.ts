import { allocateLasting } from "./backend/current.ts";
import { expectSizes, expectValue } from "./expect/expect.ts";
import {
	aTensor,
	callable,
	dtype as dtypeRule,
	finite,
	notNegative,
	shape as shapeRule,
	source,
} from "./expect/rules.ts";
import { zeros } from "./make.ts";
import type { Random } from "./random.ts";
import { type DType, type Shape, sameShape, sizeOf, Tensor } from "./tensor.ts";

/** Fills a new weight: a shape and a source of random numbers give a tensor. */
export type Initialiser = (shape: Shape, random: Random) => Tensor;

/** The same number everywhere. */
export function constant(value: number): Initialiser {
	expectValue("constant", "the value", value, finite);
	return filled(() => value);
}

/** N(0, deviation²) */
export function normal(deviation = 1): Initialiser {
	expectValue("normal", "the deviation", deviation, notNegative);
	return filled((random) => random.normal(0, deviation));
}

/** Uniform between −limit and limit. */
export function uniform(limit: number): Initialiser {
	expectValue("uniform", "the limit", limit, notNegative);
	return filled((random) => random.uniform(-limit, limit));
}

/** Uniform with limit √(6 / (inputs + outputs)) for a matrix [inputs, outputs] (Glorot and Bengio 2010, eq. 16). */
export function glorotUniform(): Initialiser {
	return (shape, random) => {
		const [inputs, outputs] = matrix("glorotUniform", shape);
		return uniform(Math.sqrt(6 / (inputs + outputs)))(shape, random);
	};
}

/** N(0, 2 / (inputs + outputs)) for a matrix [inputs, outputs] (Glorot and Bengio 2010, with the normal distribution). */
export function glorotNormal(): Initialiser {
	return (shape, random) => {
		const [inputs, outputs] = matrix("glorotNormal", shape);
		return normal(Math.sqrt(2 / (inputs + outputs)))(shape, random);
	};
}

/** N(0, 2 / inputs) for a matrix [inputs, outputs] that leads to rectified units (He et al. 2015, eq. 10). */
export function he(): Initialiser {
	return (shape, random) => {
		const [inputs] = matrix("he", shape);
		return normal(Math.sqrt(2 / inputs))(shape, random);
	};
}

/**
 * PyTorch's default: uniform with limit 1 / √size, for weights and biases alike. `size` is the hidden size in a recurrent
 * cell, `{ initial: { W: pytorch(H), U: pytorch(H), b: pytorch(H) } }`, and the number of inputs in a dense layer.
 */
export function pytorch(size: number): Initialiser {
	expectSizes("pytorch", { size });
	return uniform(1 / Math.sqrt(size));
}

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, times `gain`; a square one keeps lengths (Saxe et al. 2014).
 * It is the Q of the QR decomposition of normal numbers, with the signs that make R's diagonal positive (Mezzadri 2007).
 */
export function orthogonal(gain = 1): Initialiser {
	expectValue("orthogonal", "the gain", gain, finite);
	return (shape, random) => {
		expectValue("orthogonal", "random", random, source);
		const [rows, columns] = matrix("orthogonal", shape);
		const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
		const q: Float64Array[] = [];
		while (q.length < short) {
			const v = Float64Array.from({ length: long }, () => random.normal());
			// Gram and Schmidt, twice: the second time takes out what rounding left.
			for (const u of [...q, ...q]) {
				const along = dot(u, v);
				for (let i = 0; i < long; i++) v[i] -= along * u[i];
			}
			const length = Math.sqrt(dot(v, v));
			q.push(v.map((x) => x / length));
		}
		const made = zeros(shape, { dtype: "float64" });
		for (let i = 0; i < rows; i++)
			for (let j = 0; j < columns; j++)
				made.data[i * columns + j] =
					gain * (rows >= columns ? q[j][i] : q[i][j]);
		return made;
	};
}

function dot(a: Float64Array, b: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
	return sum;
}

/** The identity times `factor`, for a square matrix: an IRNN starts its recurrent weights so (Le et al. 2015). */
export function identity(factor = 1): Initialiser {
	expectValue("identity", "the factor", factor, finite);
	return (shape) => {
		const [rows, columns] = matrix("identity", shape);
		if (rows !== columns)
			throw new Error(`identity: wanted a square matrix, got [${shape}]`);
		const made = zeros(shape, { dtype: "float64" });
		for (let i = 0; i < rows; i++) made.data[i * columns + i] = factor;
		return made;
	};
}

/**
 * A weight: filled by its initialiser, in the type asked for, with gradients.
 * @throws when the initialiser gives another shape, or what is no finite number.
 */
export function weight(
	shape: Shape,
	fill: Initialiser,
	random: Random,
	dtype: DType = "float32",
): Tensor {
	expectValue("weight", "the shape", shape, shapeRule);
	expectValue("weight", "random", random, source);
	expectValue("weight", "dtype", dtype, dtypeRule);
	expectValue("weight", "the initialiser", fill, callable);
	const data = allocateLasting(dtype, sizeOf(shape));
	const start = fill(shape, random);
	expectValue("weight", "what the initialiser gives", start, aTensor);
	if (!sameShape(start.shape, shape))
		throw new Error(
			`weight: the initialiser gave [${start.shape.join(", ")}] where [${shape.join(", ")}] was wanted`,
		);
	if (!start.data.every(Number.isFinite))
		throw new Error(
			`weight: the initialiser gave numbers that are not finite for [${shape.join(", ")}]`,
		);
	data.set(start.data);
	return new Tensor(data, shape, true);
}

function filled(next: (random: Random) => number): Initialiser {
	return (shape, random) => {
		expectValue("initialiser", "random", random, source);
		// In double: a float64 network starts from the very numbers that a float32 one rounds.
		const made = zeros(shape, { dtype: "float64" });
		for (let i = 0; i < made.size; i++) made.data[i] = next(random);
		return made;
	};
}

function matrix(name: string, shape: Shape): readonly [number, number] {
	expectValue(name, "the shape", shape, shapeRule);
	if (shape.length !== 2)
		throw new Error(`${name}: wanted a matrix, got [${shape.join(", ")}]`);
	return [shape[0], shape[1]];
}
