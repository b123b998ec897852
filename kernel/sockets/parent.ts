import { ppid } from "node:process";

/** Ends this process within a second of the death of the one that started it: a kernel without a front end serves nobody. */
export function watchParent(): void {
	const parent = ppid;
	if (parent <= 1) return; // started by the system itself: there is nobody to outlive
	setInterval(() => {
		if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
	}, 500);
}
