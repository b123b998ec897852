import { cpSync } from "node:fs";
import { join } from "node:path";
import { project } from "./places.mjs";

/**
 * Puts our style sheet into the one folder in which JupyterLab looks for it.
 * @param {NodeJS.ProcessEnv} env what `environment` gives
 */
export function addStyles(env) {
	cpSync(
		join(project, ".setup/jupyter/custom.css"),
		join(`${env.JUPYTER_CONFIG_DIR}`, "custom/custom.css"),
	);
}
