import { spawn } from "node:child_process";

/**
 * Child processes that never outlive this one. Each leads a process group of its own, so that a signal reaches its
 * children too; Ctrl-C, SIGTERM, SIGHUP and the end of our parent (npm, even by SIGKILL) stop them all.
 */

/** @typedef {{ code: number, output: string }} Ended */

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
const patience = 5_000; // npm, for one, does not heed SIGTERM
const labPatience = 20_000; // it has kernels to end
let stopping = false;
let onInterrupt = 130;

/** The exit code after Ctrl-C; 130 unless Ctrl-C is the usual way to end. @param {number} code */
export function interruptIsExit(code) {
	onInterrupt = code;
}

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
	try {
		if (child.pid) process.kill(-child.pid, signal);
	} catch {
		// the group is gone
	}
}

/** @param {number} code */
function stop(code) {
	if (stopping) return;
	stopping = true;
	for (const child of running) signalGroup(child, "SIGTERM");
	const isLab = [...running].some((child) => child.stdin);
	const limit = Date.now() + (isLab ? labPatience : patience);
	const timer = setInterval(() => {
		if (running.size > 0 && Date.now() < limit) return;
		clearInterval(timer);
		for (const child of running) signalGroup(child, "SIGKILL");
		process.exit(code);
	}, 50);
}

/** Begins to listen for the ends described above. */
export function guard() {
	process.on("SIGINT", () => stop(onInterrupt));
	process.on("SIGTERM", () => stop(143));
	process.on("SIGHUP", () => stop(129));
	const parent = process.ppid;
	setInterval(() => {
		if (process.ppid !== parent) stop(143);
	}, 500).unref();
	// A test holds our standard input, and may be killed as we may.
	if (process.env.UNROLLED_LIFELINE)
		process.stdin.on("end", () => stop(143)).resume();
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, lifeline?: boolean, onStart?: (pid: number) => void }} [options]
 *   show: its output goes to the terminal and not into `output`; lifeline: its standard input closes when we end
 * @returns {Promise<Ended>} code 127 when it could not be started
 */
export function run(command, args, options = {}) {
	if (stopping) return new Promise(() => {});
	return new Promise((resolve) => {
		const out = options.show ? "inherit" : "pipe";
		const child = spawn(command, args, {
			cwd: options.cwd,
			env: options.env ?? process.env,
			detached: true,
			stdio: [options.lifeline ? "pipe" : "ignore", out, out],
		});
		let output = "";
		child.stdout?.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
		child.stderr?.setEncoding("utf8").on("data", (text) => {
			output += text;
		});
		if (child.pid) {
			running.add(child);
			options.onStart?.(child.pid);
		}
		child.on("error", (error) => {
			if (options.show) console.error(`${error}`);
			resolve({ code: 127, output: `${error}` });
		});
		child.on("exit", () => signalGroup(child, "SIGKILL")); // what it left behind
		child.on("close", (code) => {
			running.delete(child);
			if (!stopping) resolve({ code: code ?? 1, output });
		});
	});
}
