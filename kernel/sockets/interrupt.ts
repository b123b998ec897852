import { Doing, Shared, type ToCells } from "../link.ts";
import { inspector } from "./inspector.ts";

/** How long (ms) the thread of the cells has to read an interrupt by itself before it is taken for looping. */
const PATIENCE = 20;

/**
 * Makes the function that interrupts what runs.
 *
 * A cell that awaits is told by a message. When its thread does not get round to reading that, V8's inspector throws away
 * the turn of the event loop that keeps it, as soon as the kernel itself does not work there (guard.ts). The message
 * is read in the next turn, and whatever waits for the turn that is gone fails.
 */
export function interrupter(
	places: Int32Array,
	tell: (message: ToCells) => void,
	ring: () => void,
): (why?: string) => void {
	const { open, terminating } = Doing;
	let sent = 0;
	let ending = false;

	function reopen(): void {
		ending = false;
		Atomics.store(places, Shared.doing, open);
		Atomics.notify(places, Shared.doing);
		ring(); // the turn that is gone may have been the one that was to read
	}

	function insist(number: number): void {
		const heard = () => Atomics.load(places, Shared.heard) >= number;
		if (heard()) return;
		setTimeout(insist, PATIENCE, number);
		if (ending) return;
		const found = Atomics.compareExchange(
			places,
			Shared.doing,
			open,
			terminating,
		);
		if (found !== open) return;
		ending = true;
		if (heard())
			reopen(); // just now: nothing is left to end
		else inspector().post("Runtime.terminateExecution", reopen);
	}

	return (why) => {
		tell({ kind: "interrupt", why });
		sent++;
		setTimeout(insist, PATIENCE, sent);
	};
}
