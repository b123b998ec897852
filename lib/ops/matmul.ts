import type { Numbers, Product } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, optional } from "../expect/rules.ts";
import {
	type DType,
	result,
	type Shape,
	sizeOf,
	type Tensor,
	traced,
	uninitialised,
} from "../tensor.ts";
import { broadcastShape, repeating, sumTo } from "./broadcast.ts";
import { expectTensor } from "./tensors.ts";

export interface Transposes {
	/** Use aᵀ: `a` is stored [..., k, m]. */
	transposeA?: boolean;
	/** Use bᵀ: `b` is stored [..., n, k]. */
	transposeB?: boolean;
}

const rules: Rules<Transposes> = {
	transposeA: optional(flag),
	transposeB: optional(flag),
};
const none: Transposes = {};

/**
 * Matrix product a [..., m, k] · b [k, n] → [..., m, n].
 *
 * With `b` a matrix, all leading axes of `a` count as rows (not with `transposeA`). Otherwise it is one product for each leading index, and leading axes
 * broadcast as NumPy has it: [B, 1, m, k] · [H, k, n] → [B, H, m, n]. A vector `a` [k] is a row: the result is [n].
 * @throws when the inner sizes or the types differ, or the leading axes do not broadcast.
 */
export function matmul(a: Tensor, b: Tensor, transposes?: Transposes): Tensor {
	expectTensor("matmul", "a", a);
	expectTensor("matmul", "b", b);
	const { transposeA = false, transposeB = false } =
		transposes === undefined
			? none
			: expectOptions("matmul", transposes, rules);
	const noted = traced(
		"matmul",
		[a, b],
		Number(transposeA) + 2 * Number(transposeB),
	);
	if (noted) return noted;
	if (a.dtype !== b.dtype)
		throw new Error(`matmul: ${a.dtype} and ${b.dtype} do not mix`);
	const sizes = sizesOf(a.shape, b.shape, transposeA, transposeB);
	const { m, n, k, lead } = sizes;
	const A: Matrices = [a.data, sizes.ofA];
	const B: Matrices = [b.data, sizes.ofB];
	const batches = sizeOf(lead);
	const times = (product: Product, x: Matrices, y: Matrices) =>
		products(a.dtype, batches, product, x, y);
	const out = times({ m, n, k, transposeA, transposeB }, A, B);
	return result("matmul", [a, b], out, sizes.shape, (gradient) => {
		const G: Matrices = [gradient];
		/** The gradient of each batch's matrix, summed where several batches read one. */
		const summed = (own: Tensor, of: Matrices[1], all: Numbers) =>
			of ? sumTo(all, [...lead, ...own.shape.slice(-2)], own.shape) : all;
		// For C = A·B: dA = G·Bᵀ and dB = Aᵀ·G; each transposed once more where its operand is stored transposed.
		const dA = () =>
			transposeA
				? times(
						{ m: k, n: m, k: n, transposeA: transposeB, transposeB: true },
						B,
						G,
					)
				: times({ m, n: k, k: n, transposeB: !transposeB }, G, B);
		const dB = () =>
			transposeB
				? times(
						{ m: n, n: k, k: m, transposeA: true, transposeB: transposeA },
						G,
						A,
					)
				: times({ m: k, n, k: m, transposeA: !transposeA }, A, G);
		return [
			a.requiresGrad ? summed(a, sizes.ofA, dA()) : undefined,
			b.requiresGrad ? summed(b, sizes.ofB, dB()) : undefined,
		];
	});
}

/** What is multiplied: for each index of the leading axes [m, k] · [k, n]. */
interface Sizes {
	m: number;
	n: number;
	k: number;
	/** The leading axes of the result, if it is more than one product. */
	lead: Shape;
	/** The shape of the result. */
	shape: Shape;
	/** Which of its matrices each operand gives to each product; none: the one of that index. */
	ofA?: readonly number[];
	ofB?: readonly number[];
}

/** @throws when the inner sizes differ, or the leading axes do not broadcast. */
function sizesOf(
	a: Shape,
	b: Shape,
	transposeA: boolean,
	transposeB: boolean,
): Sizes {
	const wrong = (): Error =>
		new Error(
			`matmul: shapes [${a}]${transposeA ? "ᵀ" : ""} and [${b}]${transposeB ? "ᵀ" : ""} do not fit: wanted [..., m, k] · [k, n]`,
		);
	if (a.length === 0 || b.length < 2) throw wrong();
	if (a.length === 1 && (transposeA || b.length > 2)) throw wrong();
	const [bRows, bColumns] = b.slice(-2);
	const [n, kOfB] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
	const columns = a[a.length - 1];
	if (b.length === 2 && !transposeA) {
		if (columns !== kOfB) throw wrong();
		const rows = a.slice(0, -1);
		return { m: sizeOf(rows), n, k: kOfB, lead: [], shape: [...rows, n] };
	}
	const [leadA, leadB] = [a.slice(0, -2), b.slice(0, -2)];
	const lead = broadcasts(leadA, leadB);
	const rows = a[a.length - 2];
	const [m, k] = transposeA ? [columns, rows] : [rows, columns];
	if (!lead || k !== kOfB) throw wrong();
	const [ofA, ofB] = [matricesOf(leadA, lead), matricesOf(leadB, lead)];
	return { m, n, k, lead, shape: [...lead, m, n], ofA, ofB };
}

/** The matrices of an operand one after the other, and which of them each product reads; none: the one of its index. */
type Matrices = [data: Numbers, of?: readonly number[]];

/** out = x · y for each index of the leading axes. */
function products(
	dtype: DType,
	batches: number,
	product: Product,
	x: Matrices,
	y: Matrices,
): Numbers {
	const { m, n, k } = product;
	const out = uninitialised(dtype, batches * m * n);
	const backend = backendOf(out);
	const matrix = ([data, of]: Matrices, i: number, size: number) => {
		if (batches === 1) return data;
		const at = of ? of[i] : i;
		return data.subarray(at * size, (at + 1) * size);
	};
	for (let i = 0; i < batches; i++)
		backend.matmul(
			product,
			matrix(x, i, m * k),
			matrix(y, i, k * n),
			matrix([out], i, m * n),
		);
	return out;
}

/** The leading axes of the result; none if they do not broadcast. */
function broadcasts(a: Shape, b: Shape): Shape | undefined {
	const fits = a.every((n, i) => {
		const m = b[b.length - a.length + i] ?? 1;
		return n === m || n === 1 || m === 1;
	});
	return fits ? broadcastShape("matmul", a, b) : undefined;
}

/** Which of an operand's matrices each index of the result's leading axes reads; none where it is that index. */
function matricesOf(own: Shape, lead: Shape): number[] | undefined {
	if (sizeOf(own) === sizeOf(lead)) return undefined;
	const order = Float64Array.from({ length: sizeOf(own) }, (_, i) => i);
	const repeated = repeating(order, own, lead);
	return Array.from(
		{ length: sizeOf(lead) },
		(_, i) => repeated[i % repeated.length],
	);
}
