import { Doing, Shared } from "./link.ts";

/** Keeps interrupts out of the kernel's own work in the thread of the cells. */
export class Guard {
	readonly #places: Int32Array;

	constructor(places: Int32Array) {
		this.#places = places;
	}

	/** Does the kernel's own work: no interrupt ends it in the middle. */
	shield<T>(work: () => T): T {
		const before = this.#enter();
		try {
			return work();
		} finally {
			Atomics.store(this.#places, Shared.doing, before);
		}
	}

	/** Says what runs from here on. */
	now(doing: number): void {
		this.#enter();
		Atomics.store(this.#places, Shared.doing, doing);
	}

	/** Counts a cell and gives its number among those begun. */
	begin(): number {
		return Atomics.add(this.#places, Shared.begun, 1) + 1;
	}

	/** Lets the socket thread know that its interrupt has been read. */
	hear(): void {
		Atomics.add(this.#places, Shared.heard, 1);
	}

	#enter(): number {
		for (;;) {
			const now = Atomics.load(this.#places, Shared.doing);
			if (now === Doing.terminating || now === Doing.signalling) {
				// Whatever led here is about to be ended; it must not be the kernel's work.
				Atomics.wait(this.#places, Shared.doing, now, 100);
				continue;
			}
			const found = Atomics.compareExchange(
				this.#places,
				Shared.doing,
				now,
				Doing.kernel,
			);
			if (found === now) return now;
		}
	}
}
