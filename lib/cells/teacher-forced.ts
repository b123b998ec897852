import { split } from "../ops/arrange.ts";
import type { Tensor } from "../tensor.ts";
import { type Cell, expectShape, pass } from "./cell.ts";
import type { JordanCell, JordanWeights } from "./jordan.ts";

/**
 * A Jordan network under a teacher: its context follows what should come out, not what it put out.
 *
 * Its input is [x; target] [B, D + K]: s′ = μ·s + target. Weights are shared with the cell inside, which runs free once trained.
 */
export function teacherForced(cell: JordanCell): Cell<Tensor, JordanWeights> {
	const { inputs: D, hidden: K } = cell;
	return {
		...cell,
		name: "teacherForced",
		inputs: D + K,
		step(both, s, tap = pass, weights = cell.weights) {
			expectShape("teacherForced: [x; target]", both, {
				B: both.shape[0],
				"D + K": D + K,
			});
			const [x, target] = split(both, [D, K], 1);
			const { output } = cell.step(x, s, tap, weights);
			return { output, state: tap("s", cell.context(s, target)) };
		},
	};
}
