import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own folder. */
export const project = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Where things lie under the project's folder.
 * @param {string} root
 */
export const places = (root) => ({
	node: join(root, "node_modules/.bin/node"), // Node 24, whatever Node started us
	tsc: join(root, "node_modules/typescript/bin/tsc"), // not .bin/tsc: that is tslab's
	python: join(root, ".venv/bin/python"),
	venv: join(root, ".venv"),
	/** Lists of the files that were installed. */
	files: join(root, ".unrolled/files"),
	jupyter: join(root, ".unrolled/jupyter"),
	lock: join(root, ".unrolled/lock"),
	dask: join(root, ".unrolled/dask"),
	notebooks: join(root, "notebooks"),
	/** The learner's copies of the notebooks; `UNROLLED_WORK` names another folder. */
	work: process.env.UNROLLED_WORK
		? resolve(process.env.UNROLLED_WORK)
		: join(root, "work"),
	report: join(root, "test/report/vitest.json"),
	lessonTable: join(root, "test/report/lessons.txt"),
});

/**
 * The environment for Node's and Jupyter's programs: the project's own come first, and Jupyter keeps its settings, its
 * kernels and its run-time files in .unrolled, so that the user's own Jupyter is neither read nor written.
 * @param {string} root @param {NodeJS.ProcessEnv} env
 * @param {{ teacher?: boolean, settings?: string }} [options]
 *   teacher: JupyterLab shows nbgrader's menus; settings: another folder than .unrolled, where that is not the user's own
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(
	root,
	env,
	{ teacher = false, settings = join(root, ".unrolled") } = {},
) {
	const {
		PYTHONHOME: _home,
		PYTHONPATH: _path,
		JUPYTER_PATH: _kernels,
		JUPYTERLAB_DIR: _lab,
		JUPYTERLAB_SETTINGS_DIR: _settings,
		JUPYTERLAB_WORKSPACES_DIR: _workspaces,
		...rest
	} = env;
	const jupyter = join(settings, "jupyter");
	const own = [join(root, ".venv/bin"), join(root, "node_modules/.bin")];
	const others = (env.PATH ?? "")
		.split(delimiter)
		.filter((path) => !own.includes(path));
	return {
		...rest,
		PATH: [...own, ...others].join(delimiter),
		VIRTUAL_ENV: join(root, ".venv"),
		PYTHONNOUSERSITE: "1",
		JUPYTER_CONFIG_PATH: [
			...(teacher ? [join(root, ".setup/teacher")] : []),
			join(root, ".setup/jupyter"),
		].join(delimiter),
		JUPYTER_CONFIG_DIR: join(jupyter, "config"),
		JUPYTER_DATA_DIR: join(jupyter, "data"),
		JUPYTER_RUNTIME_DIR: join(jupyter, "runtime"),
		IPYTHONDIR: join(jupyter, "ipython"),
		UNROLLED_HISTORY: env.UNROLLED_HISTORY ?? join(settings, "history.jsonl"),
	};
}

/** Whether it is a folder that may be written. @param {string} path */
function isOurs(path) {
	try {
		accessSync(path, constants.W_OK);
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

/**
 * npm and pip keep what they fetched in the user's home; where that cannot be written, in .unrolled: a home that is missing or
 * read-only, a cache that belongs to root since somebody ran npm by sudo.
 * @param {string} root @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function ownCaches(root, env) {
	const { HOME = "" } = env;
	const cache = env.npm_config_cache ?? join(HOME, ".npm");
	const place = existsSync(cache) ? cache : dirname(cache);
	if (HOME !== "" && isOurs(HOME) && isOurs(place)) return {};
	const caches = join(root, ".unrolled/caches");
	return {
		npm_config_cache: join(caches, "npm"),
		PIP_CACHE_DIR: join(caches, "pip"),
	};
}

/**
 * The environment for what installs: as the user has it, less the Node that is about to be replaced.
 * @param {string} root @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function outside(root, env) {
	const paths = (env.PATH ?? "").split(delimiter);
	return {
		...env,
		...ownCaches(root, env),
		PATH: paths
			.filter((path) => path !== join(root, "node_modules/.bin"))
			.join(delimiter),
		PIP_DISABLE_PIP_VERSION_CHECK: "1",
		PIP_USER: "0",
		PIP_REQUIRE_VIRTUALENV: "0",
	};
}
