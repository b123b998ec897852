/**
 * How long (ms) after a cell a page that runs all cells sends the next one at most. JupyterLab takes 1 to 16 ms, more on a busy
 * machine; a person needs longer between two presses.
 */
const GAP = 250;

/** A cell that was sent. */
export interface Sent {
	/** When, by this machine's clock (ms since 1970). */
	at: number;
	/** When, by the front end's own clock: what lies between two of its cells is known by that alone. */
	date: number;
	session: string;
	/** The id of the notebook's cell, if the front end sends it. */
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
	#last: Sent;
	readonly #cells = new Set<string | undefined>();
	readonly #stopped: boolean;

	/**
	 * @param failed the cell that failed
	 * @param now when its reply went out
	 * @param stopped whether a reader interrupted it, and so knows
	 */
	constructor(failed: Sent, now: number, stopped: boolean) {
		this.#known = now;
		this.#last = failed;
		this.#cells.add(failed.cellId);
		this.#stopped = stopped;
	}

	/** Whether the next cell is aborted. */
	aborts(sent: Sent, now: number): boolean {
		if (sent.at >= this.#known && !this.#isOfRun(sent)) return false;
		this.#known = now;
		this.#last = sent;
		this.#cells.add(sent.cellId);
		return true;
	}

	#isOfRun({ date, session, cellId }: Sent): boolean {
		if (cellId === undefined || this.#stopped) return false;
		if (session !== this.#last.session || this.#cells.has(cellId)) return false;
		return date - this.#last.date < GAP;
	}
}
