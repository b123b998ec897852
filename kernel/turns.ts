import { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";
import { MessageChannel } from "node:worker_threads";

/**
 * Turns of the event loop that an interrupt may throw away. Node's own immediates do not bear that: those of one round are
 * one list, and when the call in the middle of it never comes back, the rest is lost or the list is run again for ever.
 */
const { port1: bell, port2: door } = new MessageChannel();
interface Task {
	work: () => void;
	next: Task | undefined;
}
let next: Task | undefined;
let last: Task | undefined;
door.on("message", () => {
	const task = next;
	next = task?.next;
	if (next)
		bell.postMessage(null); // its own bell may have rung in a turn that is gone
	else last = undefined;
	task?.work();
});
door.unref();

/** Does something in a turn of its own, soon. */
export function inTurn(work: () => void): void {
	const task = { work, next: undefined };
	if (last) last.next = task;
	else next = task;
	last = task;
	bell.postMessage(null);
}

type Callback = (this: unknown, ...args: unknown[]) => void;

/**
 * Lets the callbacks of `setImmediate` bear an interrupt. And ends what an interrupted cell waits for: no timer or immediate of
 * code for which `stopped` holds calls it any more, so that a loop with an `await` in it (`fit`'s, a sleep) does not run on unseen.
 */
export function guardTimers(stopped: () => boolean): void {
	const { setImmediate, clearImmediate, setTimeout, setInterval } = timers;
	const { clearInterval } = timers;
	const { custom } = promisify;
	const cleared = new WeakSet<object>();
	const immediate = (callback: Callback, ...args: unknown[]) => {
		if (typeof callback !== "function") return setImmediate(callback); // which says what is wrong
		const made = setImmediate(() => {
			const call = AsyncLocalStorage.bind(() => stopped() || callback(...args));
			inTurn(() => cleared.has(made) || call());
		});
		return made;
	};
	const clear = (made: NodeJS.Immediate | undefined) => {
		if (made) cleared.add(made);
		clearImmediate(made);
	};
	const timer =
		(set: typeof setTimeout | typeof setInterval) =>
		(callback: Callback, ms?: number, ...args: unknown[]) => {
			if (typeof callback !== "function") return set(callback, ms);
			const unlessStopped = function (this: unknown, ...given: unknown[]) {
				if (stopped()) clearInterval(this as NodeJS.Timeout);
				else callback.apply(this, given);
			};
			return set(unlessStopped, ms, ...args);
		};
	const pause =
		<T>(wait: (...args: never[]) => Promise<T>) =>
		async (...args: unknown[]): Promise<T> => {
			const value = await wait(...(args as never[]));
			return stopped() ? new Promise<never>(() => {}) : value;
		};
	const promised = {
		setTimeout: pause(promises.setTimeout),
		setImmediate: pause(promises.setImmediate),
	};
	const replaced = {
		setImmediate: Object.assign(immediate, { [custom]: promised.setImmediate }),
		clearImmediate: clear,
		setTimeout: Object.assign(timer(setTimeout), {
			[custom]: promised.setTimeout,
		}),
		setInterval: timer(setInterval),
	};
	Object.assign(promises, promised);
	Object.assign(timers, replaced);
	Object.assign(globalThis, replaced);
	syncBuiltinESMExports();
}
