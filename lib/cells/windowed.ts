import { zeros } from "../make.ts";
import { concat, reshape, slice, transpose } from "../ops/arrange.ts";
import { gather } from "../ops/select.ts";
import type { Tensor } from "../tensor.ts";
import { allSteps, withAllSteps } from "./all-steps.ts";
import { type Cell, pass, prepared, stepCheck } from "./cell.ts";

/** The memory c [B, H], and the k − 1 inputs before this step side by side, oldest first [B, (k − 1)·D]. */
export type WindowState = { c: Tensor; past: Tensor };

/** A cell that reads, in place of x [B, D], the last k of them side by side, oldest first [B, k·D]; before the start they are zeros. */
export function windowed(cell: Cell<Tensor>, k: number): Cell<WindowState> {
	const { name, hidden: H } = cell;
	const D = cell.inputs / k;
	const check = stepCheck(
		name,
		{ D },
		{ c: { H }, past: { "(k−1)·D": (k - 1) * D } },
	);
	const made: Cell<WindowState> = {
		...cell,
		inputs: D,
		start(B) {
			const c = cell.start(B);
			return { c, past: zeros([B, (k - 1) * D], { dtype: c.dtype }) };
		},
		step(x, before, tap = pass, w = cell.weights) {
			const { c, past } = check(x, before, tap, w);
			const X = concat([past, x], 1);
			const { output, state } = cell.step(X, c, tap, w);
			return { output, state: { c: state, past: slice(X, 1, D, k * D) } };
		},
		prepare: (run) => windowed(prepared(cell, run), k),
	};
	const all = allSteps(cell);
	if (!all) return made;
	return withAllSteps(made, (xs, { c, past }, how) => {
		const [T, B] = xs.shape;
		const before = transpose(reshape(past, [B, k - 1, D]), [1, 0, 2]);
		const steps = concat([before, xs]);
		const windows = Array.from({ length: k }, (_, j) =>
			slice(steps, 0, j, j + T),
		);
		const done = all(concat(windows, 2), c, how);
		if (!done) return undefined;
		const lengths = how.lengths ?? Array<number>(B).fill(T);
		const state = { c: done.state, past: ends(steps, k - 1, lengths) };
		return { outputs: done.outputs, state };
	});
}

/** The n steps before each sequence's end side by side [B, n·D]; of the steps [n + T, B, D] n come before the start. */
function ends(steps: Tensor, n: number, lengths: readonly number[]): Tensor {
	const [all, B, D] = steps.shape;
	const rows = lengths.map((end, b) =>
		Array.from({ length: n }, (_, j) => (end + j) * B + b),
	);
	return reshape(gather(reshape(steps, [all * B, D]), rows), [B, n * D]);
}
