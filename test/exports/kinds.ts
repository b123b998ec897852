import { isDeepStrictEqual } from "node:util";
import {
	type Cell,
	elman,
	random,
	type Shape,
	Tensor,
	tensor,
	unroll,
} from "unrolled";

/** What an argument may be: a right value, made anew for each call, and whether another would be right as well. */
export interface Kind {
	good(): unknown;
	accepts(value: unknown): boolean;
	/** Of an object of options: the kind of each. */
	options?: Readonly<Record<string, Kind>>;
}

const itself: unknown[] = [];
itself.push(itself);
const nested: unknown[] = [[1, 2]];
nested.push(nested);
const bare = { inputs: 1, hidden: 1, random: random(1) };

/** Values that are wrong nearly everywhere; each kind says which of them it takes. */
export const wrongs: readonly [string, unknown][] = [
	["undefined", undefined],
	["null", null],
	["NaN", NaN],
	["−1", -1],
	["0", 0],
	["0.5", 0.5],
	["2", 2],
	["2³² + 1", 2 ** 32 + 1],
	["Infinity", Infinity],
	["a bigint", 10n],
	["a text", "abc"],
	["digits", "3"],
	["an empty text", ""],
	["true", true],
	["a symbol", Symbol("s")],
	["an empty list", []],
	["a list of null", [null]],
	["a list of texts", ["a", "b"]],
	["a ragged list", [[1], [1, 2]]],
	["a list with a hole", Object.assign(new Array(3), { 0: 1, 2: 3 })],
	["a list that holds itself", itself],
	["a list that holds itself last", nested],
	["an empty object", {}],
	["an object", { a: 1 }],
	["a Map", new Map()],
	["a Date", new Date(0)],
	["a Promise", Promise.resolve(1)],
	["a function", () => 1],
	["bytes", new Uint8Array([1, 2])],
	["a tensor", tensor([1, 2])],
	["a scalar", tensor(2)],
	["a cell", elman(bare)],
	["a layer", unroll(elman(bare))],
	["the random function", random],
];

export const kind = (
	good: () => unknown,
	accepts: (value: unknown) => boolean,
): Kind => ({ good, accepts });

export const whole = (good: number, least = 0, most = Infinity) =>
	kind(
		() => good,
		(v) => Number.isSafeInteger(v) && Number(v) >= least && Number(v) <= most,
	);
export const size = (good: number) => whole(good, 1);
/** A size that has to be this one, since other arguments fit to it. */
export const number = (
	good: number,
	inside: (value: number) => boolean = Number.isFinite,
) =>
	kind(
		() => good,
		(v) => typeof v === "number" && inside(v),
	);
export const positive = (good: number) =>
	number(good, (v) => v > 0 && v < Infinity);
export const notNegative = (good: number) =>
	number(good, (v) => v >= 0 && v < Infinity);
export const rate = (good = 0.5) => number(good, (v) => v >= 0 && v < 1);
export const anyNumber = (good: number) => number(good, () => true);
export const flag = kind(
	() => true,
	(v) => typeof v === "boolean",
);
export const text = (good: string) =>
	kind(
		() => good,
		(v) => typeof v === "string",
	);
export const source = kind(
	() => random(1),
	() => false,
);
export const oneOf = (...values: unknown[]) =>
	kind(
		() => values[0],
		(v) => values.includes(v),
	);
export const dtype = oneOf("float32", "float64");
export const fn = (good: (...given: never[]) => unknown) =>
	kind(
		() => good,
		(v) => typeof v === "function",
	);
/** Right as it is made, and nothing else of the values above is. */
export const only = (good: () => unknown) => kind(good, () => false);
/** Only this very value, or one that equals it. */
export const same = (good: () => unknown) =>
	kind(good, (v) => isDeepStrictEqual(v, good()));
export const anything = (good: unknown) =>
	kind(
		() => good,
		() => true,
	);
export const optional = ({ good, accepts, options }: Kind): Kind => ({
	good,
	accepts: (v) => v === undefined || accepts(v),
	options,
});
export const or = (a: Kind, ...others: Kind[]): Kind => ({
	...a,
	accepts: (v) => [a, ...others].some((k) => k.accepts(v)),
});

/** A tensor of this shape, whose numbers do not matter. */
export const aTensor = (shape: Shape, requiresGrad = false) =>
	kind(
		() => {
			const size = shape.reduce((a, b) => a * b, 1);
			const data = new Float32Array(size).map((_, i) => Math.sin(i + 1));
			return tensor(data, { shape: [...shape], requiresGrad });
		},
		(v) => v instanceof Tensor && `${v.shape}` === `${shape}`,
	);
export const anyTensor = (shape: Shape) =>
	kind(aTensor(shape).good, (v) => v instanceof Tensor);

/** Options, each of its kind; those that may be left out are `optional`. */
export function options(kinds: Readonly<Record<string, Kind>>): Kind {
	const good = () =>
		Object.fromEntries(
			Object.entries(kinds).map(([name, { good }]) => [name, good()]),
		);
	const accepts = (v: unknown) =>
		typeof v === "object" &&
		v !== null &&
		Object.getPrototypeOf(v) === Object.prototype &&
		Object.keys(v).every((name) => name in kinds) &&
		Object.entries(kinds).every(([name, { accepts }]) =>
			accepts((v as Record<string, unknown>)[name]),
		);
	return { good, accepts, options: kinds };
}

/** Lists of numbers for which `inside` holds, arrays or typed ones. */
export const numbers = (
	good: () => ArrayLike<number>,
	inside: (value: number) => boolean = () => true,
	length = (_: number) => true,
) =>
	kind(good, (v) => {
		if (!Array.isArray(v) && !ArrayBuffer.isView(v)) return false;
		const list = Array.from(v as Uint8Array);
		return (
			length(list.length) &&
			list.every((n) => typeof n === "number" && inside(n))
		);
	});
export const ids = (good: () => unknown, most: number) =>
	kind(good, (v) => {
		const whole = (n: unknown): boolean =>
			Number.isInteger(n) && Number(n) >= 0 && Number(n) < most;
		return whole(v) || numbers(() => [], whole).accepts(v);
	});

export const aCell = (good: () => Cell) =>
	kind(good, (v) => typeof v === "object" && v !== null && "step" in v);
export const aLayer = (good: () => unknown) =>
	kind(good, (v) => typeof v === "object" && v !== null && "run" in v);
