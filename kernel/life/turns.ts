import { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promisify } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { lifeOfContext } from "./awaited.ts";

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

/** Lets the callbacks of `setImmediate` bear an interrupt. */
export function guardImmediates(): void {
	const { setImmediate, clearImmediate } = timers;
	const cleared = new WeakSet<object>();
	const set = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
		if (typeof callback !== "function") return setImmediate(callback); // which says what is wrong
		const immediate = setImmediate(() => {
			const call = AsyncLocalStorage.bind(callback);
			const life = lifeOfContext();
			inTurn(() => {
				if (!cleared.has(immediate) && !life?.over) call(...args);
			});
		});
		return immediate;
	};
	const clear = (immediate: NodeJS.Immediate | undefined) => {
		if (immediate) cleared.add(immediate);
		clearImmediate(immediate);
	};
	const { custom } = promisify;
	const inPromise = { [custom]: setImmediate[custom as never] };
	const replaced = {
		setImmediate: Object.assign(set, inPromise),
		clearImmediate: clear,
	};
	Object.assign(timers, replaced);
	Object.assign(globalThis, replaced);
	syncBuiltinESMExports();
}
