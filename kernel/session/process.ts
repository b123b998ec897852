import { cellOfContext } from "../cells/cell.ts";
import { log } from "../log.ts";
import { guardImmediates } from "../turns.ts";
import { adoptChildren } from "./children.ts";

/** The process's own way out; the one that cells see is closed. */
export const leave = process.exit.bind(process);

/** What the session wants to hear of its process. */
export interface Listeners {
	/** Something was thrown, or a promise was rejected, that no cell waits for. */
	late(title: string, error: unknown): void;
	interrupt(): void;
}

/** Takes the process over for a session: its signals, its late errors, its children, its immediates, its ways to an end. */
export function takeOver(listeners: Listeners): void {
	process.on("uncaughtException", (error) => listeners.late("Uncaught", error));
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
	process.on("SIGINT", () => listeners.interrupt());
	process.on("exit", adoptChildren());
	const refuse = (name: string) => (code?: unknown) => {
		if (!cellOfContext.getStore()) return leave(code as number | undefined);
		throw new Error(
			`process.${name}(${code ?? ""}) would end the kernel: it only ends the cell`,
		);
	};
	Object.assign(process, { exit: refuse("exit"), abort: refuse("abort") });
}
