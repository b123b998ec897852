import fs from "node:fs";

const { writeSync } = fs; // Node's own: the one that cells see writes to the notebook

/** Writes a line for whoever runs the front end: to the real standard error, which never reaches a notebook. */
export function log(text: string): void {
	try {
		writeSync(2, `[unrolled kernel] ${text}\n`);
	} catch {
		// nobody reads it any more
	}
}
