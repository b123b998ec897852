import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { REPOSITORY } from "../kernel/client.ts";

const folder = mkdtempSync(join(tmpdir(), "unrolled-conformance-"));

const run = promisify(execFile);

test("Jupyter's own test suite for kernels passes, nothing skipped", async () => {
	const installer = join(REPOSITORY, "kernel/dist/install.js");
	await run(process.execPath, [installer, "--prefix", folder]);
	const suite = fileURLToPath(new URL("test_protocol.py", import.meta.url));
	const { stderr } = await run(
		join(REPOSITORY, ".venv/bin/python"),
		[suite, "--verbose"],
		{
			cwd: folder,
			env: {
				...process.env,
				JUPYTER_PATH: join(folder, "share/jupyter"),
				UNROLLED_HISTORY: join(folder, "history.jsonl"),
			},
		},
	);
	expect(stderr).toMatch(/Ran 1[0-9] tests/);
	expect(stderr).toMatch(/^OK$/m);
});
