import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** How long (ms) a process may take to end by itself when it is interrupted. */
const PATIENCE = 300;

/** The parent of every process. */
function parents(): Map<number, number> {
	const found = new Map<number, number>();
	let ids: string[];
	try {
		ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	} catch {
		ids = [];
	}
	for (const id of ids) {
		try {
			const stat = readFileSync(`/proc/${id}/stat`, "utf8");
			// the name, in parentheses, may hold anything
			const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			found.set(Number(id), Number(parent));
		} catch {
			// it has ended meanwhile
		}
	}
	if (found.size) return found;
	const text = execFileSync("ps", ["-A", "-o", "pid=,ppid="], {
		encoding: "utf8",
	});
	for (const [, id, parent] of text.matchAll(/(\d+)\s+(\d+)/g))
		found.set(Number(id), Number(parent));
	return found;
}

/** The child processes of a process. */
export const childrenOf = (pid: number): number[] =>
	[...parents()].filter(([, parent]) => parent === pid).map(([id]) => id);

/** A process and its descendants. */
function family(pid: number, parents: Map<number, number>): number[] {
	const all = [...parents];
	const found = [pid];
	for (const each of found)
		found.push(...all.filter(([, of]) => of === each).map(([id]) => id));
	return found;
}

function signal(pids: number[], name: NodeJS.Signals): void {
	for (const pid of pids) {
		try {
			process.kill(pid, name);
		} catch {
			// it has ended meanwhile
		}
	}
}

/** Interrupts a process and its descendants, as Ctrl-C in a terminal does, and kills those that go on. */
export function interruptFamily(pid: number): void {
	const before = parents();
	const pids = family(pid, before);
	signal(pids, "SIGINT");
	setTimeout(() => {
		const now = parents();
		const left = pids.filter((each) => now.has(each));
		signal(left, "SIGKILL");
	}, PATIENCE).unref();
}
