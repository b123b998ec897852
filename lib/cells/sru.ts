import { expectOptions, type Rules } from "../expect/expect.ts";
import { finite, initial, optional } from "../expect/rules.ts";
import { constant } from "../initialisers.ts";
import { add, mul, sigmoid } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { type Initial, makeWeights } from "../weights.ts";
import { type Cell, type CellOptions, cellRules } from "./cell.ts";
import { mix } from "./gates.ts";
import { type Equations, pooling } from "./pooling.ts";

export interface SruOptions extends CellOptions {
	/** How weights start, by name or letter; default Glorot's uniform, vectors 0. */
	initial?: Initial;
}

export const sruRules: Rules<SruOptions> = {
	...cellRules,
	initial: optional(initial),
};
const rules: Rules<SruOptions & { highwayBias?: number }> = {
	...sruRules,
	highwayBias: optional(finite),
};

/**
 * Simple recurrent unit (Lei et al. 2018, EMNLP, arXiv:1709.02755): no product with the state, so most of a step can be done for all steps at once.
 *
 * ```text
 * f  = σ(x·Wf + vf ⊙ c + bf)                  how much of the memory to keep      [B, H]
 * r  = σ(x·Wr + vr ⊙ c + br)                  how much of the memory to show      [B, H]
 * c′ = f ⊙ c + (1 − f) ⊙ (x·W)                the new memory                      [B, H]
 * h′ = r ⊙ c′ + (1 − r) ⊙ α x                 the output, a highway past it       [B, H]
 * ```
 *
 * α = √(1 + 2 e^b), with b = `highwayBias` where br starts, keeps the size of x on its way up; where D ≠ H, x·Wx stands for α x.
 * Both gates read the memory before the step. `sru2017` is the form of the first version.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function sru(
	options: SruOptions & { highwayBias?: number },
): Cell<Tensor> {
	const { hidden: H, highwayBias: b = 0 } = expectOptions(
		"sru",
		options,
		rules,
	);
	const alpha = Math.sqrt(1 + 2 * Math.exp(b));
	const peeps = { vf: [H], vr: [H] };
	const start = { br: constant(b) };
	return unit("sru", options, peeps, start, (x, { before, after }, w, tap) => {
		const sees = add(matmul(x, w.Wr), mul(w.vr, before), w.br);
		const past = w.Wx ? matmul(x, w.Wx) : mul(alpha, x);
		return mix(tap("r", sigmoid(sees)), after, past);
	});
}

/** What both forms share: weights by name, and what goes into the memory. */
export function unit(
	name: string,
	options: SruOptions,
	own: Record<string, Shape>,
	defaults: Initial,
	show: Equations["show"],
): Cell<Tensor> {
	const { inputs: D, hidden: H, dtype } = options;
	const W: Shape = [D, H];
	const shapes = { W, Wf: W, bf: [H], Wr: W, br: [H], ...own };
	const highway: Record<string, Shape> = D === H ? {} : { Wx: W };
	const all: Record<string, Shape> = { ...shapes, ...highway };
	const weights = makeWeights(name, all, options, defaults);
	const about = { name, inputs: D, hidden: H, weights };
	return pooling(about, "candidate", dtype, {
		read: (x, w, tap) => ({
			u: add(matmul(x, w.Wf), w.bf),
			z: tap("candidate", matmul(x, w.W)),
			v: w.vf,
		}),
		show,
	});
}
