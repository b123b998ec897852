import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Problem } from "./problems.mjs";
import { hash } from "./stamp.mjs";

/**
 * A learner works on copies of the lessons, in a folder that git ignores. This file fills that folder and renews it:
 * - a lesson that is not there is copied, also one that was deleted;
 * - a copy that nobody changed follows its lesson when that changes;
 * - a copy that somebody changed stays, and when its lesson has changed since, this is said;
 * - a package.json of its own keeps what the learner installs out of the project's;
 * - other files in that folder are the learner's and are left alone.
 * Which state of a lesson each copy was made from stands in that folder's `.lessons.json`.
 *
 * @typedef {{ notebooks: string, work: string }} Folders where the lessons are, and where their copies are
 */

/** @typedef {{ cells: { cell_type: string, source: string | string[], outputs?: object[], attachments?: object, metadata?: Record<string, unknown> }[], metadata: object }} Notebook */
/** What is known of a copy: the lesson it was made from, and what was written. @typedef {{ lesson: string, copy: string }} Made */

/** @param {string} text @returns {Notebook | undefined} */
function parse(text) {
	try {
		const value = JSON.parse(text);
		return Array.isArray(value?.cells) ? value : undefined;
	} catch {
		return undefined;
	}
}

/**
 * The digest of what a person sees in a notebook. Metadata is left out: JupyterLab writes it by itself.
 * @param {string} text
 */
function digestOf(text) {
	const notebook = parse(text);
	if (!notebook) return hash(text);
	const cells = notebook.cells.map(
		({ cell_type, source, outputs = [], attachments = {} }) => [
			cell_type,
			typeof source === "string" ? source : source.join(""),
			outputs,
			attachments,
		],
	);
	return hash(JSON.stringify(cells));
}

/**
 * A lesson as JupyterLab would save it: with what the kernel says of its language, so that opening a copy changes nothing; and
 * without its solutions, which `npm run solution` tells who asks.
 * @param {string} text @param {object} language
 */
function forJupyter(text, language) {
	const notebook = parse(text);
	if (!notebook) return text;
	notebook.metadata = { ...notebook.metadata, language_info: language };
	for (const { metadata } of notebook.cells) delete metadata?.unrolled;
	return `${JSON.stringify(notebook, null, 1)}\n`;
}

const recordIn = (/** @type {string} */ work) => join(work, ".lessons.json");

/** @param {string} work @returns {Record<string, Made>} */
function readRecord(work) {
	try {
		return JSON.parse(readFileSync(recordIn(work), "utf8"));
	} catch {
		return {}; // the first start; or a damaged file, after which each copy counts as changed
	}
}

/** @param {string} work @param {Record<string, Made>} made */
const writeRecord = (work, made) =>
	write(recordIn(work), `${JSON.stringify(made, null, 1)}\n`);

/** Written whole or not at all. @param {string} file @param {string} text */
function write(file, text) {
	const aside = `${file}.${process.pid}.new`; // two starts at once do not meet
	writeFileSync(aside, text);
	renameSync(aside, file);
}

/** For packages that a learner installs in the folder: npm takes the nearest package.json. */
const PACKAGE = {
	name: "my-notebooks",
	private: true,
	description: "The packages that npm install adds for my notebooks.",
	type: "module",
};

/** @param {string} work */
function addPackage(work) {
	const file = join(work, "package.json");
	const text = `${JSON.stringify(PACKAGE, null, 2)}\n`;
	if (!existsSync(file)) write(file, text);
}

/** @param {string} folder */
const notebooksIn = (folder) =>
	readdirSync(folder)
		.filter((name) => name.endsWith(".ipynb"))
		.sort();

/**
 * Fills and renews the learner's folder.
 * @param {Folders} folders
 * @param {object} language the kernel's language_info
 * @param {(line: string) => void} [say]
 */
