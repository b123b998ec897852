import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * What Vitest's own JSON report says.
 *
 * @typedef {{ passed: number, failed: number, skipped: { name: string, why: string }[] }} Counts
 * @typedef {{ status: string, fullName: string, meta?: { skipped?: string } }} Assertion
 */

/**
 * @param {string} file the report
 * @returns {Counts | undefined} undefined when there is no report
 */
export function count(file) {
	if (!existsSync(file)) return undefined;
	/** @type {{ testResults: { status: string, assertionResults: Assertion[] }[] }} */
	let report;
	try {
		report = JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return undefined;
	}
	const tests = report.testResults.flatMap((module) => module.assertionResults);
	const failed = tests.filter((test) => test.status === "failed").length;
	// A file that cannot be read, or whose hooks fail, has no failed test of its own.
	const broken = report.testResults.filter(
		(module) =>
			module.status === "failed" &&
			!module.assertionResults.some((test) => test.status === "failed"),
	).length;
	const skipped = tests
		.filter((test) => !["passed", "failed"].includes(test.status))
		.map((test) => ({
			name: test.fullName,
			why: test.meta?.skipped ?? "no reason given",
		}));
	return {
		passed: tests.filter((test) => test.status === "passed").length,
		failed: failed + broken,
		skipped,
	};
}

/**
 * The closing line of CI. A run that failed outside its tests (no report, a lint error) counts as one failure.
 * @param {Counts | undefined} counts @param {number} status exit status of `npm test`
 */
export function closingLine(counts, status) {
	const { passed, failed, skipped } = counts ?? {
		passed: 0,
		failed: 1,
		skipped: [],
	};
	const failures = status !== 0 ? Math.max(failed, 1) : failed;
	return `${passed} passed, ${failures} failed, ${skipped.length} skipped`;
}

if (
	process.argv[1] &&
	import.meta.url === pathToFileURL(process.argv[1]).href
) {
	console.log(closingLine(count(process.argv[2]), Number(process.argv[3])));
}
