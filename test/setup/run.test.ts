import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";

/** A command of package.json, as another system or another Node would begin it. */
function begun(otherwise: string) {
	const before = join(mkdtempSync(join(tmpdir(), "unrolled-")), "before.cjs");
	writeFileSync(before, otherwise);
	return spawnSync(
		places(project).node,
		["--require", before, join(project, ".setup/run.cjs"), "check"],
		{ encoding: "utf8" },
	);
}

test.each([
	["process.platform", '"win32"', "Windows itself is not supported"],
	["process.versions", '{ node: "18.20.4" }', "Node 18.20.4 is too old"],
])(
	"where %s is %s, a command says what to do and stops",
	(name, value, says) => {
		const [object, key] = name.split(".");
		const { status, stderr } = begun(
			`Object.defineProperty(${object}, "${key}", { value: ${value} });`,
		);
		expect(stderr).toContain(says);
		expect(stderr.trim().split("\n")).toHaveLength(1);
		expect(status).toBe(1);
	},
);
