import type { MessagePort, Worker } from "node:worker_threads";
import { Executor } from "../cells/run/executor.ts";
import type { Guard } from "../guard.ts";
import { setHost } from "../host.ts";
import { cellOfContext, currentCell } from "../life/cell.ts";
import { Displays } from "../output/display.ts";
import { describe } from "../output/errors.ts";
import { countGroups } from "../output/groups.ts";
import { Link } from "../output/messenger.ts";
import { makeStacksReadable } from "../output/stack.ts";
import { Streams } from "../output/streams.ts";
import { offerTermination } from "../termination.ts";
import { Comms } from "./comms.ts";
import { givenPackages } from "./given-packages.ts";
import { History } from "./history.ts";
import { Input } from "./input.ts";
import { takeOver } from "./process.ts";
import { Session } from "./session.ts";

/** Creates the parts of a session, and installs its handlers in the process. */
export function createSession(
	sockets: Worker,
	guard: Guard,
	shared: SharedArrayBuffer,
	orders: MessagePort,
	answers: MessagePort,
): Session {
	const memory = new Int32Array(shared);
	const link = new Link((order) => sockets.postMessage(order), memory, guard);
	const streams = new Streams(link, guard);
	const displays = new Displays(link, streams);
	const executor = new Executor(process.cwd(), guard, givenPackages);
	const comms = new Comms(link, streams);
	const input = new Input(link, streams, answers, memory);
	const history = new History();

	const ask = (prompt: string, password: boolean) =>
		input.ask(currentCell(), prompt, password);
	setHost({
		display: (value, options) => displays.display(value, options),
		clearOutput: (wait) => displays.clear(wait),
		page(text) {
			const data = { "text/plain": text };
			currentCell()?.payload.push({ source: "page", data, start: 0 });
		},
		input: ask,
		openComm: (target, content) => comms.open(target, content),
		registerTarget: (target, opened) => comms.register(target, opened),
	});
	const prompt = (message = "", otherwise = "") =>
		ask(message, false) || otherwise;
	Object.assign(globalThis, { prompt });

	offerTermination(guard);
	makeStacksReadable(executor.positions);
	streams.capture();
	countGroups();
	const warn = (title: string, error: unknown) => {
		const { traceback } = describe(error, executor.positions);
		process.stderr.write(`${title}: ${traceback.join("\n")}\n`);
	};
	takeOver(guard, link, {
		warn,
		late(title, error) {
			const cell = cellOfContext.getStore();
			if (cell?.life.over) return; // what is stopped says no more
			if (cell?.fail) return cell.fail(error);
			warn(title, error);
		},
		interrupt: () => executor.interrupt(),
	});
	const parts = { guard, link, streams, displays, executor, history, comms };
	// While the user reads and types, the compiler loads the types of the language, of Node and of the library. Where no user
	// does (UNROLLED_READ_AHEAD is off), it loads what cells need.
	const { compiler } = executor;
	const readAhead = () => {
		const wait = guard.shield(() => compiler.readAhead());
		if (wait !== undefined) setTimeout(readAhead, wait); // in between there is time to look for requests
	};
	if (process.env.UNROLLED_READ_AHEAD !== "off") setTimeout(readAhead);
	return new Session(parts, orders);
}
