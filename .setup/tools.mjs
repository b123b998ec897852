import { join } from "node:path";
import { guard, run } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { environment, places, project } from "./places.mjs";
import { allSteps, builders, steps } from "./steps.mjs";

/**
 * The other commands of package.json: the set-up, then the programs of the command. Arguments go to the last program.
 */

const { node, tsc, python } = places(project);
const at = (/** @type {string} */ path) => join(project, path);
const biome = at("node_modules/@biomejs/biome/bin/biome");
const build = builders(project);

/** @type {Record<string, string[][]>} */
const commands = {
	bench: [[node, at("test/bench/run.mjs")]],
	build,
	course: [[node, at(".course/main.ts")]],
	check: [[node, biome, "check", "."], ...build, [node, tsc, "-p", "test"]],
	experiments: [
		[
			node,
			at("node_modules/vitest/vitest.mjs"),
			"run",
			"--config",
			at("vitest.experiments.config.ts"),
		],
	],
	format: [[node, biome, "check", "--write", "."]],
	jupyter: [[python, "-m", "jupyter"]],
	nbgrader: [[python, "-m", "nbgrader"]],
	lessons: [[node, at("test/lessons/main.ts")]],
	site: [[node, at(".site/main.ts")]],
	solution: [[node, at(".course/solution.ts")]],
};

/** The commands that need more than the lessons do. */
const developers = ["bench", "build", "check", "experiments"];

/**
 * @param {string[]} args
 * @param {string} command
 * @returns {Promise<number>} the exit code of the first program that failed
 */
export async function main(args, command) {
	guard();
	const needed = developers.includes(command) ? allSteps : steps;
	await ensure(project, process.env, console.log, needed);
	const programs = commands[command];
	for (const [i, [program, ...own]] of programs.entries()) {
		const more = i === programs.length - 1 ? args : [];
		const { code } = await run(program, [...own, ...more], {
			// Paths given to Jupyter and nbgrader start where the user called npm.
			cwd: ["jupyter", "nbgrader"].includes(command)
				? process.env.INIT_CWD
				: project,
			env: environment(project, process.env),
			show: true,
		});
		if (code !== 0) return code;
	}
	return 0;
}
