import fs from "node:fs";

const { writeSync } = fs; // Node's own: the one that cells see writes to the notebook

/** Writes a line to the real standard error, which front ends log and notebooks never show. */
export function log(text: string): void {
	try {
		writeSync(2, `[unrolled kernel] ${text}\n`);
	} catch {
		// nobody reads it any more
	}
}
