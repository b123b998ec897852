import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../.setup/places.mjs";
import { Problem } from "../.setup/problems.mjs";
import type { Hidden, Notebook } from "./assignment.ts";

const notebooks = join(project, "notebooks");

/** The lessons' file names by their numbers. */
export const lessons = () =>
	new Map(
		readdirSync(notebooks)
			.filter((name) => /^\d\d-.*\.ipynb$/.test(name))
			.sort()
			.map((name) => [name.slice(0, 2), name]),
	);

/**
 * @param asked a number or a name: "04", "4", "04-back-propagation"
 * @throws Problem when there is no such lesson.
 */
export function lessonOf(asked: string | undefined): {
	number: string;
	name: string;
	notebook: Notebook;
} {
	const all = lessons();
	const number = /^(\d\d?)(-|$)/.exec(asked ?? "")?.[1].padStart(2, "0") ?? "";
	const file = all.get(number);
	if (file === undefined)
		throw new Problem(
			`${asked === undefined ? "A lesson's number is missing" : `There is no lesson ${JSON.stringify(asked)}`}: write one of ${[...all.keys()].join(", ")}.`,
		);
	const text = readFileSync(join(notebooks, file), "utf8");
	return { number, name: file, notebook: JSON.parse(text) };
}

/** The hidden tests of a lesson, from `.course/hidden`; none where nobody has written any. */
export async function hiddenOf(number: string): Promise<Hidden> {
	const file = new URL(`./hidden/${number}.ts`, import.meta.url);
	return existsSync(file) ? (await import(file.href)).default : {};
}
