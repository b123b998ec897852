import { childrenOf, interruptFamily } from "../processes.ts";
import { Doing, Shared, type ToCells } from "../protocol/threads.ts";
import { inspector } from "./inspector.ts";

/** How long (ms) the thread of the cells may take to read an interrupt before its task is terminated. */
const PATIENCE = 20;
/** How long (ms) the `finally` blocks of what was interrupted may take, without a wait. */
const LAST = 500;

export interface Interrupter {
	(why?: string): void;
	/** The thread of the cells is about to wait for a child process that is none of these. */
	waitsBeside(pids: number[]): void;
}

/**
 * Makes the function that interrupts what runs.
 *
 * A cell that awaits is told by a message. When its thread does not read the message in time, V8's inspector terminates the
 * current task of that thread, unless the kernel itself works there (guard.ts). The message is read in the next task, and
 * whatever waits for the terminated task fails. A child process that the thread waits for is interrupted first.
 */
export function interrupter(
	memory: Int32Array,
	tell: (message: ToCells) => void,
	ring: () => void,
): Interrupter {
	const { open, terminating } = Doing;
	/** Child processes that the thread does not wait for; undefined once the one that it waits for was interrupted. */
	let others: number[] | undefined;
	let sent = 0;
	let ending = false;

	function reopen(): void {
		ending = false;
		Atomics.store(memory, Shared.doing, open);
		Atomics.notify(memory, Shared.doing);
		ring(); // the terminated task may have been the one that was to read
	}

	/** Interrupts the child process that the thread waits for. */
	function endWait(): void {
		for (const pid of others ? childrenOf(process.pid) : [])
			if (!others?.includes(pid)) interruptFamily(pid);
		others = undefined;
	}

	/** @param last when the thread has read the interrupt, it may work until then */
	function insist(number: number, last = Number.POSITIVE_INFINITY): void {
		const reached = (index: number) => Atomics.load(memory, index) >= number;
		const heard = () => reached(Shared.heard);
		if (reached(Shared.obeyed)) return;
		const now = performance.now();
		if (heard()) last = Math.min(last, now + LAST);
		setTimeout(insist, PATIENCE, number, last);
		if (Atomics.load(memory, Shared.waiting)) endWait();
		if (ending || (heard() && now < last)) return;
		const found = Atomics.compareExchange(
			memory,
			Shared.doing,
			open,
			terminating,
		);
		if (found !== open) return;
		ending = true;
		if (heard() && now < last)
			reopen(); // just now: nothing is left to end
		else inspector().post("Runtime.terminateExecution", reopen);
	}

	const interrupt = (why?: string) => {
		tell({ kind: "interrupt", why });
		sent++;
		setTimeout(insist, PATIENCE, sent);
	};
	const waitsBeside = (pids: number[]) => {
		others = pids;
	};
	return Object.assign(interrupt, { waitsBeside });
}
