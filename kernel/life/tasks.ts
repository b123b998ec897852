import { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { promisify } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { lifeOfContext } from "./awaited.ts";

/**
 * Tasks of the event loop that an interrupt may terminate. Node's own immediates cannot be: all that are due form one list,
 * and when a call in its middle never returns, the rest is lost or the list runs again without an end.
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
		bell.postMessage(null); // its own message may have been read in a task that was terminated
	else last = undefined;
	task?.work();
});
door.unref();

/** Calls a function in a task of its own, after those that wait. */
export function inTask(work: () => void): void {
	const task = { work, next: undefined };
	if (last) last.next = task;
	else next = task;
	last = task;
	bell.postMessage(null);
}

/** Makes the callbacks of `setImmediate` tasks of their own. */
export function guardImmediates(): void {
	const { setImmediate, clearImmediate } = timers;
	const cleared = new WeakSet<object>();
	const set = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
		if (typeof callback !== "function") return setImmediate(callback); // which says what is wrong
		const immediate = setImmediate(() => {
			const call = AsyncLocalStorage.bind(callback);
			const life = lifeOfContext();
			inTask(() => {
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
