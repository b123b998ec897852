/** Ways to wait or to loop, after {@link EARLIER}. Each cell adds to `count.n` for as long as it lives. */
export const ways: Record<string, string> = {
	"a timer that is awaited":
		"for (;;) { await new Promise<void>((done) => setTimeout(done, 2)); count.n++ }",
	"an immediate that is awaited":
		"for (;;) { await new Promise<void>((done) => setImmediate(done)); count.n++ }",
	"a timer of timers/promises":
		'import { setTimeout as after } from "node:timers/promises"; for (;;) { await after(2); count.n++ }',
	"an interval of timers/promises":
		'import { setInterval as every } from "node:timers/promises"; for await (const _ of every(2)) count.n++;',
	"a chain of timers":
		"const again = () => { count.n++; setTimeout(again, 2) }; again(); await new Promise(() => {})",
	"a chain of immediates":
		"const again = () => { count.n++; setImmediate(again) }; again(); await new Promise(() => {})",
	"an interval": "setInterval(() => count.n++, 2); await new Promise(() => {})",
	"a chain of ticks":
		"const again = () => { count.n++; process.nextTick(again) }; again(); await new Promise(() => {})",
	"a chain of microtasks":
		"const again = () => { count.n++; queueMicrotask(again) }; again(); await new Promise(() => {})",
	"awaits of nothing": "for (;;) { await null; count.n++ }",
	"a loop": "for (;;) count.n++",
	"a loop after an await": "await pause(1); for (;;) count.n++",
	"a loop in a timer":
		"setTimeout(() => { for (;;) count.n++ }); await new Promise(() => {})",
	"a loop in an interval":
		"setInterval(() => { for (const end = Date.now() + 5000; Date.now() < end; ) count.n++ }, 1); await new Promise(() => {})",
	"a wait of Atomics":
		"count.n++; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); count.n++",
	"an async generator":
		"async function* steps() { for (;;) { await pause(2); yield count.n++ } } for await (const _ of steps());",
	"an async generator of an inner one":
		"async function* inner() { for (;;) { await pause(2); yield 1 } } async function* steps() { yield* inner() } for await (const step of steps()) count.n += step;",
	"promises one after the other":
		"function* many() { for (;;) yield pause(2) } for await (const _ of many()) count.n++;",
	"loops side by side":
		"const loop = async () => { for (;;) { await pause(2); count.n++ } }; await Promise.all([loop(), loop(), loop()])",
	"a race of loops":
		"const loop = async () => { for (;;) { await pause(2); count.n++ } }; await Promise.race([loop(), loop()])",
	"a loop that nobody awaits":
		"(async () => { for (;;) { await pause(2); count.n++ } })(); await new Promise(() => {})",
	"a chain of thens":
		"const again = (): Promise<void> => pause(2).then(() => { count.n++; return again() }); await again()",
	"a function of an earlier cell": "await countUp()",
	"a loop that catches everything":
		"for (;;) { try { await pause(2); count.n++ } catch { count.n++ } }",
	"a loop that catches, and goes on without a wait":
		"try { await pause(1e6) } catch { for (;;) count.n++ } finally { count.n++ }",
	training: `import { adam, lstm, meanSquaredError, ones, random, fit, unroll, zeros } from "unrolled";
		const model = unroll(lstm({ inputs: 2, hidden: 3, random: random(1) }));
		const loss = () => meanSquaredError(model.apply(ones([4, 2, 2])), zeros([4, 2, 3]));
		for await (const _ of fit(loss, { weights: model.weights, optimiser: adam(), steps: 1e9 })) count.n++;`,
	"reads of a file":
		'import { readFile } from "node:fs/promises"; for (;;) { await readFile("counting.ts"); count.n++ }',
	"reads of a file, one then the next":
		'import { readFile } from "node:fs/promises"; const again = (): Promise<void> => readFile("counting.ts").then(() => { count.n++; return again() }); await again()',
	"reads of a file that call back":
		'import { readFile } from "node:fs"; const again = () => readFile("counting.ts", () => { count.n++; again() }); again(); await new Promise(() => {})',
	"reads through a handle":
		'import { open } from "node:fs/promises"; const file = await open("counting.ts"); const again = (): Promise<void> => file.read(Buffer.alloc(1), 0, 1, 0).then(() => { count.n++; return again() }); await again()',
	"a stream":
		'import { Readable } from "node:stream"; for await (const _ of Readable.from((async function* () { for (;;) { await pause(2); yield "a" } })())) count.n++;',
	"a pipeline of streams":
		'import { createReadStream } from "node:fs"; import { pipeline } from "node:stream/promises"; import { Writable } from "node:stream"; await pipeline(createReadStream("/dev/zero", { highWaterMark: 16 }), new Writable({ write(_chunk, _encoding, done) { count.n++; setTimeout(done, 1) } }))',
	"a web stream":
		"const stream = new ReadableStream({ async pull(to) { await pause(2); to.enqueue(1) } }); for await (const _ of stream) count.n++;",
	compression:
		'import { gzip } from "node:zlib"; const again = () => gzip("text", () => { count.n++; again() }); again(); await new Promise(() => {})',
	cryptography:
		'const again = (): Promise<void> => crypto.subtle.digest("SHA-256", new Uint8Array(8)).then(() => { count.n++; return again() }); await again()',
	"keys that call back":
		'import { pbkdf2 } from "node:crypto"; const again = () => pbkdf2("a", "b", 100, 8, "sha1", () => { count.n++; again() }); again(); await new Promise(() => {})',
	"names of machines":
		'import { lookup } from "node:dns/promises"; for (;;) { await lookup("localhost"); count.n++ }',
	"a WebAssembly that compiles":
		'const bytes = Buffer.from("0061736d01000000", "hex"); const again = (): Promise<void> => WebAssembly.compile(bytes).then(() => { count.n++; return again() }); await again()',
	"events of an earlier cell":
		'import { on } from "node:events"; for await (const _ of on(bus, "tick")) count.n++;',
	"one event of an earlier cell after the other":
		'import { once } from "node:events"; for (;;) { await once(bus, "tick"); count.n++ }',
	"requests to a server of an earlier cell":
		"for (;;) { await (await fetch(url)).text(); count.n++ }",
	"a request that is never answered":
		"count.n++; await fetch(url + 'never'); count.n++",
	"requests one then the next":
		"const again = (): Promise<void> => fetch(url).then((reply) => reply.text()).then(() => { count.n++; return again() }); await again()",
	"a server and its client": `import { createServer } from "node:http";
		const server = createServer((_, reply) => { count.n++; reply.end("ok") }).listen(0, "127.0.0.1");
		await new Promise((done) => server.on("listening", done));
		const { port: own } = server.address() as { port: number };
		setInterval(() => fetch("http://127.0.0.1:" + own).then((reply) => reply.text(), () => {}), 5);
		await new Promise(() => {})`,
	"a socket that answers itself": `import { connect, createServer } from "node:net";
		const server = createServer((socket) => socket.on("data", (data) => { count.n++; socket.write(data) }).on("error", () => {})).listen(0, "127.0.0.1");
		await new Promise((done) => server.on("listening", done));
		const client = connect((server.address() as { port: number }).port, "127.0.0.1", () => client.write("a"));
		client.on("data", (data) => client.write(data)).on("error", () => {});
		await new Promise(() => {})`,
	"a socket that connects again": `import { connect } from "node:net";
		const again = () => { count.n++; connect(port, "127.0.0.1").on("error", () => {}).on("close", () => setTimeout(again, 2)).on("connect", function () { this.destroy() }) };
		again(); await new Promise(() => {})`,
	"what a child process prints":
		'import { spawn } from "node:child_process"; spawn("sh", ["-c", "while :; do echo a; sleep 0.01; done"]).stdout.on("data", () => count.n++); await new Promise(() => {})',
	"one child process after the other":
		'import { exec } from "node:child_process"; import { promisify } from "node:util"; for (;;) { await promisify(exec)("echo"); count.n++ }',
	"a child process that is waited for":
		'import { execSync } from "node:child_process"; count.n++; execSync("sleep 60"); count.n++',
	"child processes that are waited for":
		'import { spawnSync } from "node:child_process"; for (;;) { spawnSync("sleep", ["0.02"]); count.n++ }',
	"a child process that prints, and is waited for":
		'import { execSync } from "node:child_process"; count.n++; execSync("echo a; sleep 60; echo b", { stdio: "inherit" }); count.n++',
	"a thread": `import { Worker } from "node:worker_threads";
		new Worker("setInterval(() => require('worker_threads').parentPort.postMessage(1), 2)", { eval: true }).on("message", () => count.n++);
		await new Promise(() => {})`,
	"two ends of a channel":
		'import { MessageChannel } from "node:worker_threads"; const { port1, port2 } = new MessageChannel(); port1.on("message", () => { count.n++; port2.postMessage(1) }); port2.on("message", () => port1.postMessage(1)); port2.postMessage(1); await new Promise(() => {})',
	"a file that changes": `import { watch } from "node:fs"; import { mkdtempSync, writeFileSync } from "node:fs"; import { tmpdir } from "node:os";
		const folder = mkdtempSync(tmpdir() + "/unrolled-watch-"); let text = 0;
		watch(folder, () => { count.n++; writeFileSync(folder + "/a", String(text++)) }); writeFileSync(folder + "/a", "");
		await new Promise(() => {})`,
	"a value that takes for ever to show itself":
		'({ async [Symbol.for("Jupyter.display")]() { for (;;) { await pause(2); count.n++ } } })',
	"a display that is never made":
		'import { display } from "@unrolled/kernel"; display({ async [Symbol.for("Jupyter.display")]() { for (;;) { await pause(2); count.n++ } } });',
	"a local module":
		'import { countFor } from "./counting.ts"; await countFor(count)',
	"a local module that loops where it is imported":
		'const file = "./endless.ts"; await import(file)',
};

