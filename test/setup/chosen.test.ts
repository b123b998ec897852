import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";

/** Runs a small test file with a pattern of names. */
const run = (pattern: string) =>
	spawnSync(
		process.execPath,
		[
			join(project, "node_modules/vitest/vitest.mjs"),
			...["run", "test/setup/temporary.test.ts", "-t", pattern],
		],
		{ cwd: project, encoding: "utf8" },
	);

test("a run whose -t fits no test fails, and says so", () => {
	const { status, stderr } = run("no such test");
	expect(stderr).toContain("No test fits -t no such test: none was run.");
	expect(status).toBe(1);
	expect(run("temporary folder").status).toBe(0);
});
