import { expectOptions, expectValue, type Rules } from "./expect/expect.ts";
import { flatten } from "./expect/lists.ts";
import {
	dtype as dtypeRule,
	flag,
	optional,
	type Rule,
	shape as shapeRule,
} from "./expect/rules.ts";
import {
	allocate,
	type DType,
	type Shape,
	sizeOf,
	Tensor,
	uninitialised,
} from "./tensor.ts";

export interface TensorOptions {
	/** Wanted for typed arrays with more than one axis; nested arrays tell it themselves. */
	shape?: Shape;
	/** Default: float32, or the type of the typed array given. */
	dtype?: DType;
	/** Whether `backward` should leave a gradient here. */
	requiresGrad?: boolean;
}

/** Numbers in lists, arrays or typed arrays of any kind, nested as deep as a tensor shall have axes. */
export type Values = number | ArrayLike<number> | readonly Values[];

const tensorRules: Rules<TensorOptions> = {
	shape: optional(shapeRule),
	dtype: optional(dtypeRule),
	requiresGrad: optional(flag),
};
const rulesOfFilled: Rules<Omit<TensorOptions, "shape">> = {
	dtype: tensorRules.dtype,
	requiresGrad: tensorRules.requiresGrad,
};
const numbers: Rule = {
	wanted: "numbers",
	fits: (value) => typeof value === "number",
};

/**
 * A tensor of the numbers given: a number, nested lists, or a typed array of any kind, with a shape if it has more than one axis.
 *
 * `tensor([[1, 2], [3, 4]])` has shape [2, 2]. The numbers are copied.
 * @throws when the lists are ragged, hold what is no number (`null`, a text), or their count does not fit the shape.
 */
export function tensor(values: Values, options?: TensorOptions): Tensor {
	const {
		shape,
		dtype = values instanceof Float64Array ? "float64" : "float32",
		requiresGrad,
	} = options === undefined
		? none
		: expectOptions("tensor", options, tensorRules);
	if (values instanceof Float32Array || values instanceof Float64Array) {
		const data = uninitialised(dtype, values.length);
		data.set(values);
		return new Tensor(data, shape ?? [values.length], requiresGrad);
	}
	const make = (size: number) => allocate(dtype, size);
	const read = flatten("tensor: values", values, make, numbers);
	return new Tensor(read.data, shape ?? read.shape, requiresGrad);
}

const none: TensorOptions = {};

/**
 * Zeros of a shape, `zeros([2, 3])`; `zeros([])` is a lone 0.
 * @throws when the shape is not a list of whole numbers.
 */
export function zeros(
	shape: Shape,
	options?: Omit<TensorOptions, "shape">,
): Tensor {
	return filled("zeros", shape, options);
}

/**
 * Ones of a shape, `ones([2, 3])`.
 * @throws when the shape is not a list of whole numbers.
 */
export function ones(
	shape: Shape,
	options?: Omit<TensorOptions, "shape">,
): Tensor {
	const made = filled("ones", shape, options);
	made.data.fill(1);
	return made;
}

function filled(
	place: string,
	shape: Shape,
	options: Omit<TensorOptions, "shape"> = none,
): Tensor {
	if (!shapeRule.fits(shape)) expectValue(place, "the shape", shape, shapeRule);
	if (options !== none && !surelyFine(options))
		expectOptions(place, options, rulesOfFilled);
	const { dtype = "float32", requiresGrad } = options;
	return new Tensor(allocate(dtype, sizeOf(shape)), shape, requiresGrad);
}

/** Whether it holds a type alone, or nothing: states are made so in every run. */
function surelyFine(options: TensorOptions): boolean {
	if (typeof options !== "object" || options === null) return false;
	if (Object.getPrototypeOf(options) !== Object.prototype) return false;
	for (const name in options) if (name !== "dtype") return false;
	const { dtype } = options;
	return dtype === undefined || dtype === "float32" || dtype === "float64";
}
