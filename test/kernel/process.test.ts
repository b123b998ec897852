/** Whatever a cell does to the process that it shares with the kernel, the kernel goes on: cells run, fail, stop, and it ends when it is told to. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Kernel, type Received } from "./client.ts";
import { begin } from "./running.ts";

let kernel: Kernel;
let restarted = false;
beforeAll(async () => {
	kernel = await Kernel.start();
});
afterAll(() => kernel.stop());

const ERROR = '() => { throw new Error("of a listener") }';

/** Code, and what the error of the cell says, if it ends in one. */
const TABLE: [code: string, evalue?: RegExp][] = [
	// listeners
	["process.removeAllListeners()"],
	...[
		"SIGTERM",
		"SIGINT",
		"uncaughtException",
		"unhandledRejection",
		"exit",
	].flatMap((name): [string][] => [
		[`process.removeAllListeners("${name}")`],
		[
			`for (const each of process.listeners("${name}")) process.off("${name}", each as any)`,
		],
		[
			`for (const each of process.rawListeners("${name}")) process.removeListener("${name}", each as any)`,
		],
	]),
	[
		"process.removeAllListeners('newListener').removeAllListeners('removeListener')",
	],
	[
		`const own = () => {}; process.on("SIGTERM", own); process.off("SIGTERM", own)`,
	],
	// events
	...[
		"SIGTERM",
		"SIGINT",
		"SIGHUP",
		"exit",
		"beforeExit",
		"disconnect",
		"message",
		"warning",
		"worker",
	].map((name): [string] => [`process.emit("${name}" as any, 0 as any)`]),
	['process.emit("uncaughtException", new Error("by hand"))', /by hand/],
	[
		'process.emit("unhandledRejection", new Error("by hand"), Promise.resolve())',
		/by hand/,
	],
	// listeners that stay behind
	...[
		"uncaughtException",
		"uncaughtExceptionMonitor",
		"unhandledRejection",
		"warning",
		"SIGINT",
		"exit",
		"beforeExit",
	].map((name): [string] => [`process.on("${name}" as any, ${ERROR})`]),
	["process.once('uncaughtException', () => {})"],
	["process.setUncaughtExceptionCaptureCallback(() => {})"],
	["process.setUncaughtExceptionCaptureCallback(null)"],
	['import domain from "node:domain"; domain.create().run(() => 1)'],
	// ends
	...[
		"SIGTERM",
		"SIGKILL",
		"SIGHUP",
		"SIGQUIT",
		"SIGUSR2",
		"SIGSTOP",
		"SIGABRT",
		"SIGSEGV",
	].map((name): [string, RegExp] => [
		`process.kill(process.pid, "${name}")`,
		/would end the kernel/,
	]),
	["process.kill(process.pid)", /would end the kernel/],
	["process.kill(process.pid, 9)", /would end the kernel/],
	["process.kill(0, 'SIGTERM')", /would end the kernel/],
	["process.kill(-process.pid, 'SIGTERM')", /would end the kernel/],
	["process.kill(process.pid, 0)"],
	["process.kill(process.pid, 'SIGWINCH')"],
	["process.on('SIGUSR2', () => {}); process.kill(process.pid, 'SIGUSR2')"],
	["(process as any).reallyExit(1)", /would end the kernel/],
	["(process as any).execve('/bin/true', ['true'])", /would end the kernel/],
	["process.exitCode = 7"],
	// what else is shared
	[
		'import { mkdtempSync, rmdirSync } from "node:fs"; { const to = mkdtempSync("/tmp/gone-"); process.chdir(to); rmdirSync(to); }',
	],
	["process.umask(0o777)"],
	["process.title = ''"],
	["process.env = {}"],
	["process.stdin.on('data', () => {}).resume()"],
	["import { readFileSync } from 'node:fs'; readFileSync(0, 'utf8')"],
	[
		"import { createInterface } from 'node:readline'; createInterface({ input: process.stdin }).close()",
	],
	["process.stdin.destroy()"],
	["process.stdout.destroy(); process.stderr.destroy()"],
	["process.stdout.removeAllListeners(); process.stderr.removeAllListeners()"],
	["process.stdout.emit('error', new Error('of stdout'))"],
	["import inspector from 'node:inspector'; inspector.close()"],
	[
		"process.nextTick(() => { throw new Error('late') }); await new Promise(() => {})",
		/late/,
	],
];

/** A cell of each kind, as it should go. */
async function works(): Promise<void> {
	const wait = "await new Promise((done) => setTimeout(done, 5000))";
	expect((await kernel.run("console.log('printed'); 6 * 7")).stdout).toBe(
		"printed\n",
	);
	const late = `setTimeout(() => { throw new Error("late") }, 1); ${wait}`;
	expect((await kernel.run(late)).error?.evalue).toBe("late");
	const rejected = `Promise.reject(new Error("rejected")); ${wait}`;
	expect((await kernel.run(rejected)).error?.evalue).toBe("rejected");
	const loop = await begin(kernel, "for (;;);");
	await kernel.request("control", "interrupt_request", {});
	expect((await kernel.end(loop)).error?.ename).toBe("Interrupted");
	// a signal during the synchronous part of a cell is for the script alone, so this one comes after it
	const signalled = kernel.begin(
		`await new Promise((done) => setTimeout(done, 1)); console.log("waits"); ${wait}`,
	);
	const waits = ({ type, parent }: Received) =>
		type === "stream" && parent === signalled;
	await kernel.until(() => kernel.published.find(waits), "wait");
	kernel.process.kill("SIGINT");
	expect((await kernel.end(signalled)).error?.ename).toBe("Interrupted");
	const { matches } = await kernel.request("shell", "complete_request", {
		code: "Math.sq",
		cursor_pos: 7,
	});
	expect(matches).toContain("sqrt");
}

test.each(TABLE)("%s", async (code, evalue) => {
	if (kernel.process.exitCode !== null || kernel.process.signalCode !== null) {
		restarted = true;
		kernel = await Kernel.start();
	}
	const { error } = await kernel.run(code);
	if (evalue) expect(error?.evalue).toMatch(evalue);
	else expect(error).toBeUndefined();
	await works();
});

test("and after all that it ends when it is told to", async () => {
	expect(restarted).toBe(false);
	kernel.process.kill("SIGTERM");
	expect(await kernel.ended()).toBe(0);
});
