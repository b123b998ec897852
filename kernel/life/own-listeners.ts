import { cellOfContext } from "./cell.ts";

type Name = string | symbol;
type Listener = (...values: unknown[]) => unknown;

/** Events that the system causes, never the code of a cell. */
const isOfSystem = (name: Name): boolean =>
	typeof name === "string" && (name === "exit" || name.startsWith("SIG"));

/** Events whose listeners end the process when they throw. */
const FATAL: Name[] = ["uncaughtException", "uncaughtExceptionMonitor", "exit"];

/** The listeners that stay, by the names of their events. */
const own = new Map<Name, unknown[]>();
const isOwn = (name: Name, listener: unknown): boolean =>
	own.get(name)?.includes(listener) === true;
const listenersOf = (name: Name): unknown[] =>
	process.rawListeners(name as never);

/** Whether `vm` is about to take the listeners of SIGINT away, which it adds again when the script has ended. */
let takesSigint = false;

/** Runs a script that SIGINT may end. */
export function runWithSigint<T>(run: () => T): T {
	takesSigint = true;
	return run();
}

/** Adds what is missing of the listeners that stay: a script that an interrupt terminated did not add those of SIGINT again. */
export function restoreListeners(): void {
	takesSigint = false;
	for (const [name, listeners] of own)
		for (const listener of listeners)
			if (!listenersOf(name).includes(listener))
				process.on(name as never, listener as never);
}

/**
 * Keeps the listeners that the process has by now, Node's own and the kernel's: cells cannot remove them, nor call those of the
 * system's events by emitting these, and what listeners of cells throw does not end the process.
 * @param failed called with what such a listener threw, and the name of its event
 */
export function keepListeners(
	failed: (name: string, error: unknown) => void,
): void {
	for (const name of process.eventNames()) own.set(name, listenersOf(name));
	const of = (name: "removeListener" | "addListener" | "emit") =>
		(process[name] as Listener).bind(process) as Listener;
	const [add, remove, emit] = [
		of("addListener"),
		of("removeListener"),
		of("emit"),
	];
	const addListener = (name: Name, listener: unknown) => {
		if (!isOwn(name, listener)) add(name, listener);
		else if (!listenersOf(name).includes(listener))
			cellOfContext.exit(() => add(name, listener)); // or the signal would come in the context of a cell
		return process;
	};
	const removeListener = (name: Name, listener: unknown) => {
		if (!isOwn(name, listener)) remove(name, listener);
		return process;
	};
	const removeAllListeners = (...[name]: [Name?]) => {
		const isOfVm = takesSigint && name === "SIGINT";
		if (isOfVm) takesSigint = false;
		for (const each of name === undefined ? process.eventNames() : [name])
			for (const listener of listenersOf(each))
				if (isOfVm) remove(each, listener);
				else removeListener(each, listener);
		return process;
	};
	const emitByCell = (name: Name, ...values: unknown[]) => {
		const others = listenersOf(name).filter((each) => !isOwn(name, each));
		for (const listener of others as Listener[])
			listener.apply(process, values);
		return others.length > 0;
	};
	Object.assign(process, {
		...{ addListener, on: addListener },
		...{ removeListener, off: removeListener, removeAllListeners },
		emit(name: Name, ...values: unknown[]) {
			if (isOfSystem(name) && cellOfContext.getStore())
				return emitByCell(name, ...values);
			if (!FATAL.includes(name)) return emit(name, ...values);
			try {
				return emit(name, ...values);
			} catch (error) {
				failed(String(name), error);
				return true;
			}
		},
	});
}