/** What an earlier cell has begun on purpose: it has to go on. */
export const EARLIER = `import { EventEmitter } from "node:events";
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { comms } from "@unrolled/kernel";
const count: Record<string, number> = { n: 0, interval: 0, requests: 0, printed: 0, handled: 0 };
(globalThis as any).count = count;
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
async function countUp() { for (;;) { await pause(2); count.n++ } }
const bus = new EventEmitter();
bus.setMaxListeners(0);
setInterval(() => { count.interval++; bus.emit("tick"); }, 2);
const server = createServer((request, reply) => { if (request.url === "/never") return; count.requests++; reply.end("ok"); }).listen(0, "127.0.0.1");
await new Promise((done) => server.on("listening", done));
const { port } = server.address() as { port: number };
const url = "http://127.0.0.1:" + port + "/";
spawn("sh", ["-c", "while :; do echo a; sleep 0.1; done"]).stdout.on("data", () => count.printed++);
comms.register("handler", () => { count.handled++; });
await (await fetch(url)).text();`;

/** Local modules that the ways import. */
export const FILES: Record<string, string> = {
	"counting.ts": `export async function countFor(count: Record<string, number>): Promise<void> {
	for (;;) {
		await new Promise<void>((done) => setTimeout(done, 2));
		count.n++;
	}
}`,
	"endless.ts": `const { count } = globalThis as unknown as { count: { n: number } };
for (;;) {
	await new Promise<void>((done) => setTimeout(done, 2));
	count.n++;
}
export const never = 1;`,
};
