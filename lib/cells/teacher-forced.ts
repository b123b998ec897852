import { expectValue } from "../expect/expect.ts";
import { aCell, but } from "../expect/rules.ts";
import { split } from "../ops/arrange.ts";
import type { Tensor } from "../tensor.ts";
import { type Cell, pass, stepCheck } from "./cell.ts";
import type { JordanCell, JordanWeights } from "./jordan.ts";

const aJordan = but(aCell, {
	wanted: "jordan({ … })",
	fits: (value) => aCell.fits(value) && "context" in (value as object),
});

/**
 * A Jordan network under a teacher: its context follows what should come out, not what it put out.
 *
 * Its input is [x; target] [B, D + K]: s′ = μ·s + target. Weights are shared with the cell inside, which runs free once trained.
 */
export function teacherForced(cell: JordanCell): Cell<Tensor, JordanWeights> {
	expectValue("teacherForced", "the cell", cell, aJordan);
	const { inputs: D, hidden: K } = cell;
	const both = { "D + K": D + K };
	const check = stepCheck("teacherForced", both, { s: { K } }, "[x; target]");
	return {
		...cell,
		name: "teacherForced",
		inputs: D + K,
		step(both, s, tap = pass, weights = cell.weights) {
			check(both, { s }, tap, weights);
			const [x, target] = split(both, [D, K], 1);
			const { output } = cell.step(x, s, tap, weights);
			return { output, state: tap("s", cell.context(s, target)) };
		},
	};
}
