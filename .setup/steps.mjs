import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, outside, places } from "./places.mjs";
import { Problem } from "./problems.mjs";
import { findPython } from "./python.mjs";
import { digest, installed, readStamp, writeStamp } from "./stamp.mjs";

/**
 * What has to be in place before the lessons or the tests can run, in order. To add one, add it to `steps`.
 *
 * Run runs a program under the lock, and throws a Problem when it fails.
 * A step's `say` announces it, and is the subject of its error sentence;
 * @typedef {(command: string, args: string[], options?: { cwd?: string, env?: NodeJS.ProcessEnv }) => Promise<void>} Run
 * `needs` is the room on the disk that it takes, in MB.
 *
 * @typedef {{ say: string, needs?: number, done: () => boolean, run: (run: Run) => Promise<void> }} Step
 */

/**
 * A step whose stamp is a digest of what it is made from.
 * @param {string} root
 * @param {{ say: string, needs?: number, stamp: string, from: string[], words?: string[], makes: string[], run: (run: Run) => Promise<void> }} step
 * @returns {Step}
 */
function stamped(root, { say, needs, stamp, from, words, makes, run }) {
	const now = () => digest(root, from, words);
	const file = join(root, stamp);
	return {
		say,
		needs,
		done: () =>
			makes.every((path) => existsSync(join(root, path))) &&
			readStamp(file) === now(),
		async run(program) {
			const before = now();
			rmSync(file, { force: true });
			await run(program);
			writeStamp(file, before);
		},
	};
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Step[]}
 */
export function steps(root, env) {
	const { node, tsc, python, venv } = places(root);
	const inside = environment(root, env);
	const around = outside(root, env);
	return [
		{
			say: "Installing Node packages into node_modules (about a minute)",
			needs: 800,
			done() {
				const record = join(root, "node_modules/.package-lock.json");
				if (!existsSync(record) || !existsSync(node)) return false;
				const lock = readFileSync(join(root, "package-lock.json"), "utf8");
				return installed(lock, readFileSync(record, "utf8"));
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
			},
		},
		stamped(root, {
			say: "Installing JupyterLab into .venv (about a minute)",
			needs: 450,
			stamp: ".venv/.unrolled",
			from: [
				".setup/requirements.txt",
				".setup/constraints.txt",
				"kernel/papermill",
			],
			words: [root],
			makes: [".venv/bin/python", ".venv/bin/jupyter"],
			async run(run) {
				const found = findPython(around);
				rmSync(venv, { recursive: true, force: true });
				await run(found.path, ["-m", "venv", "--prompt", "unrolled", venv], {
					env: around,
				});
				// JupyterLab's builder runs a CommonJS file from in there, which our package.json would call a module.
				writeFileSync(join(venv, "package.json"), '{ "type": "commonjs" }\n');
				const requirements = join(root, ".setup/requirements.txt");
				await run(
					python,
					["-m", "pip", "install", "--no-input", "-r", requirements],
					{ cwd: root, env: around },
				);
			},
		}),
		stamped(root, {
			say: "Compiling the WebAssembly kernels",
			stamp: "node_modules/.unrolled/kernels",
			from: [
				"package-lock.json",
				"lib/backend/build.mjs",
				"lib/backend/kernels",
			],
			makes: ["lib/backend/wasm", "lib/dist/backend/wasm"],
			run: (run) =>
				run(node, [join(root, "lib/backend/build.mjs")], {
					cwd: root,
					env: inside,
				}),
		}),
		stamped(root, {
			say: "Building the library, the data sets and the kernel",
			stamp: "node_modules/.unrolled/build",
			from: [
				"package-lock.json",
				"tsconfig.base.json",
				"tsconfig.json",
				"lib",
				"datasets",
				"kernel",
			],
			makes: [
				"lib/dist/index.js",
				"datasets/dist/index.js",
				"kernel/dist/index.js",
			],
			run: (run) => run(node, [tsc, "-b"], { cwd: root, env: inside }),
		}),
		stamped(root, {
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
