import { Doing, Shared } from "./protocol/threads.ts";

/**
 * Keeps interrupts out of the kernel's own work in the thread of the cells.
 *
 * An interrupt terminates the current task of the event loop, at any point in it. So the kernel holds the guard while it works, and
 * releases it before the reader's code runs, which has a task of its own.
 */
export class Guard {
	readonly #memory: Int32Array;
	/** How many parts of the kernel hold the guard. */
	#holders = 0;

	constructor(memory: Int32Array) {
		this.#memory = memory;
	}

	/** Until the matching {@link release} no interrupt terminates a task. */
	hold(): void {
		if (this.#holders === 0) this.#enter();
		this.#holders++;
	}

	/** See {@link hold}. */
	release(): void {
		this.#holders--;
		if (this.#holders === 0)
			Atomics.store(this.#memory, Shared.doing, Doing.open);
	}

	/** How many hold it: for {@link restore}, after SIGINT has ended a task at an unknown point. */
	get holders(): number {
		return this.#holders;
	}

	/** Releases what a terminated task still held. */
	restore(holders: number): void {
		while (this.#holders > holders) this.release();
	}

	/** Runs synchronous work while holding the guard. */
	shield<T>(work: () => T): T {
		this.hold();
		try {
			return work();
		} finally {
			this.release();
		}
	}

	/** Tells the socket thread that one more of its interrupts was received. */
	hear(): void {
		Atomics.store(this.#memory, Shared.waiting, 0); // the task that waited was terminated, or there was none
		Atomics.add(this.#memory, Shared.heard, 1);
	}

	/** Tells it that the reader's code has ended after all interrupts that were received. */
	obey(): void {
		const heard = Atomics.load(this.#memory, Shared.heard);
		Atomics.store(this.#memory, Shared.obeyed, heard);
	}

	/** Whether interrupts were received after which the reader's code has not ended yet. */
	get owes(): boolean {
		const [heard, obeyed] = [Shared.heard, Shared.obeyed].map((index) =>
			Atomics.load(this.#memory, index),
		);
		return obeyed < heard;
	}

	#enter(): void {
		const { open, kernel, terminating } = Doing;
		for (;;) {
			const found = Atomics.compareExchange(
				this.#memory,
				Shared.doing,
				open,
				kernel,
			);
			if (found === open) return;
			// This task is about to be terminated, and must not begin anything.
			Atomics.wait(this.#memory, Shared.doing, terminating, 100);
		}
	}
}
