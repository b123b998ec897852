import { childrenOf, interruptFamily } from "../processes.ts";
import { Doing, Shared, type ToCells } from "../protocol/threads.ts";
import { inspector } from "./inspector.ts";

/** How long (ms) the thread of the cells may take to read an interrupt before its task is terminated. */
const PATIENCE = 20;
/** How long (ms) the `finally` blocks of interrupted code may run without awaiting. */
const LAST = 500;

/**
 * Interrupts the running cell.
 *
 * A cell that awaits is told by a message. When its thread does not read the message in time, V8's inspector terminates the
 * current task of that thread, unless the kernel itself works there (guard.ts). The message is read in the next task, and
 * code that awaits the terminated task fails. A child process that the thread waits for is interrupted first.
 */
export class Interrupter {
	readonly #memory: Int32Array;
	readonly #tell: (message: ToCells) => void;
	readonly #ring: () => void;
	/** Child processes that the thread does not wait for; undefined once the one that it waits for was interrupted. */
	#others: number[] | undefined;
	#sent = 0;
	/** Whether a termination is under way. */
	#terminating = false;

	/** @param ring makes the thread look for messages */
	constructor(
		memory: Int32Array,
		tell: (message: ToCells) => void,
		ring: () => void,
	) {
		this.#memory = memory;
		this.#tell = tell;
		this.#ring = ring;
	}

	/** @param why what the reader is told when it was not the reader who interrupted */
	interrupt(why?: string): void {
		this.#tell({ kind: "interrupt", why });
		this.#sent++;
		setTimeout(this.#insist, PATIENCE, this.#sent);
	}

	/** The thread of the cells is about to wait for a child process that is none of these. */
	waitsBeside(pids: number[]): void {
		this.#others = pids;
	}

	/**
	 * Terminates the task of the thread if it has not obeyed an interrupt.
	 * @param number of the interrupt
	 * @param last when the thread has read the interrupt, it may work until then
	 */
	readonly #insist = (number: number, last = Number.POSITIVE_INFINITY) => {
		if (this.#reached(Shared.obeyed, number)) return;
		const now = performance.now();
		const until = this.#reached(Shared.heard, number)
			? Math.min(last, now + LAST)
			: last;
		setTimeout(this.#insist, PATIENCE, number, until);
		if (Atomics.load(this.#memory, Shared.waiting)) this.#interruptChild();
		const mayWork = () => this.#reached(Shared.heard, number) && now < until;
		if (this.#terminating || mayWork() || !this.#claim()) return;
		this.#terminating = true;
		if (mayWork())
			this.#reopen(); // read just now: nothing is left to terminate
		else inspector().post("Runtime.terminateExecution", () => this.#reopen());
	};

	#reached(index: number, number: number): boolean {
		return Atomics.load(this.#memory, index) >= number;
	}

	/** Interrupts the child process that the thread waits for. */
	#interruptChild(): void {
		const others = this.#others;
		this.#others = undefined;
		if (!others) return;
		for (const pid of childrenOf(process.pid))
			if (!others.includes(pid)) interruptFamily(pid);
	}

	/** Keeps the kernel itself from working in the thread, unless it does already. */
	#claim(): boolean {
		const { open, terminating } = Doing;
		return (
			Atomics.compareExchange(this.#memory, Shared.doing, open, terminating) ===
			open
		);
	}

	#reopen(): void {
		this.#terminating = false;
		Atomics.store(this.#memory, Shared.doing, Doing.open);
		Atomics.notify(this.#memory, Shared.doing);
		this.#ring(); // the terminated task may have been the one that was to read
	}
}
