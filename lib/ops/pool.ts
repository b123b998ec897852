import { backendOf } from "../backend/current.ts";
import { zeros } from "../make.ts";
import { allocate, result, type Tensor, uninitialised } from "../tensor.ts";

export interface PoolOptions {
	/** [H]: how the gate sees the memory; default not at all. */
	v?: Tensor;
	/** Whether z is added whole, instead of by what the gate leaves. */
	added?: boolean;
	/** The number of steps of each sequence; at its end its memory stays. */
	lengths?: readonly number[];
}

/**
 * A memory kept by a gate over a whole sequence, in one operation: the recurrence that QRNN and SRU share.
 *
 * ```text
 * f₍t₎ = σ(u₍t₎ + v ⊙ c₍t₋₁₎)                       [T, B, H]
 * c₍t₎ = f₍t₎ ⊙ c₍t₋₁₎ + (1 − f₍t₎) ⊙ z₍t₎          or, `added`, f₍t₎ ⊙ c₍t₋₁₎ + z₍t₎
 * ```
 *
 * u and z [T, B, H], the memory before the first step [B, H] → c [T, B, H].
 */
export function pool(
	u: Tensor,
	z: Tensor,
	start: Tensor,
	{ v, added = false, lengths }: PoolOptions = {},
): Tensor {
	const { shape, dtype, size } = u;
	const [T, B, H] = shape;
	const peep = v ?? zeros([H], { dtype });
	const run = {
		...{ T, B, H, added },
		...{ u: u.data, z: z.data, v: peep.data, start: start.data },
		lengths: lengths && Int32Array.from(lengths),
	};
	const backend = backendOf(u.data);
	const [f, c] = [uninitialised(dtype, size), uninitialised(dtype, size)];
	backend.pool(run, f, c);
	return result("pool", [u, z, start, peep], c, shape, (g) => {
		const d = {
			c: g,
			u: uninitialised(dtype, size),
			z: uninitialised(dtype, size),
			start: allocate(dtype, B * H),
			v: allocate(dtype, H),
		};
		backend.poolBack(run, f, c, d);
		return [d.u, d.z, d.start, d.v];
	});
}
