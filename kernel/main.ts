#!/usr/bin/env node
/** Starts the kernel: `main.js CONNECTION_FILE`. The sockets come up first, on their own thread; TypeScript loads meanwhile. */
import { readFileSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { Guard } from "./guard.ts";
import {
	type Connection,
	Doing,
	Shared,
	type Start,
	type ToCells,
	type ToSockets,
} from "./link.ts";
import { log } from "./log.ts";

const [file] = process.argv.slice(2);
if (!file) {
	console.error(
		"usage: main.js CONNECTION_FILE (Jupyter writes it; `jupyter lab` is the way to start a kernel)",
	);
	process.exit(2);
}
enableCompileCache();
const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
const shared = new SharedArrayBuffer(4 * Shared.size);
const guard = new Guard(new Int32Array(shared));
guard.now(Doing.kernel); // no interrupt may cut the loading short
const input = new MessageChannel();
const start: Start = {
	connection,
	shared,
	// what V8 calls the limit includes the space for young objects
	heapLimit: getHeapStatistics().heap_size_limit - 192 * 2 ** 20,
	input: input.port1,
};
const sockets = new Worker(new URL("./sockets/thread.js", import.meta.url), {
	workerData: start,
	transferList: [input.port1],
});
sockets.on("exit", () => process.exit());
sockets.on("error", (error) => {
	log(`the sockets failed: ${error.stack ?? error}`);
	process.exit(1);
});
const end: ToSockets = { kind: "close" };
process.on("SIGTERM", () => sockets.postMessage(end));
const early: ToCells[] = [];
let receive = (order: ToCells): void => {
	early.push(order);
};
sockets.on("message", (order: ToCells) => receive(order));

const { createSession } = await import("./session/create.ts");
const session = createSession(sockets, shared, input.port2);
receive = (order) => session.receive(order);
guard.now(Doing.open);
for (const order of early) receive(order);
flushCompileCache(); // by now all is loaded; at the end the kernel may be killed
