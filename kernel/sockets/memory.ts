import { inspector } from "./inspector.ts";

/** Beyond this part of the heap's limit a cell is stopped: V8 would end the process soon. */
const FULL = 0.85;
/** While the process is smaller than this part of the limit, V8 is not asked. */
const SMALL = 0.5;

/**
 * Watches the heap of the thread that runs cells.
 * @param limit bytes that V8 allows that heap to have
 * @param stop called when it is nearly full, again only after it was less full in between
 */
export function watchMemory(limit: number, stop: (used: number) => void): void {
	let asked = false;
	let stopped = false;
	setInterval(() => {
		if (asked || process.memoryUsage.rss() < SMALL * limit) return;
		asked = true;
		inspector().post(
			"Runtime.getHeapUsage",
			(_error, usage?: { usedSize?: number }) => {
				asked = false;
				const used = usage?.usedSize ?? 0;
				const full = used > FULL * limit;
				if (full && !stopped) stop(used);
				stopped = full;
			},
		);
	}, 50);
}
