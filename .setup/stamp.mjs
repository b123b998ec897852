import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * A step is done when the stamp it left holds the digest of what it was made from, and what it made is there.
 */

/** Folders whose content is made from what lies beside them. */
const aside = new Set(["dist", "built", "node_modules", "__pycache__"]);

/**
 * The files under a path, sorted; a file gives itself, a missing path nothing.
 * @param {string} path
 * @returns {string[]}
 */
export function files(path) {
	if (!existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path, { withFileTypes: true })
		.filter((entry) => !aside.has(entry.name))
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap((entry) => files(join(path, entry.name)));
}

/** @param {string} text */
export const hash = (text) => createHash("sha256").update(text).digest("hex");

/**
 * The digest of files and folders (names and contents, under `root`) and of plain words.
 * @param {string} root @param {readonly string[]} paths @param {readonly string[]} [words]
 */
export function digest(root, paths, words = []) {
	const hash = createHash("sha256");
	for (const word of words) hash.update(`${word}\0`);
	for (const path of paths) {
		for (const file of files(join(root, path))) {
			const content = readFileSync(file);
			hash
				.update(`${file.slice(root.length)}\0${content.length}\0`)
				.update(content);
		}
	}
	return hash.digest("hex");
}

/** @param {string} file */
export const readStamp = (file) =>
	existsSync(file) ? readFileSync(file, "utf8") : "";

/** @param {string} file @param {string} content */
export function writeStamp(file, content) {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, content);
}

/**
 * Whether node_modules is what package-lock.json asks for, by npm's own record of what it installed there; `npm install
 * --package-lock-only` writes that record, too, so the folders are looked for.
 * Packages for other systems are optional and may be absent.
 * @param {string} lock text of package-lock.json @param {string} record text of node_modules/.package-lock.json
 * @param {(path: string) => boolean} exists whether a folder is there, by its path from the project's
 */
export function installed(lock, record, exists) {
	/** @type {Record<string, { version?: string, integrity?: string, link?: boolean, optional?: boolean }>} */
	const wanted = JSON.parse(lock).packages;
	/** @type {typeof wanted} */
	const present = JSON.parse(record).packages;
	return Object.entries(wanted)
		.filter(([name]) => name.includes("node_modules/"))
		.every(([name, { version, integrity, link, optional }]) => {
			const found = present[name];
			if (!found) return optional === true;
			return (
				exists(name) &&
				found.version === version &&
				found.integrity === integrity &&
				found.link === link
			);
		});
}

/**
 * A step whose stamp is a digest of what it is made from.
 * @param {string} root
 * @param {Omit<import("./steps.mjs").Step, "done"> & { stamp: string, from: string[], words?: string[], makes: string[] }} step
 * @returns {import("./steps.mjs").Step}
 */
export function stamped(root, { stamp, from, words, makes, run, ...step }) {
	const now = () => digest(root, from, words);
	const file = join(root, stamp);
	return {
		...step,
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
