import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isWhole, record } from "./manifest.mjs";
import { environment, outside, places } from "./places.mjs";
import { Problem } from "./problems.mjs";
import { installed, stamped } from "./stamp.mjs";
import { jupyter } from "./venv.mjs";

/**
 * What has to be in place before the lessons or the tests can run. To add one, add it to `steps`.
 *
 * Run runs a program under the lock, and throws a Problem when it fails.
 * @typedef {(command: string, args: string[], options?: { cwd?: string, env?: NodeJS.ProcessEnv }) => Promise<void>} Run
 *
 * A step runs once the steps named in `after` are done, beside others that can run too.
 * `say` announces it, and is the subject of its error sentence;
 * `needs` is the disk space that it takes, in MB;
 * `check` throws a Problem when it cannot succeed, before any step has begun.
 * @typedef {{ name: string, after?: string[], say: string, needs?: number, check?: () => void, done: () => boolean, run: (run: Run) => Promise<void> }} Step
 */

/**
 * What builds the packages, one after the other.
 * @param {string} root
 * @returns {string[][]}
 */
export function builders(root) {
	const { node, tsc } = places(root);
	return [
		[node, tsc, "-b"],
		[node, join(root, ".setup/bundle.mjs")],
	];
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Step[]}
 */
export function steps(root, env) {
	const { node, venv, packages, files } = places(root);
	const inside = environment(root, env);
	const around = outside(root, env);
	return [
		{
			name: "packages",
			say: "Installing Node packages into node_modules",
			needs: 800,
			done() {
				const npms = join(packages, ".package-lock.json");
				if (!existsSync(npms) || !existsSync(node)) return false;
				const lock = readFileSync(join(root, "package-lock.json"), "utf8");
				return (
					installed(lock, readFileSync(npms, "utf8"), (path) =>
						existsSync(join(root, path)),
					) && isWhole(packages, files.packages)
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
					cwd: root,
					env: around,
				});
				if (!existsSync(node)) {
					throw new Problem(
						"npm left out Node 24: allow install scripts (`npm config set ignore-scripts false`), then run the command again.",
					);
				}
				record(packages, files.packages);
			},
		},
		jupyter(root, env),
		stamped(root, {
			name: "kernels",
			after: ["packages"],
			say: "Compiling the WebAssembly kernels",
			stamp: "node_modules/.unrolled/kernels",
			from: [
				"package-lock.json",
				"lib/backend/wasm/build.mjs",
				"lib/backend/wasm/constants.ts",
				"lib/backend/wasm/kernels",
			],
			makes: ["lib/backend/wasm/built", "lib/dist/backend/wasm/built"],
			run: (run) =>
				run(node, [join(root, "lib/backend/wasm/build.mjs")], {
					cwd: root,
					env: inside,
				}),
		}),
		stamped(root, {
			name: "build",
			after: ["kernels"],
			say: "Building the library, the data sets and the kernel",
			stamp: "node_modules/.unrolled/build",
			from: [
				"package-lock.json",
				"tsconfig.base.json",
				"tsconfig.json",
				".setup/bundle.mjs",
				"lib",
				"datasets",
				"kernel",
			],
			makes: [
				"lib/dist/node/index.js",
				"datasets/dist/node/index.js",
				"kernel/dist/node/main.js",
				"kernel/dist/short/typescript.cjs",
			],
			run: async (run) => {
				for (const [program, ...args] of builders(root))
					await run(program, args, { cwd: root, env: inside });
			},
		}),
		stamped(root, {
			name: "register",
			after: ["build", "jupyter"],
			say: "Registering the kernel in .venv",
			stamp: ".venv/share/jupyter/kernels/.unrolled",
			from: ["kernel/dist/install.js", "kernel/logos", ".venv/.unrolled"],
			words: [root],
			makes: [".venv/share/jupyter/kernels/unrolled/kernel.json"],
			run: (run) =>
				run(node, [join(root, "kernel/dist/install.js"), "--prefix", venv], {
					cwd: root,
					env: inside,
				}),
		}),
	];
}
