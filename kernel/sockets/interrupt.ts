import { Session } from "node:inspector";
import { Doing, Shared } from "../link.ts";

/** How long a cell that awaits has to notice the interrupt by itself before its thread is taken for looping. */
const PATIENCE = 30;

/**
 * Makes the function that interrupts the running cell from outside its thread.
 *
 * The synchronous part of a cell runs in `vm` with `breakOnSigint`: a signal ends it. A cell that awaits is told by a
 * message. If its thread does not get round to reading that (a loop after an `await`), V8's inspector ends the loop.
 */
export function interrupter(places: Int32Array, tell: () => void): () => void {
	let inspector: Session | undefined;

	function terminate(): void {
		if (!inspector) {
			inspector = new Session();
			inspector.connectToMainThread();
		}
		inspector.post("Runtime.terminateExecution");
	}

	return () => {
		tell();
		const doing = Atomics.load(places, Shared.doing);
		if (doing === Doing.synchronous) process.kill(process.pid, "SIGINT");
		if (doing === Doing.asynchronous) {
			setTimeout(() => {
				if (Atomics.load(places, Shared.doing) === Doing.asynchronous)
					terminate();
			}, PATIENCE);
		}
	};
}
