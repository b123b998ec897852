import type { Product } from "../backend/backend.ts";
import { backendOf } from "../backend/current.ts";
import { expectOptions, type Rules } from "../expect/expect.ts";
import { flag, optional } from "../expect/rules.ts";
import { result, room, sizeOf, type Tensor, traced } from "../tensor.ts";
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
 * With `b` a matrix, all leading axes of `a` count as rows (not with `transposeA`). With both of three or more axes
 * it is one product for each leading index, which must agree. A vector `a` [k] is a row: the result is [n].
 * @throws when the inner sizes, the leading axes or the types differ.
 */
export function matmul(a: Tensor, b: Tensor, transposes?: Transposes): Tensor {
	expectTensor("matmul", "a", a);
	expectTensor("matmul", "b", b);
	const { transposeA = false, transposeB = false } =
		transposes === undefined
			? none
			: expectOptions("matmul", transposes, rules);
	const plain = !transposeA && !transposeB;
	const noted = traced(plain ? "matmul" : "matmul of a transpose", [a, b]);
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
	const lead = shared ? [] : a.shape.slice(0, -2);
	if (`${lead}` !== `${b.shape.slice(0, -2)}`) throw wrong();

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

	/** out = x · y for each batch. */
	const products = (product: Product, x: typeof a.data, y: typeof a.data) => {
		const { m, n, k } = product;
		const out = room(a.dtype, batches * m * n);
		const backend = backendOf(out);
		for (let i = 0; i < batches; i++)
			backend.matmul(
				product,
				batches === 1 ? x : x.subarray(i * m * k, (i + 1) * m * k),
				batches === 1 ? y : y.subarray(i * k * n, (i + 1) * k * n),
				batches === 1 ? out : out.subarray(i * m * n, (i + 1) * m * n),
			);
		return out;
	};

	const out = products({ m, n, k, transposeA, transposeB }, a.data, b.data);
	return result("matmul", [a, b], out, shape, (g) => {
		// For C = A·B: dA = G·Bᵀ and dB = Aᵀ·G; each transposed once more where its operand is stored transposed.
		const dA = () =>
			transposeA
				? products(
						{ m: k, n: m, k: n, transposeA: transposeB, transposeB: true },
						b.data,
						g,
					)
				: products({ m, n: k, k: n, transposeB: !transposeB }, g, b.data);
		const dB = () =>
			transposeB
				? products(
						{ m: n, n: k, k: m, transposeA: true, transposeB: transposeA },
						g,
						a.data,
					)
				: products({ m: k, n, k: m, transposeA: !transposeA }, a.data, g);
		return [
			a.requiresGrad ? dA() : undefined,
			b.requiresGrad ? dB() : undefined,
		];
	});
}
