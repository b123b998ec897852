import { constants } from "node:os";
import type { Guard } from "../guard.ts";
import { LEFT, noteBeginnings } from "../life/begun.ts";
import { cellOfContext } from "../life/cell.ts";
import { guardNatives } from "../life/natives.ts";
import { keepListeners } from "../life/own-listeners.ts";
import { guardImmediates } from "../life/tasks.ts";
import { log } from "../log.ts";
import type { Link } from "../output/messenger.ts";
import { attempt } from "../safely.ts";
import { adoptChildren } from "./children.ts";

/** The events of the process that the session handles. */
export interface Listeners {
	/** Something was thrown, or a promise was rejected, that no cell waits for. */
	late(title: string, error: unknown): void;
	/** Says on stderr what a listener of a cell threw. */
	warn(title: string, error: unknown): void;
	interrupt(): void;
}

/** Installs the session's handlers in the process: for signals, late errors, child processes, immediates, and calls that would end the process. */
export function takeOver(guard: Guard, link: Link, listeners: Listeners): void {
	process.on("uncaughtException", (error) => {
		if (error !== LEFT) listeners.late("Uncaught", error);
	});
	process.on("unhandledRejection", (error) =>
		listeners.late("Rejected, and nobody awaited it", error),
	);
	// Node's own warnings say nothing about a cell, and any text on stderr costs a graded cell its points.
	process.removeAllListeners("warning");
	process.on("warning", (warning) => {
		if (/^(Experimental|Deprecation)Warning$/.test(warning.name))
			log(`${warning.name}: ${warning.message}`);
		else process.stderr.write(`${warning.name}: ${warning.message}\n`);
	});
	guardImmediates();
	guardNatives(guard);
	noteBeginnings();
	process.on("SIGINT", () => listeners.interrupt());
	process.on("exit", adoptChildren(link));
	closeWaysOut();
	keepListeners((name, error) =>
		listeners.warn(`Thrown by a listener of ${name}`, error),
	);
	shareCapture();
	keepDirectory();
}

/** Signals that do nothing to a process without a handler, and SIGINT, which interrupts the cell. */
const HARMLESS = [
	"SIGINT",
	"SIGWINCH",
	"SIGCHLD",
	"SIGCONT",
	"SIGURG",
	"SIGUSR1",
];

/** Whether a signal ends or halts this process, alone or with others; a handler of a cell's takes its own. */
function ends(pid: unknown, signal: unknown = "SIGTERM"): boolean {
	if (
		typeof pid !== "number" ||
		![process.pid, -process.pid, 0, -1].includes(pid)
	)
		return false;
	if (signal === 0) return false;
	const [name] =
		Object.entries(constants.signals).find((each) =>
			each.includes(signal as never),
		) ?? [];
	if (name === undefined || HARMLESS.includes(name)) return false; // Node says what is wrong with an unknown one
	return name === "SIGTERM" || process.listenerCount(name) === 0;
}

/** Where a cell catches all errors by a callback, the cells that cause them are told as well. */
function shareCapture(): void {
	const capture = process.setUncaughtExceptionCaptureCallback.bind(process);
	process.setUncaughtExceptionCaptureCallback = (callback) =>
		capture(
			typeof callback === "function"
				? (error) => {
						if (error !== LEFT) attempt(() => callback(error), undefined);
						process.emit("uncaughtException", error);
					}
				: callback,
		);
}

/** A cell may work in a folder that is removed meanwhile: much of Node, and the compiler, ask for its path. */
function keepDirectory(): void {
	const own = process.cwd.bind(process);
	let last = own();
	process.cwd = () => {
		last = attempt(own, last);
		return last;
	};
}

/** Keeps the code of cells from ending the process. */
function closeWaysOut(): void {
	const ways = process as unknown as Record<
		string,
		(...values: unknown[]) => never
	>;
	const close = (name: string, leaves = (..._: unknown[]) => true) => {
		const leave = ways[name]?.bind(process);
		if (!leave) return; // Node 22 has no execve
		ways[name] = (...values) => {
			if (!cellOfContext.getStore() || !leaves(...values))
				return leave(...values);
			throw new Error(
				`process.${name}(${values.join(", ")}) would end the kernel: it only ends the cell`,
			);
		};
	};
	close("exit");
	close("abort");
	close("reallyExit");
	close("execve");
	close("kill", ends);
}
