import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { closingLine, count } from "../../.setup/report.mjs";
import { house } from "./house.ts";

const module = (...statuses: string[]) => ({
	status: statuses.includes("failed") ? "failed" : "passed",
	assertionResults: statuses.map((status) => ({
		status,
		fullName: `a test that ${status}`,
		meta: status === "skipped" ? { skipped: "no browser" } : {},
	})),
});
const broken = { status: "failed", assertionResults: [] };

function report(...testResults: object[]) {
	const file = join(mkdtempSync(join(tmpdir(), "unrolled-")), "report.json");
	writeFileSync(file, JSON.stringify({ testResults }));
	return file;
}

test("tests are counted by their status, and a skipped one keeps its reason", () => {
	const file = report(module("passed", "failed"), module("passed", "skipped"));
	expect(count(file)).toEqual({
		passed: 2,
		failed: 1,
		skipped: [{ name: "a test that skipped", why: "no browser" }],
	});
});

test("a test file that cannot be read counts as a failure", () => {
	expect(count(report(module("passed"), broken))).toMatchObject({ failed: 1 });
});

test("a failure outside the tests is a failure in the closing line", () => {
	const counts = { passed: 3, failed: 0, skipped: [] };
	expect(closingLine(counts, 0)).toBe("3 passed, 0 failed, 0 skipped");
	expect(closingLine(counts, 1)).toBe("3 passed, 1 failed, 0 skipped");
});

describe(".ci/run", () => {
	/** Runs the script in a copy of its own, where npm is a stand-in. */
	function ci(npm: string) {
		const { root, script, env } = house();
		cpSync(join(project, ".ci"), join(root, ".ci"), { recursive: true });
		cpSync(join(project, ".setup"), join(root, ".setup"), { recursive: true });
		script("bin/npm", npm);
		script("bin/chromium", "");
		const PATH = [env.PATH, process.env.PATH].join(delimiter);
		const { status, stdout } = spawnSync("bash", [".ci/run"], {
			cwd: root,
			env: { ...process.env, PATH },
			encoding: "utf8",
		});
		return { status, lines: stdout.trimEnd().split("\n") };
	}

	const write = (text: object) =>
		`/bin/mkdir -p test/report && printf '%s' '${JSON.stringify(text)}' > test/report/vitest.json`;

	test("ends with the counts of Vitest's report and npm test's status", () => {
		const testResults = [module("passed", "passed", "skipped")];
		const { status, lines } = ci(`echo "$@"\n${write({ testResults })}`);
		expect(lines).toEqual(["test", "2 passed, 0 failed, 1 skipped"]);
		expect(status).toBe(0);
	});

	test("fails as npm test fails", () => {
		const testResults = [module("passed", "failed")];
		const { status, lines } = ci(`${write({ testResults })}\nexit 3`);
		expect(lines.at(-1)).toBe("1 passed, 1 failed, 0 skipped");
		expect(status).toBe(3);
	});

	test("without a report says that one failed", () => {
		const { status, lines } = ci("exit 1");
		expect(lines.at(-1)).toBe("0 passed, 1 failed, 0 skipped");
		expect(status).toBe(1);
	});
});
