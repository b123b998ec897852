import childProcess, {
	ChildProcess,
	type SpawnOptions,
} from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

type Stdio = SpawnOptions["stdio"];

/** Which of stdout and stderr a child would write to where the kernel's own go; its standard input is never the kernel's. */
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
 * Lets what child processes print appear in the cell that started them: a child that inherits the kernel's output gets
 * pipes instead. Gives the function that ends the children that still run.
 */
export function adoptChildren(): () => void {
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
	const spawnSync = childProcess.spawnSync as (
		...args: unknown[]
	) => childProcess.SpawnSyncReturns<Buffer>;
	const show = (...args: unknown[]) => {
		const at = args.findLastIndex(
			(each) =>
				typeof each === "object" && each !== null && !Array.isArray(each),
		);
		const options = (args[at] ?? {}) as SpawnOptions;
		const { stdio, inherits } = inherited(options.stdio ?? "pipe");
		if (!inherits.includes(true)) return spawnSync(...args);
		const changed = args.with(at, { ...options, stdio });
		const result = spawnSync(...changed);
		if (inherits[0] && result.stdout) process.stdout.write(result.stdout);
		if (inherits[1] && result.stderr) process.stderr.write(result.stderr);
		return result;
	};
	Object.assign(childProcess, { spawnSync: show });
	syncBuiltinESMExports();
	return () => {
		for (const child of children) child.kill("SIGKILL");
	};
}
