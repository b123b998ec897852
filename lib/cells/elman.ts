import {
	constant,
	glorotUniform,
	type Initialiser,
	weight,
} from "../initialisers.ts";
import { add, relu, sigmoid, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { type Tensor, zeros } from "../tensor.ts";
import {
	type Cell,
	type CellOptions,
	expectShape,
	expectSizes,
} from "./cell.ts";

const activations = { tanh, sigmoid, relu };

export interface ElmanOptions extends CellOptions {
	/** f; default tanh. Elman used σ. */
	activation?: keyof typeof activations;
	/** Every number of the state before the first step; default 0. Elman used 0.5. */
	context?: number;
	/** How W and U start; default Glorot's uniform. The bias starts at 0. */
	initial?: { W?: Initialiser; U?: Initialiser; b?: Initialiser };
}

/**
 * The simple recurrent network (Elman 1990, Finding structure in time, Cognitive Science 14): its context is the hidden state of the step before.
 *
 *   h′ = f(x·W + h·U + b)      the new state, which is also the output      [B, H]
 *
 * with x [B, D], h [B, H], W [D, H], U [H, H], b [H]. Elman cut the gradient at h; here it flows through (BPTT), and
 * `detach` cuts it where that is wanted.
 * @throws when a size is not a whole number of at least 1, or an input does not fit.
 */
export function elman(
	options: ElmanOptions,
): Cell<Tensor, { W: Tensor; U: Tensor; b: Tensor }> {
	const {
		inputs: D,
		hidden: H,
		random,
		dtype,
		activation = "tanh",
		context = 0,
		initial = {},
	} = options;
	expectSizes("elman", { inputs: D, hidden: H });
	const f = activations[activation];
	if (!f)
		throw new Error(
			`elman: activation must be one of ${Object.keys(activations).join(", ")}, got ${activation}`,
		);
	const W = weight([D, H], initial.W ?? glorotUniform(), random, dtype);
	const U = weight([H, H], initial.U ?? glorotUniform(), random, dtype);
	const b = weight([H], initial.b ?? constant(0), random, dtype);
	return {
		name: "elman",
		inputs: D,
		hidden: H,
		weights: { W, U, b },
		fused: `elman-${activation}`,
		start(B) {
			const h = zeros([B, H], { dtype });
			h.data.fill(context);
			return h;
		},
		step(x, h) {
			const B = x.shape[0];
			expectShape("elman: x", x, { B, D });
			expectShape("elman: h", h, { B, H });
			const next = f(add(matmul(x, W), matmul(h, U), b));
			return { output: next, state: next };
		},
	};
}
