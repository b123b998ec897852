import { bytes, padded } from "./simd";

/**
 * One run of a cell over a batch of sequences. The host (../run.ts) writes these 32-bit fields in this order.
 *
 * Rows of H numbers are padded to P = ⌈H/8⌉·8, so that each is a whole number of vectors. The padding may hold anything: products read
 * only H of the P columns, and the gradients of gates are cleared in it.
 */
@unmanaged
export class FusedRun {
	T: i32;
	B: i32;
	D: i32;
	H: i32;
	/** Which cell to run, of a kernel for several. Elman: TANH, RELU or SIGMOID. */
	variant: i32;
	/** The inputs of so many steps are projected at once: few enough that the gates are still in the cache when their step comes. */
	ahead: i32;
	/** For how many steps gates and `extra` are kept: all T, or without a backward the `ahead` that are projected at once. */
	kept: i32;
	/** Address of the table of the weights' addresses, in the cell's order; and of the table of their gradients'. */
	weights: usize;
	gradients: usize;
	/** [B] or 0. From its length on, a sequence keeps its state. */
	lengths: usize;
	/** [T, B, D], and its gradient or 0 */
	x: usize;
	dx: usize;
	/** Table of the addresses of the states, in the order of the plan: see `state` and `stateStep`. */
	states: usize;
	/** [kept, B, gates, P]: the gates; backward overwrites them with their gradients. */
	gates: usize;
	/** [kept, B, P]: what else backward needs. LSTM: tanh c. GRU: r ⊙ h, or h·U + c. */
	extra: usize;
	/** [T, B, P]: the gradient of the outputs. */
	dOutputs: usize;
	/** Table of the addresses of the states' gradients, each [B, P] and carried backwards: see `dState`. */
	dStates: usize;
	/** [B, P] or 0: what a backward computes on the way. GRU that resets before: the gradient of r ⊙ h. */
	spare: usize;
	/** Uninitialised memory for packed matrices and biases, then for their gradients; `work` is for a packed block of a product. */
	packedW: usize;
	packedU: usize;
	biases: usize;
	work: usize;
}

/** State `index` before the first step, [B, P]; after step t it is (t + 1) · `stateStep` further on. State 0 is the output as well. */
@inline
export function state(run: FusedRun, index: i32): usize {
	return load<usize>(run.states + bytes(index));
}

/** The gradient of state `index`, [B, P]. */
@inline
export function dState(run: FusedRun, index: i32): usize {
	return load<usize>(run.dStates + bytes(index));
}

/** How far apart state `index` lies from step to step: 0 where each step overwrites it, as no backward will come. State 0 is always kept. */
@inline
export function stateStep(run: FusedRun, index: i32): usize {
	return index > 0 && run.kept < run.T ? 0 : <usize>run.B * rowBytes(run);
}

@inline
export function rowBytes(run: FusedRun): usize {
	return bytes(padded(run.H));
}

/** The index of step t's first row in `gates` and `extra`. */
@inline
export function slot(run: FusedRun, t: i32): usize {
	return <usize>(t % run.kept * run.B);
}

/** Whether sequence b has ended before step t. */
@inline
export function ended(run: FusedRun, t: i32, b: i32): bool {
	return run.lengths != 0 && t >= load<i32>(run.lengths + bytes(b));
}

export function weight(run: FusedRun, index: i32): usize {
	return load<usize>(run.weights + bytes(index));
}

export function gradient(run: FusedRun, index: i32): usize {
	return load<usize>(run.gradients + bytes(index));
}

/** Zeros in the padding of a row. */
@inline
export function clearPadding(run: FusedRun, row: usize): void {
	const width = bytes(run.H);
	if (width < rowBytes(run)) memory.fill(row + width, 0, rowBytes(run) - width);
}

/** Copies [steps, rows, count] between layouts with other strides; wider rows are padded with zeros. */
export function copyRows(steps: i32, rows: i32, count: i32, from: usize, fromStep: usize, fromRow: usize, to: usize, toStep: usize, toRow: usize): void {
	for (let t = 0; t < steps; t++) {
		for (let r = 0; r < rows; r++) copyRow(count, from + <usize>r * fromRow, to + <usize>r * toRow, toRow);
		from += fromStep;
		to += toStep;
	}
}

export function copyRow(count: i32, from: usize, to: usize, toRow: usize): void {
	const width = bytes(count);
	memory.copy(to, from, width);
	if (toRow > width) memory.fill(to + width, 0, toRow - width);
}

/** The outputs [T, B, H] without padding, steps `toStep` apart: the state after each step, zeros past a sequence's end. */
export function copyOutputs(run: FusedRun, to: usize, toStep: usize): void {
	const row = rowBytes(run), width = bytes(run.H);
	let h = state(run, 0) + <usize>run.B * row;
	for (let t = 0; t < run.T; t++) {
		for (let b = 0; b < run.B; b++) {
			const at = to + <usize>b * width;
			if (ended(run, t, b)) memory.fill(at, 0, width);
			else memory.copy(at, h, width);
			h += row;
		}
		to += toStep;
	}
}
