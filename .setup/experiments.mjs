import { join } from "node:path";
import { guard, run } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { environment, places, project } from "./places.mjs";

/**
 * `npm run experiments`: the set-up, then what takes minutes. Arguments go to Vitest: `npm run experiments -- lessons`.
 * @param {string[]} args
 */
export async function main(args) {
	guard();
	await ensure(project);
	const vitest = join(project, "node_modules/vitest/vitest.mjs");
	const { code } = await run(
		places(project).node,
		[vitest, "run", "--config", "vitest.experiments.config.ts", ...args],
		{ cwd: project, env: environment(project, process.env), show: true },
	);
	return code;
}
