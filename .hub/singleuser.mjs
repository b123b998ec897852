import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { languageInfo } from "../.setup/language.mjs";
import { deliver } from "../.setup/lessons.mjs";
import { environment, places, project } from "../.setup/places.mjs";
import { addStyles } from "../.setup/styles.mjs";

/**
 * A learner's JupyterLab under JupyterHub. The project belongs to somebody else and is only read: the learner's copies of the
 * lessons, settings and history are in the learner's home. Arguments go to `jupyterhub-singleuser`.
 */
const home = homedir();
const work = join(home, "unrolled");
const settings = join(home, ".unrolled");
const { notebooks, python } = places(project);

mkdirSync(settings, { recursive: true });
deliver({ notebooks, work }, await languageInfo(project));
const env = {
	...environment(project, process.env, { settings }),
	// Packages that the hub itself was started with, where it has an environment of its own.
	...(process.env.PYTHONPATH && { PYTHONPATH: process.env.PYTHONPATH }),
};
addStyles(env);
process.chdir(work);
// Takes the place of this process, so that no Node stays beside each learner's server.
process.execve(
	python,
	[
		python,
		"-m",
		"jupyterhub.singleuser",
		`--ServerApp.root_dir=${work}`,
		...process.argv.slice(2),
	],
	env,
);
