import type { Product } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, optional } from "../expect/rules.ts";
import {
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
	const wrong = (): Error =>
		new Error(
			`matmul: shapes [${a.shape}]${transposeA ? "ᵀ" : ""} and [${b.shape}]${transposeB ? "ᵀ" : ""} do not fit: wanted [..., m, k] · [k, n]`,
		);
	if (a.dtype !== b.dtype)
		throw new Error(`matmul: ${a.dtype} and ${b.dtype} do not mix`);
	if (a.shape.length === 0 || b.shape.length < 2) throw wrong();
	if (a.shape.length === 1 && (transposeA || b.shape.length > 2)) throw wrong();
	const shared = b.shape.length === 2 && !transposeA;
	const [leadA, leadB] = [a, b].map(({ shape }) => shape.slice(0, -2));
	const lead = shared ? [] : broadcasts(leadA, leadB);
	if (!lead) throw wrong();

	const batches = sizeOf(lead);
	const columns = a.shape[a.shape.length - 1];
	const rows = shared
		? sizeOf(a.shape.slice(0, -1))
		: a.shape[a.shape.length - 2];
	const [m, k] = transposeA ? [columns, rows] : [rows, columns];
	const [bRows, bColumns] = b.shape.slice(-2);
	const [n, kOfB] = transposeB ? [bRows, bColumns] : [bColumns, bRows];
	if (k !== kOfB) throw wrong();
	const shape = shared ? [...a.shape.slice(0, -1), n] : [...lead, m, n];

	/** Which matrix of an operand each batch reads; none: its own. */
	const ofA = shared ? undefined : places(leadA, lead);
	const ofB = shared ? undefined : places(leadB, lead);
	type Operands = [data: typeof a.data, of?: readonly number[]];
	/** out = x · y for each batch. */
	const products = (product: Product, x: Operands, y: Operands) => {
		const { m, n, k } = product;
		const out = uninitialised(a.dtype, batches * m * n);
		const backend = backendOf(out);
		const matrix = ([data, of]: Operands, i: number, size: number) => {
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
	};

	const A: Operands = [a.data, ofA];
	const B: Operands = [b.data, ofB];
	const out = products({ m, n, k, transposeA, transposeB }, A, B);
	return result("matmul", [a, b], out, shape, (gradient) => {
		const G: Operands = [gradient];
		/** The gradient of each batch's matrix, summed where several batches read one. */
		const summed = (own: Tensor, of: typeof ofA, all: typeof a.data) =>
			of ? sumTo(all, [...lead, ...own.shape.slice(-2)], own.shape) : all;
		// For C = A·B: dA = G·Bᵀ and dB = Aᵀ·G; each transposed once more where its operand is stored transposed.
		const dA = () =>
			transposeA
				? products(
						{ m: k, n: m, k: n, transposeA: transposeB, transposeB: true },
						B,
						G,
					)
				: products({ m, n: k, k: n, transposeB: !transposeB }, G, B);
		const dB = () =>
			transposeB
				? products(
						{ m: n, n: k, k: m, transposeA: true, transposeB: transposeA },
						G,
						A,
					)
				: products({ m: k, n, k: m, transposeA: !transposeA }, A, G);
		return [
			a.requiresGrad ? summed(a, ofA, dA()) : undefined,
			b.requiresGrad ? summed(b, ofB, dB()) : undefined,
		];
	});
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
function places(own: Shape, lead: Shape): number[] | undefined {
	if (sizeOf(own) === sizeOf(lead)) return undefined;
	const order = Float64Array.from({ length: sizeOf(own) }, (_, i) => i);
	const repeated = repeating(order, own, lead);
	return Array.from(
		{ length: sizeOf(lead) },
		(_, i) => repeated[i % repeated.length],
	);
}
