/**
 * How long (ms) after a cell a page that runs all cells sends the next one at most. JupyterLab takes 1 to 16 ms, more on a busy
 * machine; a person needs longer between two presses.
 */
const GAP = 250;

/** A cell that was sent: when (ms since 1970), and which cell of a page it is, if the front end says so. */
export interface Sent {
	at: number;
	cellId: string | undefined;
}

/**
 * Which cells an error aborts: those that were sent before the front end could know of it, and the rest of one *Run All*, which a
 * page goes on sending. A press of its own runs, however soon after the error: it comes later than the press before, or is
 * for a cell that this run has had already.
 */
export class AfterError {
	/** When the last reply went out that aborts the cells behind it. */
	#known: number;
	/** The run that is being aborted: its last cell, and all of its cells. */
	#last: number;
	readonly #cells = new Set<string | undefined>();
	readonly #stopped: boolean;

	/**
	 * @param failed the cell that failed
	 * @param now when its reply went out
	 * @param stopped whether a reader interrupted it, and so knows
	 */
	constructor({ at, cellId }: Sent, now: number, stopped: boolean) {
		this.#known = now;
		this.#last = at;
		this.#cells.add(cellId);
		this.#stopped = stopped;
	}

	/** Whether the next cell is aborted. */
	aborts({ at, cellId }: Sent, now: number): boolean {
		const isOfRun =
			cellId !== undefined &&
			!this.#stopped &&
			at - this.#last < GAP &&
			!this.#cells.has(cellId);
		if (at >= this.#known && !isOfRun) return false;
		this.#known = now;
		this.#last = at;
		this.#cells.add(cellId);
		return true;
	}
}
