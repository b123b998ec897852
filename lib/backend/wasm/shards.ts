import { PANEL } from "./constants.ts";

/** A part of the batch: `B` rows from row `from`. */
export interface Shard {
	readonly from: number;
	readonly B: number;
}

/** n rounded up to whole panels: the width of rows inside the kernels. */
export function padded(n: number): number {
	return Math.ceil(n / PANEL) * PANEL;
}
