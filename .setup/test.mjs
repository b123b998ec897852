import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { guard, run } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { environment, places, project } from "./places.mjs";
import { count } from "./report.mjs";
import { allSteps } from "./steps.mjs";

/**
 * `npm test`: the set-up, then format and lint, types, and Vitest. Arguments go to Vitest: `npm test -- test/lib`.
 * @param {string[]} args
 */
export async function main(args) {
	guard();
	const { node, tsc, report, lessonTable } = places(project);
	for (const old of [report, lessonTable]) rmSync(old, { force: true });
	await ensure(project, process.env, console.log, allSteps);

	const module = (/** @type {string} */ path) =>
		join(project, "node_modules", path);
	const reporters = [
		"--reporter=default",
		"--reporter=json",
		`--outputFile.json=${report}`,
	];
	const checks = [
		{
			name: "format and lint (npm run format mends most of it)",
			program: [module("@biomejs/biome/bin/biome"), "check", "."],
		},
		{ name: "types of the tests", program: [tsc, "-p", "test"] },
		{
			name: "tests",
			program: [module("vitest/vitest.mjs"), "run", ...reporters, ...args],
		},
	];
	const failed = [];
	for (const { name, program } of checks) {
		const { code } = await run(node, program, {
			cwd: project,
			env: environment(project, process.env),
			show: true,
		});
		if (code !== 0) failed.push(name);
	}

	if (existsSync(lessonTable))
		console.log(`${readFileSync(lessonTable, "utf8")}\n`);
	for (const { name, why } of count(report)?.skipped ?? [])
		console.log(`Skipped: ${name}: ${why}`);
	console.log(
		failed.length === 0
			? "Everything passed."
			: `Failed: ${failed.join("; ")}.`,
	);
	return failed.length === 0 ? 0 : 1;
}
