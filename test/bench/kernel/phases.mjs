/**
 * Where the milliseconds of a cell go, and the megabytes of a kernel: `node test/bench/kernel/phases.mjs [--cells 200]` starts what
 * compiles cells in this process, then compiles some under V8's profiler and sums what lies under the functions that stand for
 * the steps.
 */
import { enableCompileCache, flushCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
let at = 0;
/** Says what a step of the start took: its time, and the memory of the process and of V8's heap after it. */
function mark(step) {
	const ms = performance.now() - at;
	collect();
	const { rss, heapUsed } = process.memoryUsage();
	const [all, heap] = [rss, heapUsed].map((bytes) =>
		Math.round(bytes / 2 ** 20),
	);
	console.log(
		`  ${ms.toFixed(0).padStart(4)} ms  ${`${all}`.padStart(3)} MB, heap ${heap}  ${step}`,
	);
	at = performance.now();
}

enableCompileCache();
console.log("start, in this thread alone");
mark("Node");
await import("../../../kernel/dist/cells/compile/typescript.js");
mark("the compiler, out of the compile cache");
const { Compiler } = await import(
	"../../../kernel/dist/cells/compile/compiler.js"
);
mark("tslab and what compiles cells");
const first = new Compiler();
first.compile("1");
mark("the first types, and a cell through code that never ran");
flushCompileCache();
first.compile('import { lstm } from "unrolled"; typeof lstm').keep();
mark(
	"the types of the language and of the library, and a cell that imports it",
);
while (first.readAhead() !== undefined);
mark("the types of Node, less large modules that are seldom imported");
first.compile("1"); // and until here all of it was in use

new Worker(new URL("./profile.mjs", import.meta.url), {
	argv: process.argv.slice(2),
});