export function deliver({ notebooks, work }, language, say = console.log) {
	const first = !existsSync(work);
	mkdirSync(work, { recursive: true });
	const made = readRecord(work);
	/** @type {Record<"added" | "renewed" | "kept", string[]>} */
	const done = { added: [], renewed: [], kept: [] };
	for (const name of notebooksIn(notebooks)) {
		const text = readFileSync(join(notebooks, name), "utf8");
		const lesson = digestOf(text);
		const path = join(work, name);
		const state = stateOf(path, made[name], lesson);
		if (state === "same") continue;
		done[state].push(name);
		if (state === "kept") continue;
		write(path, forJupyter(text, language));
		made[name] = { lesson, copy: digestOf(readFileSync(path, "utf8")) };
	}
	writeRecord(work, made);
	addPackage(work);
	if (first) say(`The lessons are in ${work}: yours to change.`);
	else tell(done, say);
}

/**
 * @param {string} path of the copy @param {Made | undefined} made @param {string} lesson digest of the lesson now
 * @returns {"added" | "renewed" | "kept" | "same"}
 */
function stateOf(path, made, lesson) {
	if (!existsSync(path)) return "added";
	const copy = digestOf(readFileSync(path, "utf8"));
	if (copy === lesson || made?.lesson === lesson) return "same";
	return copy === made?.copy ? "renewed" : "kept";
}

/** @param {Record<"added" | "renewed" | "kept", string[]>} done @param {(line: string) => void} say */
function tell({ added, renewed, kept }, say) {
	const names = (/** @type {string[]} */ list) => list.join(", ");
	if (added.length > 0) say(`New lessons: ${names(added)}.`);
	if (renewed.length > 0)
		say(`Renewed, since you had not changed them: ${names(renewed)}.`);
	if (kept.length > 0)
		say(
			`Kept as you left them, though the lessons have changed: ${names(kept)}. \`npm run reset ${kept[0].slice(0, 2)}\` brings the new one and keeps yours beside it.`,
		);
}

/**
 * Brings a lesson back as it was. What the learner made of it is kept beside it under another name.
 * @param {Folders} folders @param {string} which a lesson's number or name: "03", "3", "03-jordan", "03-jordan.ipynb"
 * @param {object} language
 * @returns {{ name: string, kept?: string }}
 */
export function reset({ notebooks, work }, which, language) {
	const all = notebooksIn(notebooks);
	const asked = basename(which ?? "", ".ipynb");
	const start = /^\d$/.test(asked) ? `0${asked}` : asked;
	const found = all.filter(
		(name) =>
			asked !== "" &&
			(name === `${start}.ipynb` || name.startsWith(`${start}-`)),
	);
	if (found.length !== 1) {
		throw new Problem(
			`${asked === "" ? "A lesson's number is missing" : `There is no lesson ${JSON.stringify(asked)}`}: write one of ${all.map((name) => basename(name, ".ipynb").split("-")[0]).join(", ")}, as in \`npm run reset 00\`.`,
		);
	}
	const [name] = found;
	const path = join(work, name);
	const made = readRecord(work);
	const text = readFileSync(join(notebooks, name), "utf8");
	const lesson = digestOf(text);
	let kept;
	mkdirSync(work, { recursive: true });
	if (existsSync(path)) {
		const copy = digestOf(readFileSync(path, "utf8"));
		if (copy !== lesson && copy !== made[name]?.copy) {
			kept = freeName(work, name);
			renameSync(path, join(work, kept));
		}
	}
	write(path, forJupyter(text, language));
	made[name] = { lesson, copy: digestOf(readFileSync(path, "utf8")) };
	writeRecord(work, made);
	return { name, kept };
}

/** @param {string} folder @param {string} name */
function freeName(folder, name) {
	const stem = basename(name, ".ipynb");
	for (let i = 1; ; i++) {
		const kept = `${stem}-yours${i === 1 ? "" : `-${i}`}.ipynb`;
		if (!existsSync(join(folder, kept))) return kept;
	}
}

/**
 * The lesson to open: the one that was last changed, else the first.
 * @param {string} work the folder of the copies
 */
export function lastWorkedOn(work) {
	const made = readRecord(work);
	const changed = notebooksIn(work).filter((name) => {
		const text = readFileSync(join(work, name), "utf8");
		return digestOf(text) !== made[name]?.copy;
	});
	const time = (/** @type {string} */ name) =>
		statSync(join(work, name)).mtimeMs;
	const [latest] = changed.sort((a, b) => time(b) - time(a));
	return latest ?? notebooksIn(work).at(0);
}
