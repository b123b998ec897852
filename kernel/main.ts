#!/usr/bin/env node
/** Starts the kernel: `main.js CONNECTION_FILE`. The sockets come up first, on their own thread; TypeScript loads meanwhile. */
import { readFileSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { Guard } from "./guard.ts";
import { log } from "./log.ts";
import {
	type Connection,
	Shared,
	type Start,
	type ToSockets,
} from "./protocol/threads.ts";

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
guard.hold(); // no interrupt may cut the loading short
const orders = new MessageChannel();
const input = new MessageChannel();
const start: Start = {
	connection,
	shared,
	// what V8 calls the limit includes the space for young objects
	heapLimit: getHeapStatistics().heap_size_limit - 192 * 2 ** 20,
	orders: orders.port1,
	input: input.port1,
};
const sockets = new Worker(new URL("./sockets/thread.js", import.meta.url), {
	workerData: start,
	transferList: [orders.port1, input.port1],
});
sockets.on("exit", (status) => process.exit(status));
sockets.on("error", (error) => {
	log(`the sockets failed: ${error.stack ?? error}`);
	process.exit(1);
});
const end: ToSockets = { kind: "close" };
process.on("SIGTERM", () => sockets.postMessage(end));

const { createSession } = await import("./session/create.ts");
const session = createSession(
	sockets,
	guard,
	shared,
	orders.port2,
	input.port2,
);
sockets.on("message", () => session.collect());
session.collect();
guard.release();
flushCompileCache(); // by now all is loaded; at the end the kernel may be killed
