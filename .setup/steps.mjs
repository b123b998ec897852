import { join } from "node:path";
import { nodeOfNpm, npmPackages, projectPackages } from "./packages.mjs";
import { environment, outside, places } from "./places.mjs";
import { stamped } from "./stamp.mjs";
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

const kernels = "lib/backend/wasm/kernels";

/**
 * The step that compiles a build of the kernels. It needs nothing of the project's packages, so it runs while they are installed.
 * @param {string} root @param {NodeJS.ProcessEnv} env @param {string} name @param {string} file
 * @returns {Step}
 */
function compiled(root, env, name, file) {
	return stamped(root, {
		name,
		after: ["compiler", "kernels"].filter((other) => other !== name),
		say: `Compiling the WebAssembly kernels, ${file}`,
		stamp: `.unrolled/files/${file}`,
		from: [
			"lib/backend/wasm/build.mjs",
			"lib/backend/wasm/constants.ts",
			kernels,
		],
		makes: ["built", "../../dist/backend/wasm/built"].map((folder) =>
			join("lib/backend/wasm", folder, file),
		),
		run: (run) =>
			run(nodeOfNpm(env), [join(root, "lib/backend/wasm/build.mjs"), file], {
				cwd: root,
				env: outside(root, env),
			}),
	});
}

/**
 * What the tests and the packages need besides: the kernels for engines without relaxed SIMD. The project's own Node has it.
 * @param {string} root @param {NodeJS.ProcessEnv} env
 * @returns {Step[]}
 */
export const allSteps = (root, env) => [
	...steps(root, env),
	compiled(root, env, "simd", "simd.wasm"),
];

/**
 * What every command needs.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Step[]}
 */
export function steps(root, env) {
	const { node, venv } = places(root);
	const inside = environment(root, env);
	const packages = projectPackages(root, env);
	return [
		packages,
		jupyter(root, env),
		npmPackages(root, env, {
			name: "compiler",
			say: "Installing the compiler of the WebAssembly kernels",
			needs: 110,
			folder: kernels,
		}),
		compiled(root, env, "kernels", "relaxed.wasm"),
		stamped(root, {
			name: "build",
			after: ["packages"],
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
			words: [root, ...packages.words],
			makes: [".venv/share/jupyter/kernels/unrolled/kernel.json"],
			run: (run) =>
				run(node, [join(root, "kernel/dist/install.js"), "--prefix", venv], {
					cwd: root,
					env: inside,
				}),
		}),
	];
}
