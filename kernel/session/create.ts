import type { MessagePort, Worker } from "node:worker_threads";
import { type Cell, cellOfContext } from "../cells/cell.ts";
import { Executor } from "../cells/executor.ts";
import { Guard } from "../guard.ts";
import { Displays } from "../output/display.ts";
import { Link } from "../output/link.ts";
import { Streams } from "../output/streams.ts";
import { describeFailure } from "./execute.ts";
import { Session } from "./session.ts";

/** Puts the parts of a session together, and takes over the process: its output, its signals, its late errors. */
export function createSession(
	sockets: Worker,
	shared: SharedArrayBuffer,
	_input: MessagePort,
): Session {
	const places = new Int32Array(shared);
	const guard = new Guard(places);
	const link = new Link((order) => sockets.postMessage(order), places, guard);
	const streams = new Streams(link);
	const displays = new Displays(link, streams);
	const executor = new Executor(process.cwd(), guard);
	streams.capture();

	/** An error that no cell waits for: it ends its cell while that runs, and is shown in it when it has ended. */
	const late = (title: string) => (error: unknown) => {
		const cell: Cell | undefined = cellOfContext.getStore();
		if (cell?.fail) return cell.fail(error);
		const { traceback } = describeFailure(error, executor);
		const text = `${title}: ${traceback.join("\n")}\n`;
		if (cell) cellOfContext.run(cell, () => process.stderr.write(text));
		else process.stderr.write(text);
	};
	process.on("uncaughtException", late("Uncaught"));
	process.on("unhandledRejection", late("Rejected, and nobody awaited it"));
	process.on("SIGINT", () => executor.interrupt());
	process.on("SIGTERM", () => link.close());
	return new Session({ guard, link, streams, displays, executor });
}
