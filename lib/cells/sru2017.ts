import { expectOptions } from "../expect/expect.ts";
import { add, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import type { Tensor } from "../tensor.ts";
import type { Cell } from "./cell.ts";
import { mix } from "./gates.ts";
import { type SruOptions, sruRules, unit } from "./sru.ts";

/**
 * Simple recurrent unit as first published (Lei and Zhang 2017, version 1 of arXiv:1709.02755), whose gates see x alone.
 *
 * ```text
 * f  = σ(x·Wf + bf)                           how much of the memory to keep      [B, H]
 * r  = σ(x·Wr + br)                           how much of the memory to show      [B, H]
 * c′ = f ⊙ c + (1 − f) ⊙ (x·W)                the new memory                      [B, H]
 * h′ = r ⊙ tanh(c′) + (1 − r) ⊙ x             the output; x·Wx where D ≠ H        [B, H]
 * ```
 *
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function sru2017(options: SruOptions): Cell<Tensor> {
	expectOptions("sru2017", options, sruRules);
	return unit("sru2017", options, {}, {}, (x, { after }, w, tap) => {
		const r = sigmoid(add(matmul(x, w.Wr), w.br));
		const past = w.Wx ? matmul(x, w.Wx) : x;
		return mix(tap("r", r), tanh(after), past);
	});
}
