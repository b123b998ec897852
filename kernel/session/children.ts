import { ChildProcess, type SpawnOptions } from "node:child_process";
import type { Link } from "../output/messenger.ts";

type Stdio = SpawnOptions["stdio"];

/** Which of stdout and stderr a child process would inherit from the kernel; it never inherits stdin. */
function inherited(stdio: Stdio): { stdio: Stdio; inherits: boolean[] } {
	const all = Array.isArray(stdio) ? [...stdio] : [stdio, stdio, stdio];
	const inherits = [1, 2].map((fd) => {
		const own = [process.stdout, process.stderr][fd - 1];
		if (all[fd] !== "inherit" && all[fd] !== fd && all[fd] !== own)
			return false;
		all[fd] = "pipe";
		return true;
	});
	if (all[0] === "inherit" || all[0] === 0) all[0] = "ignore";
	return { stdio: all as Stdio, inherits };
}

const streams = () => [process.stdout, process.stderr] as const;

/**
 * Shows what child processes print in the cell that started them: a child that inherits the kernel's output gets
 * pipes instead. Returns the function that ends the children that still run.
 */
export function adoptChildren(link: Link): () => void {
	const children = new Set<ChildProcess>();
	const prototype = ChildProcess.prototype as unknown as {
		spawn(this: ChildProcess, options: { stdio?: Stdio }): unknown;
	};
	const spawn = prototype.spawn;
	prototype.spawn = function (options) {
		const { stdio, inherits } = inherited(options.stdio ?? "pipe");
		const result = spawn.call(this, { ...options, stdio });
		children.add(this);
		this.once("exit", () => children.delete(this));
		const out = [this.stdout, this.stderr];
		for (const [index, stream] of streams().entries()) {
			if (inherits[index]) out[index]?.on("data", (data) => stream.write(data));
		}
		return result;
	};
	adoptSynchronous((wait) =>
		link.whileWaiting(
			[...children].flatMap(({ pid }) => pid ?? []),
			wait,
		),
	);
	return () => {
		for (const child of children) child.kill("SIGKILL");
	};
}

/** The options that Node hands to its own code for a synchronous child process. */
interface Binding {
	spawn(options: { stdio: { type: string; fd?: number }[] }): {
		output: (Buffer | null)[] | null;
	};
}

/** The same for spawnSync, execSync and execFileSync, which share one function of Node's own. */
function adoptSynchronous(waiting: <T>(wait: () => T) => T): void {
	if (process.permission?.has("child") === false) return; // Node's permission model: no child can begin
	const { binding } = process as unknown as {
		binding?(name: string): Binding;
	};
	const own = binding?.call(process, "spawn_sync");
	if (!own) return;
	const spawn = own.spawn;
	own.spawn = (options) => {
		const inherits = [1, 2].filter((fd) => {
			const { type, fd: of } = options.stdio[fd] ?? {};
			return type === "inherit" || (type === "fd" && of === fd);
		});
		const stdio = options.stdio.map((each, fd) =>
			inherits.includes(fd)
				? { type: "pipe", readable: false, writable: true }
				: each,
		);
		const result = waiting(() => spawn.call(own, { ...options, stdio }));
		for (const fd of inherits) {
			const text = result.output?.[fd];
			if (text) streams()[fd - 1].write(text);
			if (result.output) result.output[fd] = null;
		}
		return result;
	};
}
