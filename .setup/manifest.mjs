import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeStamp } from "./stamp.mjs";

/**
 * A list of the files that an installation put into a folder. A folder that lost some of them, to a removal that was
 * interrupted or to a broken disk, is then noticed. Files that come later, such as caches, do not matter.
 */

/** Made again by the programs themselves, and removed by them. */
const passing = new Set(["__pycache__", ".cache", ".vite", ".vite-temp"]);

/** @param {string} folder @param {string} [inside] @returns {string[]} */
function list(folder, inside = "") {
	return readdirSync(join(folder, inside), { withFileTypes: true }).flatMap(
		(entry) => {
			const path = join(inside, entry.name);
			if (passing.has(entry.name)) return [];
			return entry.isDirectory() ? list(folder, path) : [path];
		},
	);
}

/** Writes the list of a folder's files. @param {string} folder @param {string} file */
export function record(folder, file) {
	writeStamp(file, list(folder).join("\n"));
}

/** Whether all listed files are there; not so without a list. @param {string} folder @param {string} file */
export function isWhole(folder, file) {
	if (!existsSync(file)) return false;
	const paths = readFileSync(file, "utf8").split("\n");
	return paths.every((path) => existsSync(join(folder, path)));
}
