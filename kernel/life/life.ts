/** What an execution of a cell waits for, and whether it has been stopped. */
export class Life {
	/** Set when the cell was stopped: from then on none of its code continues. */
	over = false;
	/** Ways to end the awaits that are pending, the innermost first. */
	readonly awaits = new Set<(reason: unknown) => void>();
	#aborter: AbortController | undefined;

	/** Aborts when the cell is stopped. */
	get signal(): AbortSignal {
		this.#aborter ??= new AbortController();
		return this.#aborter.signal;
	}

	/** Ends the pending awaits by throwing the reason there, so that `finally` blocks run. */
	stop(reason: unknown): void {
		this.over = true;
		for (const end of this.awaits) end(reason);
		this.awaits.clear();
		this.#aborter?.abort(reason);
	}
}
