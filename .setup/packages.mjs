import {
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isWhole, record } from "./manifest.mjs";
import { outside, places } from "./places.mjs";
import { Problem } from "./problems.mjs";
import { installed } from "./stamp.mjs";

/** @typedef {import("./steps.mjs").Step} Step */

/**
 * The step that installs what the `package-lock.json` of a folder lists into its `node_modules`.
 * @param {string} root @param {NodeJS.ProcessEnv} env
 * @param {Pick<Step, "name" | "say" | "needs"> & { folder: string }} step the folder from the project's
 * @returns {Step}
 */
export function npmPackages(root, env, { folder, ...step }) {
	const at = join(root, folder);
	const packages = join(at, "node_modules");
	const list = join(places(root).files, folder, "node_modules");
	return {
		...step,
		done() {
			const npms = join(packages, ".package-lock.json");
			if (!existsSync(npms)) return false;
			const lock = readFileSync(join(at, "package-lock.json"), "utf8");
			return (
				installed(lock, readFileSync(npms, "utf8"), (path) =>
					existsSync(join(at, path)),
				) && isWhole(packages, list)
			);
		},
		async run(run) {
			const npm =
				env.npm_execpath && env.npm_node_execpath
					? [env.npm_node_execpath, env.npm_execpath]
					: ["npm"];
			const flags = [
				"--include=dev",
				"--include=optional",
				"--ignore-scripts=false",
				"--no-audit",
				"--no-fund",
				"--loglevel=error", // also under `npm start --silent`: the sentences come from what it says
			];
			await run(npm[0], [...npm.slice(1), "ci", ...flags], {
				cwd: at,
				env: outside(root, env),
			});
			record(packages, list);
		},
	};
}

/** The Node that npm runs in: not the one of the project, which `npm ci` replaces. @param {NodeJS.ProcessEnv} env */
export const nodeOfNpm = (env) => env.npm_node_execpath ?? process.execPath;

/** @param {string} system @param {string} version of the Node that has to take the place of ours */
export function expectNode24(system, version) {
	if (Number.parseInt(version, 10) >= 24) return;
	throw new Problem(
		`npm has no Node 24 for ${system}, and yours is ${version}: install Node 24 or later (https://nodejs.org), then run the command again.`,
	);
}

/**
 * The project's packages, and with them the Node that the kernel runs in. package.json lists the systems for which the registry
 * has Node 24; on others the learner's own takes its place.
 * @param {string} root @param {NodeJS.ProcessEnv} env @param {{ platform: string, arch: string }} [system]
 * @returns {Step & { words: string[] }} words: what the kernel's registration depends on besides
 */
export function projectPackages(root, env, { platform, arch } = process) {
	const { node } = places(root);
	const all = npmPackages(root, env, {
		name: "packages",
		say: "Installing Node packages into node_modules",
		needs: 700,
		folder: "",
	});
	const own = nodeOfNpm(env);
	const { optionalDependencies = {} } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	);
	const system = `${platform}-${arch}`;
	const listed = `node-${system}` in optionalDependencies;
	return {
		...all,
		words: listed ? [] : [own],
		check() {
			if (!listed) expectNode24(system, process.versions.node);
		},
		done: () => all.done() && existsSync(node),
		async run(run) {
			await all.run(run);
			if (existsSync(node)) return;
			if (listed)
				throw new Problem(
					"npm left out Node 24: allow optional packages (`npm config delete omit`), then run the command again.",
				);
			mkdirSync(dirname(node), { recursive: true });
			rmSync(node, { force: true });
			symlinkSync(own, node);
		},
	};
}
