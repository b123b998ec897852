import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What the built kernel says of its language, which JupyterLab writes into each notebook that it opens.
 * @param {string} root
 * @returns {Promise<object>}
 */
export async function languageInfo(root) {
	const built = pathToFileURL(join(root, "kernel/dist/info.js")).href;
	const { kernelInfo } = await import(built);
	return kernelInfo().language_info;
}
