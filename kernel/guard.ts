import { Doing, Shared } from "./protocol/threads.ts";

/**
 * Keeps interrupts out of the kernel's own work in the thread of the cells.
 *
 * An interrupt throws away the whole turn of the event loop that it finds, with all that was to follow in it. So the
 * kernel holds the guard whenever it works, and lets go of it before the reader's code runs, in a turn of its own.
 */
export class Guard {
	readonly #places: Int32Array;
	/** How many parts of the kernel hold the guard. */
	#holders = 0;

	constructor(places: Int32Array) {
		this.#places = places;
	}

	/** From here to the matching {@link release} no interrupt ends what runs, however many turns it takes. */
	hold(): void {
		if (this.#holders === 0) this.#enter();
		this.#holders++;
	}

	/** See {@link hold}. */
	release(): void {
		this.#holders--;
		if (this.#holders === 0)
			Atomics.store(this.#places, Shared.doing, Doing.open);
	}

	/** How many hold it: to {@link restore} after a turn that SIGINT ended, wherever it was. */
	get holders(): number {
		return this.#holders;
	}

	/** Lets go of what a turn that is gone still held. */
	restore(holders: number): void {
		while (this.#holders > holders) this.release();
	}

	/** Holds the guard while something is done without a wait. */
	shield<T>(work: () => T): T {
		this.hold();
		try {
			return work();
		} finally {
			this.release();
		}
	}

	/** Lets the socket thread know that one more of its interrupts has been read. */
	hear(): void {
		Atomics.store(this.#places, Shared.waiting, 0); // the turn that waited is gone, or never was
		Atomics.add(this.#places, Shared.heard, 1);
	}

	/** Lets it know that the reader's code has come to its end after all that were read. */
	obey(): void {
		const heard = Atomics.load(this.#places, Shared.heard);
		Atomics.store(this.#places, Shared.obeyed, heard);
	}

	/** Whether some were read, and not obeyed yet. */
	get owes(): boolean {
		const [heard, obeyed] = [Shared.heard, Shared.obeyed].map((place) =>
			Atomics.load(this.#places, place),
		);
		return obeyed < heard;
	}

	#enter(): void {
		const { open, kernel, terminating } = Doing;
		for (;;) {
			const found = Atomics.compareExchange(
				this.#places,
				Shared.doing,
				open,
				kernel,
			);
			if (found === open) return;
			// This turn is about to be thrown away, and must not begin anything.
			Atomics.wait(this.#places, Shared.doing, terminating, 100);
		}
	}
}
