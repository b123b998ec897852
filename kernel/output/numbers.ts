import { inspect } from "node:util";

type TypedArray = Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>;

/** A tensor of any library: numbers in one typed array, and their shape. */
interface TensorLike {
	shape: readonly number[];
	data: TypedArray;
}

/** How many entries of an axis are all shown; of longer ones the first and the last few. */
const WHOLE = 8;
const PART = 3;
/** How many entries of a plain typed array are shown. */
const LISTED = 24;

const isTyped = (value: unknown): value is TypedArray =>
	ArrayBuffer.isView(value) &&
	!(value instanceof DataView) &&
	!(value instanceof BigInt64Array || value instanceof BigUint64Array) &&
	!Buffer.isBuffer(value);

export function isTensor(value: unknown): value is TensorLike {
	const { shape, data } = (value ?? {}) as Partial<TensorLike>;
	return (
		Array.isArray(shape) &&
		shape.every((size) => Number.isInteger(size)) &&
		isTyped(data) &&
		data.length === shape.reduce((product, size) => product * size, 1)
	);
}

/** A number rounded to four significant digits. */
function rounded(value: number): string {
	if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
	return String(Number(value.toPrecision(4)));
}

/** The indices of an axis that are shown; -1 stands for those left out. */
function shownOf(length: number): number[] {
	const all = Array.from({ length }, (_, i) => i);
	if (length <= WHOLE) return all;
	return [...all.slice(0, PART), -1, ...all.slice(-PART)];
}

/** A tensor as its shape and a sample of its numbers, rounded: `Tensor [2, 3] float32` and nested brackets below. */
function tensorText({ shape, data }: TensorLike, name: string): string {
	const type = data.constructor.name.replace("Array", "").toLowerCase();
	const title = `${name} [${shape.join(", ")}] ${type}`;
	if (shape.length === 0) return `${title} ${rounded(data[0])}`;
	const strides = shape.map((_, axis) =>
		shape.slice(axis + 1).reduce((product, size) => product * size, 1),
	);
	const cell = (at: number) => rounded(data[at]);
	const nest = (axis: number, from: number): string => {
		const indices = shownOf(shape[axis]);
		const parts = indices.map((index) => {
			if (index < 0) return "…";
			const at = from + index * strides[axis];
			return axis === shape.length - 1 ? cell(at) : nest(axis + 1, at);
		});
		const between =
			axis === shape.length - 1 ? ", " : `,\n${" ".repeat(axis + 1)}`;
		return `[${parts.join(between)}]`;
	};
	return `${title}\n${nest(0, 0)}`;
}

function listText(data: TypedArray): string {
	const some = Array.from(data.subarray(0, LISTED), rounded);
	if (data.length > LISTED) some.push(`… ${data.length - LISTED} more`);
	return `${data.constructor.name}(${data.length}) [ ${some.join(", ")} ]`;
}

const asText = (text: string) => ({ [inspect.custom]: () => text });
const isPlain = (value: object) =>
	[Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Replaces tensors and typed arrays by what prints them, in a value and in the plain arrays and objects within it. */
export function withNumbers(value: unknown, depth = 4): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (inspect.custom in value) return value;
	if (isTensor(value)) return asText(tensorText(value, value.constructor.name));
	if (isTyped(value)) return asText(listText(value));
	if (depth === 0) return value;
	if (Array.isArray(value)) {
		if (value.length > 100) return value;
		const items = value.map((each) => withNumbers(each, depth - 1));
		return items.some((each, at) => each !== value[at]) ? items : value;
	}
	if (!isPlain(value)) return value;
	const properties = Object.values(Object.getOwnPropertyDescriptors(value));
	if (properties.some(({ get }) => get)) return value;
	const entries = Object.entries(value);
	const changed = entries.map(([key, each]) => [
		key,
		withNumbers(each, depth - 1),
	]);
	return changed.some(([, each], at) => each !== entries[at][1])
		? Object.fromEntries(changed)
		: value;
}
