import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../.setup/places.mjs";
import { Problem } from "../../.setup/problems.mjs";
import { type Notebook, text } from "./notebooks.ts";

/** Values by name, as papermill takes them. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The names that a notebook's cell tagged `parameters` declares: what papermill may give other values. */
export const parametersOf = ({ cells }: Notebook): string[] =>
	cells
		.filter(({ metadata }) => metadata.tags?.includes("parameters"))
		.flatMap(({ source }) => [...text(source).matchAll(/^let (\w+)/gm)])
		.map(([, name]) => name);

/** "shift=7" says { shift: 7 }: numbers, true, false and lists as JSON writes them, anything else is text. */
export function parametersFrom(given: readonly string[]): Parameters {
	const entries = given.map((one) => {
		const [, name, value] = /^(\w+)=(.*)$/s.exec(one) ?? [];
		if (name === undefined)
			throw new Problem(
				`--parameters takes NAME=VALUE, as in --parameters shift=7, and got ${JSON.stringify(one)}.`,
			);
		try {
			return [name, JSON.parse(value)];
		} catch {
			return [name, value];
		}
	});
	return Object.fromEntries(entries);
}

const parametersIn = (lesson: string) =>
	parametersOf(
		JSON.parse(readFileSync(join(project, "notebooks", lesson), "utf8")),
	);

/** Those of the parameters that a lesson has. */
export function known(lesson: string, parameters: Parameters): Parameters {
	const own = parametersIn(lesson);
	return Object.fromEntries(
		Object.entries(parameters).filter(([name]) => own.includes(name)),
	);
}

/** @throws Problem where no lesson has such a parameter. */
export function checkParameters(
	lessons: readonly string[],
	parameters: Parameters,
) {
	for (const name of Object.keys(parameters))
		if (!lessons.some((one) => name in known(one, parameters))) {
			const there = lessons.map(
				(one) =>
					`${one.slice(0, 2)}: ${parametersIn(one).join(", ") || "none"}`,
			);
			throw new Problem(
				`No lesson that was asked for has a parameter ${name}. Parameters by lesson:\n${there.join("\n")}`,
			);
		}
}
