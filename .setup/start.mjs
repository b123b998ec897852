import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { guard, interruptIsExit, run } from "./children.mjs";
import { ensure } from "./ensure.mjs";
import { languageInfo } from "./language.mjs";
import { deliver, lastWorkedOn } from "./lessons.mjs";
import { environment, places, project } from "./places.mjs";
import { Problem } from "./problems.mjs";
import { hash } from "./stamp.mjs";
import { addStyles } from "./styles.mjs";

/**
 * `npm start`: the set-up, the learner's copies of the lessons, then JupyterLab on them. `--teacher` shows nbgrader's
 * menus; other options go to JupyterLab.
 * @param {string[]} args
 */
export async function main(args) {
	guard();
	const forLab = args.filter((arg) => arg !== "--teacher");
	const port = await freePort(forLab);
	await ensure(project);
	deliver(places(project), await languageInfo(project));
	const env = environment(project, process.env, {
		teacher: forLab.length < args.length,
	});
	addStyles(env);
	console.log("Starting JupyterLab (Ctrl-C stops it) …");
	interruptIsExit(0);
	const { code } = await run(
		places(project).python,
		[join(project, ".setup/lab.py"), ...port, ...shown(forLab), ...forLab],
		{
			cwd: process.env.INIT_CWD ?? project, // paths start where the user called npm
			env,
			show: true,
			lifeline: true,
		},
	);
	return code;
}

/**
 * JupyterLab shows the learner's folder and opens the lesson that was last worked on. Another folder has its own memory of what
 * was open there. It refuses an option that is given twice, so those of the user are left to the user.
 * @param {string[]} args
 */
export function shown(args) {
	const { work, jupyter } = places(project);
	const folder = option(args, ["--notebook-dir", "--ServerApp.root_dir"]);
	const lesson = lastWorkedOn(work);
	/** @type {Record<string, string>} */
	const own = {};
	if (folder !== undefined) {
		const name = hash(resolve(process.env.INIT_CWD ?? project, folder));
		own["--LabApp.workspaces_dir"] = join(jupyter, "workspaces", name);
	} else {
		own["--ServerApp.root_dir"] = work;
		if (lesson !== undefined)
			own["--LabApp.default_url"] = `/lab/tree/${encodeURIComponent(lesson)}`;
	}
	return Object.entries(own)
		.filter(([name]) => option(args, [name]) === undefined)
		.map(([name, value]) => `${name}=${value}`);
}

/** The value of a JupyterLab option, given as `--name value` or `--name=value`. @param {string[]} args @param {string[]} names */
export function option(args, names) {
	const at = args.findLastIndex((arg) => names.includes(arg.split("=")[0]));
	if (at < 0) return undefined;
	return args[at].includes("=")
		? args[at].slice(args[at].indexOf("=") + 1)
		: args[at + 1];
}

/**
 * A port that was asked for must be free; without one JupyterLab takes the next free port after 8888.
 * @param {string[]} args
 * @returns {Promise<string[]>} what to tell JupyterLab besides
 */
export async function freePort(args) {
	const port = option(args, ["--port", "--ServerApp.port"]);
	if (port === undefined) return [];
	if (!(/^\d+$/.test(port) && Number(port) < 65536)) {
		throw new Problem(
			`${JSON.stringify(port)} is no port: choose a number from 1024 to 65535, as in \`npm start -- --port 8890\`.`,
		);
	}
	const host = option(args, ["--ip", "--ServerApp.ip"]) ?? "127.0.0.1";
	const error = await new Promise(
		(/** @type {(error?: NodeJS.ErrnoException) => void} */ resolve) => {
			const server = createServer();
			server.once("error", resolve);
			server.listen(Number(port), host === "*" ? undefined : host, () =>
				server.close(() => resolve()),
			);
		},
	);
	if (error?.code === "EADDRINUSE") {
		throw new Problem(
			`Port ${port} is taken: stop what uses it, or choose another, as in \`npm start -- --port ${Number(port) + 1}\`.`,
		);
	}
	if (error?.code === "EACCES") {
		throw new Problem(
			`Port ${port} is not open to you: choose one above 1023, as in \`npm start -- --port 8890\`.`,
		);
	}
	return ["--ServerApp.port_retries=0"];
}
