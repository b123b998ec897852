import { expectOptions, type Rules } from "../expect/expect.ts";
import { initial, oneOf, optional, rate, size } from "../expect/rules.ts";
import { bernoulli, maskSource } from "../masks.ts";
import { minimum } from "../ops/compare.ts";
import { add, div, log, mul, neg, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { where } from "../ops/select.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { type Initial, makeWeights, type Weights } from "../weights.ts";
import { withAllSteps } from "./all-steps.ts";
import { type Cell, type CellOptions, cellRules, type Tap } from "./cell.ts";
import { type Equations, pooling, poolingAtOnce } from "./pooling.ts";
import { type WindowState, windowed } from "./windowed.ts";

export interface QrnnOptions extends CellOptions {
	/** k: how many steps of x the convolutions see, this one and those before; default 2. */
	window?: number;
	/** Which gates pool: forget; forget and output (the default); forget, output and input. */
	pooling?: "f" | "fo" | "ifo";
	/** How often, while training, a unit keeps its whole memory for a step, whatever its forget gate says; default 0. */
	zoneout?: number;
	/** How weights start, by name or letter; default Glorot's uniform and 0. */
	initial?: Initial;
}

const rules: Rules<QrnnOptions> = {
	...cellRules,
	window: optional(size),
	pooling: optional(oneOf("f", "fo", "ifo")),
	zoneout: optional(rate),
	initial: optional(initial),
};

/**
 * Quasi-recurrent network (Bradbury et al. 2017, arXiv:1611.01576, section 2): convolutions over x, and a pooling that has no weights.
 *
 * ```text
 * X  = [x₍t₋k₊₁₎; …; x]                  the window, zeros before the start         [B, k·D]
 * z  = tanh(X·Wz + bz)                   what to write                              [B, H]
 * f  = σ(X·Wf + bf)                      how much to keep; o and i likewise         [B, H]
 * f-pooling     c′ = f ⊙ c + (1 − f) ⊙ z      h′ = c′                               [B, H]
 * fo-pooling    c′ = f ⊙ c + (1 − f) ⊙ z      h′ = o ⊙ c′                           [B, H]
 * ifo-pooling   c′ = f ⊙ c + i ⊙ z            h′ = o ⊙ c′                           [B, H]
 * ```
 *
 * With `zoneout` (their section 2.1) f is 1 with that probability, for each unit and step, while training; in evaluation 1 − f is multiplied by
 * 1 − zoneout. Unlike the wrapper `zoneout`, h′ shows the memory that was kept.
 *
 * X·W is the paper's masked convolution: it never sees a later step. The biases are ours; at 0 they are not there.
 * @throws when a size is not a whole number of at least 1, the pooling is unknown, or an input does not fit.
 */
export function qrnn(options: QrnnOptions): Cell<WindowState> {
	const {
		inputs: D,
		hidden: H,
		dtype,
		window: k = 2,
		pooling: kind = "fo",
		zoneout = 0,
	} = expectOptions("qrnn", options, rules);
	const shapes: Record<string, Shape> = {};
	for (const gate of `z${kind}`) {
		shapes[`W${gate}`] = [k * D, H];
		shapes[`b${gate}`] = [H];
	}
	const weights = makeWeights("qrnn", shapes, options);
	const sees = (gate: string, X: Tensor, w: Weights) =>
		add(matmul(X, w[`W${gate}`]), w[`b${gate}`]);
	const gate = (name: string, X: Tensor, w: Weights, tap: Tap) =>
		tap(name, sigmoid(sees(name, X, w)));
	const about = { name: "qrnn", inputs: k * D, hidden: H, weights };
	/** The cell with a changed pre-activation of its forget gate. */
	const made = (kept: (u: Tensor) => Tensor): Cell<Tensor> => {
		const equations: Equations = {
			read(X, w, tap) {
				const z = tap("z", tanh(sees("z", X, w)));
				const u = kept(sees("f", X, w));
				if (kind !== "ifo") return { u, z };
				return { u, z: mul(gate("i", X, w, tap), z), added: true };
			},
			show: (X, { after }, w, tap) =>
				kind === "f" ? after : mul(gate("o", X, w, tap), after),
		};
		const cell = pooling(about, "z", dtype, equations);
		return withAllSteps(cell, poolingAtOnce(H, equations));
	};
	if (zoneout === 0)
		return windowed(
			made((u) => u),
			k,
		);
	const cell = made((u) => wider(u, zoneout));
	return windowed(
		{
			...cell,
			prepare(run) {
				const random = maskSource("qrnn", run);
				if (!random) return made((u) => wider(u, zoneout));
				return made((u) =>
					where(bernoulli(u.shape, zoneout, random, run.dtype), OPEN, u),
				);
			},
		},
		k,
	);
}

/** A pre-activation at which a gate is 1, to the last digit. */
const OPEN = 40;

/** The pre-activation of a gate 1 − (1 − f)·(1 − p), from that of f = σ(u). */
function wider(u: Tensor, p: number): Tensor {
	const seen = minimum(u, 15); // beyond it 1 − f is rounding
	const kept = add(mul(sigmoid(seen), 1 - p), p);
	return log(div(kept, mul(sigmoid(neg(seen)), 1 - p)));
}
