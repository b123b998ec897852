import { Doing, Shared, type ToCells } from "../link.ts";
import { inspector } from "./inspector.ts";

/** How long (ms) the thread of the cells has to read an interrupt by itself before it is taken for looping. */
const PATIENCE = 40;

/**
 * Makes the function that interrupts what runs from outside its thread.
 *
 * The synchronous part of a cell runs in `vm` with `breakOnSigint`: a signal ends it. A cell that awaits is told by a
 * message. When its thread does not get round to reading that (a loop after an `await`, or in a timer), V8's
 * inspector ends the loop. The kernel's own work, the compiler's above all, is never cut short: see guard.ts.
 */
export function interrupter(
	places: Int32Array,
	tell: (message: ToCells) => void,
): (why?: string) => void {
	const doing = () => Atomics.load(places, Shared.doing);

	/** Sends a signal when a synchronous part runs; one that prints all the time is caught between two prints. */
	function signal(): number | undefined {
		for (let tries = 0; tries < 10_000; tries++) {
			if (doing() === Doing.open) return undefined;
			const { synchronous, signalling, signalled } = Doing;
			const found = Atomics.compareExchange(
				places,
				Shared.doing,
				synchronous,
				signalling,
			);
			if (found !== synchronous) continue;
			process.kill(process.pid, "SIGINT");
			const cell = Atomics.load(places, Shared.begun);
			Atomics.store(places, Shared.doing, signalled);
			Atomics.notify(places, Shared.doing);
			return cell;
		}
		return undefined;
	}

	function terminate(why: string | undefined): void {
		inspector().post("Runtime.terminateExecution", () => {
			Atomics.store(places, Shared.doing, Doing.open);
			Atomics.notify(places, Shared.doing);
			tell({ kind: "interrupt", why }); // what was thrown away may have been about to end the cell
		});
	}

	return (why) => {
		const before = Atomics.load(places, Shared.heard);
		const signalled = signal();
		tell({ kind: "interrupt", signalled, why });
		const insist = () => {
			if (Atomics.load(places, Shared.heard) !== before) return;
			const found = Atomics.compareExchange(
				places,
				Shared.doing,
				Doing.open,
				Doing.terminating,
			);
			if (found === Doing.open) return terminate(why);
			signal();
			setTimeout(insist, 20);
		};
		setTimeout(insist, PATIENCE);
	};
}
