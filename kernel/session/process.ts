import type { Guard } from "../guard.ts";
import { LEFT, noteBeginnings } from "../life/begun.ts";
import { cellOfContext } from "../life/cell.ts";
import { guardNatives } from "../life/natives.ts";
import { guardImmediates } from "../life/tasks.ts";
import { log } from "../log.ts";
import type { Link } from "../output/messenger.ts";
import { adoptChildren } from "./children.ts";

/** The events of the process that the session handles. */
export interface Listeners {
	/** Something was thrown, or a promise was rejected, that no cell waits for. */
	late(title: string, error: unknown): void;
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
}

/** Signals that end a process without a handler for them. */
const ENDING: unknown[] = [
	"SIGTERM",
	"SIGKILL",
	"SIGHUP",
	"SIGQUIT",
	undefined,
];

/** Keeps the code of cells from ending the process. */
function closeWaysOut(): void {
	const ways = process as unknown as Record<
		string,
		(...values: unknown[]) => never
	>;
	const close = (name: string, ends = (..._: unknown[]) => true) => {
		const leave = ways[name].bind(process);
		ways[name] = (...values) => {
			if (!cellOfContext.getStore() || !ends(...values))
				return leave(...values);
			throw new Error(
				`process.${name}(${values.join(", ")}) would end the kernel: it only ends the cell`,
			);
		};
	};
	close("exit");
	close("abort");
	close("reallyExit");
	close(
		"kill",
		(pid, signal) => pid === process.pid && ENDING.includes(signal),
	);
}
