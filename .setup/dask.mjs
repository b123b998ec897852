import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensure } from "./ensure.mjs";
import { places } from "./places.mjs";
import { stamped } from "./stamp.mjs";
import { install } from "./venv.mjs";

/**
 * Dask, which grades and runs lessons on other machines. It is installed when a command is first given a scheduler, into a folder
 * of its own.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ PYTHONPATH: string }>} what a program needs to find it
 */
export async function ensureDask(root, env = process.env) {
	await ensure(root, env, console.log, (...here) => [step(...here)]);
	return daskPath(root);
}

/** Where Python finds Dask, and what its workers run. @param {string} root */
export const daskPath = (root) => ({
	PYTHONPATH: [places(root).dask, join(root, ".course/nbgrader")].join(
		delimiter,
	),
});

/** @param {string} root @param {NodeJS.ProcessEnv} env */
function step(root, env) {
	const { dask } = places(root);
	return stamped(root, {
		name: "dask",
		say: "Installing Dask into .unrolled/dask",
		needs: 50,
		stamp: ".unrolled/files/dask",
		from: [".setup/dask.txt", ".setup/constraints.txt", ".venv/.unrolled"],
		makes: [".unrolled/dask/distributed"],
		async run(run) {
			rmSync(dask, { recursive: true, force: true });
			await install(root, env, run, [".setup/dask.txt", "--target", dask]);
		},
	});
}
