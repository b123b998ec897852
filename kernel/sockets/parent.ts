import { ppid } from "node:process";

/** Ends this process within a second after its parent ends, so that no kernel outlives its front end. */
export function watchParent(): void {
	const parent = ppid;
	if (parent <= 1) return; // started by the system itself
	setInterval(() => {
		if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
	}, 500);
}
