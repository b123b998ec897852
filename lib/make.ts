import type { Numbers } from "./backend/backend.ts";
import {
	allocate,
	type DType,
	type Nested,
	room,
	type Shape,
	sizeOf,
	Tensor,
} from "./tensor.ts";

export interface TensorOptions {
	/** Wanted for typed arrays with more than one axis; nested arrays tell it themselves. */
	shape?: Shape;
	/** Default: float32, or the type of the typed array given. */
	dtype?: DType;
	/** Whether `backward` should leave a gradient here. */
	requiresGrad?: boolean;
}

/**
 * A tensor of the numbers given: a number, nested arrays, or a typed array with a shape.
 *
 * `tensor([[1, 2], [3, 4]])` has shape [2, 2]. The numbers are copied.
 * @throws when the nested arrays are ragged or the count does not fit the shape.
 */
export function tensor(
	values: Nested | Numbers,
	options: TensorOptions = {},
): Tensor {
	const { requiresGrad = false } = options;
	if (values instanceof Float32Array || values instanceof Float64Array) {
		const dtype =
			options.dtype ?? (values instanceof Float64Array ? "float64" : "float32");
		const data = room(dtype, values.length);
		data.set(values);
		return new Tensor(data, options.shape ?? [values.length], requiresGrad);
	}
	const shape = shapeOf(values);
	const data = allocate(options.dtype ?? "float32", sizeOf(shape));
	let next = 0;
	const fill = (part: Nested, axis: number): void => {
		if (typeof part === "number") {
			if (axis !== shape.length) throw ragged(shape);
			data[next++] = part;
			return;
		}
		if (part.length !== shape[axis]) throw ragged(shape);
		for (const inner of part) fill(inner, axis + 1);
	};
	fill(values, 0);
	return new Tensor(data, options.shape ?? shape, requiresGrad);
}

function shapeOf(values: Nested): number[] {
	const shape: number[] = [];
	for (let part: Nested = values; typeof part !== "number"; part = part[0]) {
		if (!Array.isArray(part))
			throw new Error(
				`tensor: wanted numbers in nested arrays, got ${typeof part}`,
			);
		shape.push(part.length);
		if (part.length === 0) break;
	}
	return shape;
}

function ragged(shape: Shape): Error {
	return new Error(
		`tensor: the nested arrays are ragged; the first ones have shape [${shape}]`,
	);
}

/** Zeros of a shape. */
export function zeros(
	shape: Shape,
	options: Omit<TensorOptions, "shape"> = {},
): Tensor {
	const data = allocate(options.dtype ?? "float32", sizeOf(shape));
	return new Tensor(data, shape, options.requiresGrad);
}

/** Ones of a shape. */
export function ones(
	shape: Shape,
	options: Omit<TensorOptions, "shape"> = {},
): Tensor {
	const made = zeros(shape, options);
	made.data.fill(1);
	return made;
}
