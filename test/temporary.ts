import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * All temporary folders of a run of the tests, those of its browsers, kernels and servers too, lie in one, which goes with the run:
 * `os.tmpdir()` and what other programs use in its place read TMPDIR.
 */
export default function temporary(): () => void {
	const before = process.env.TMPDIR;
	const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
	process.env.TMPDIR = folder;
	return () => {
		if (before === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = before;
		// a browser that is about to end may still write
		rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
	};
}
