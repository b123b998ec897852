import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import temporary from "../temporary.ts";

test("what a run of the tests and its programs leave in the temporary folder goes with the run", () => {
	const outer = tmpdir();
	expect(basename(outer)).toMatch(/^unrolled-/); // this run has one of its own
	const remove = temporary();
	const inner = tmpdir();
	expect(dirname(inner)).toBe(outer);
	const { stdout } = spawnSync(process.execPath, ["-p", "os.tmpdir()"], {
		encoding: "utf8",
	});
	expect(stdout.trim()).toBe(inner);
	writeFileSync(join(mkdtempSync(join(inner, "a folder ")), "file"), "");
	remove();
	expect(existsSync(inner)).toBe(false);
	expect(tmpdir()).toBe(outer);
});
