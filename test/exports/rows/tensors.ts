import type * as unrolled from "unrolled";
import {
	anyNumber,
	anyTensor,
	aTensor,
	dtype,
	flag,
	fn,
	ids,
	type Kind,
	notNegative,
	number,
	numbers,
	oneOf,
	only,
	optional,
	options,
	or,
	size,
	source,
	whole,
} from "../kinds.ts";
import {
	anyAxes,
	numbersOf,
	own,
	type Row,
	row,
	seed,
	shape,
	u,
} from "./shared.ts";

const listedShape: Kind = {
	...shape,
	accepts: (v) => Array.isArray(v) && shape.accepts(v),
};

const filled = {
	dtype: optional(dtype),
	requiresGrad: optional(flag),
};

const broadcast = or(aTensor([2, 3]), aTensor([]), anyNumber(2));

const axis = optional(whole(1, -2, 1));

const unary = [
	"abs",
	"exp",
	"log",
	"neg",
	"relu",
	"sigmoid",
	"sqrt",
	"square",
	"tanh",
] as const;

const binary = [
	...(["add", "sub", "mul", "div", "pow", "maximum", "minimum"] as const),
	...(["greater", "less", "equal"] as const),
] as const;

function operandOf(): Kind {
	return or(aTensor([2, 3]), aTensor([]), anyNumber(2));
}

/** Tensors, operations, random numbers and initialisers. */
export const rows: Row[] = [
	own(
		"tensor",
		or(
			numbers(() => [1, 2]),
			anyNumber(1),
		),
		optional(
			options({
				shape: optional(numbersOf([2])),
				...filled,
			}),
		),
	),
	own("zeros", listedShape, optional(options(filled))),
	own("ones", listedShape, optional(options(filled))),
	row(
		"new Tensor",
		(data: Float32Array, shape: number[]) => new u.Tensor(data, shape),
		only(() => new Float32Array(2)),
		numbersOf([2]),
	),
	own(
		"noGrad",
		fn(() => u.ones([2])),
	),
	own(
		"detach",
		or(
			only(() => u.ones([2])),
			anyTensor([2]),
			only(() => ({ h: u.ones([2]) })),
			oneOf(undefined),
			options({}),
			numbersOf([]),
		),
	),

	...unary.map((name) => own(name, anyTensor([2, 3]))),
	...binary.map((name) =>
		own(name, or(anyTensor([2, 3]), anyNumber(2)), broadcast),
	),
	...binary.map((name) =>
		row(
			`${name}, the other way`,
			(a: never, b: never) => u[name](b, a),
			operandOf(),
			or(aTensor([2, 3]), aTensor([]), anyNumber(2)),
		),
	),
	row("add of three", u.add as never, operandOf(), operandOf(), operandOf()),
	own(
		"matmul",
		aTensor([2, 3]),
		aTensor([3, 2]),
		optional(
			options({
				transposeA: optional(oneOf(false)),
				transposeB: optional(oneOf(false)),
			}),
		),
	),
	own("softmax", anyAxes([2, 3])),
	own("logSoftmax", anyAxes([2, 3])),
	...(["sum", "mean", "max", "min", "logSumExp"] as const).map((name) =>
		own(
			name,
			aTensor([2, 3]),
			or(axis, numbersOf([0, 1])),
			optional(options({ keep: optional(flag) })),
		),
	),
	own("argmax", aTensor([2, 3]), axis),
	own(
		"clip",
		anyTensor([2, 3]),
		number(-1, (n) => n <= 1),
		number(1, (n) => n >= -1),
	),
	own("reshape", aTensor([2, 3]), numbersOf([3, 2])),
	own("transpose", aTensor([2, 3]), optional(numbersOf([1, 0]))),
	own(
		"concat",
		only(() => [u.ones([2, 3]), u.ones([2, 3])]),
		optional(whole(1, -2, 1)),
	),
	own(
		"stack",
		only(() => [u.ones([2, 3]), u.ones([2, 3])]),
		optional(whole(1, -3, 2)),
	),
	own("split", anyAxes([2, 3]), numbersOf([1, 1]), optional(whole(0, 0, 0))),
	own(
		"slice",
		anyAxes([2, 3]),
		whole(0, -2, 1),
		whole(1, 0, 2),
		whole(2, 2, 2),
	),
	own(
		"gather",
		aTensor([4, 3]),
		ids(
			() => [
				[1, 2],
				[3, 0],
			],
			4,
		),
	),
	own("where", or(aTensor([2, 3]), aTensor([])), broadcast, broadcast),

	own("random", whole(1, -Infinity)),
	row(
		"random().uniform",
		(a: number, b: number) => seed().uniform(a, b),
		optional(number(0, (n) => n <= 1)),
		optional(number(1, (n) => n >= 0 && n < Infinity)),
	),
	row(
		"random().normal",
		(a: number, b: number) => seed().normal(a, b),
		optional(number(0)),
		optional(notNegative(1)),
	),
	row("random().integer", (n: number) => seed().integer(n), size(5)),
	row(
		"random().choice",
		(w: number[]) => seed().choice(w),
		numbers(
			() => [1, 2],
			(n) => n >= 0 && n < Infinity,
			(l) => l > 0,
		),
	),
	row("random().shuffle", (w: number[]) => seed().shuffle(w), {
		good: () => [1, 2],
		accepts: (v) => Array.isArray(v) || v instanceof Uint8Array,
	}),
	own("constant", number(1)),
	own("normal", optional(notNegative(1))),
	own("uniform", notNegative(1)),
	own("glorotUniform"),
	own("glorotNormal"),
	own("he"),
	own("pytorch", size(2)),
	own("orthogonal", optional(number(1))),
	own("identity", optional(number(1))),
	...(["glorotUniform", "glorotNormal", "he", "orthogonal"] as const).map(
		(name) =>
			row(
				`${name}()`,
				(s: number[], r: unrolled.Random) => u[name]()(s, r),
				numbersOf([2, 3]),
				source,
			),
	),
	row(
		"identity()",
		(s: number[]) => u.identity()(s, seed()),
		numbersOf([2, 2]),
	),
	row(
		"normal()",
		(s: number[], r: unrolled.Random) => u.normal()(s, r),
		listedShape,
		source,
	),
	own(
		"weight",
		listedShape,
		fn(u.constant(1) as never),
		source,
		optional(dtype),
	),
];
