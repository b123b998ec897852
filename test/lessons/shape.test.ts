import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import {
	answersIn,
	committed,
	lessons,
	type Notebook,
	text,
} from "./notebooks.ts";

/** What every lesson has, as far as it can be seen before it runs. CONTRIBUTING.md, "A lesson", says why. */

const importCell = /^import\b/;
/** The names that an import brings: `import { a, type B } from "c"` brings a and B. */
const importedBy = (source: string) =>
	[...source.matchAll(/import\s+(?:\{([^}]*)\}|\* as (\w+))/g)].flatMap(
		([, list, all]) =>
			(all ?? list)
				.split(",")
				.map((name) => name.replace(/^\s*type\s/, "").trim())
				.filter(Boolean),
	);

const read = (lesson: string) => {
	const { cells }: Notebook = JSON.parse(committed(lesson));
	const of = (type: string) => cells.filter((cell) => cell.cell_type === type);
	const code = of("code").map((cell) => text(cell.source));
	const prose = of("markdown").map((cell) => text(cell.source));
	const imports = code.filter((source) => importCell.test(source));
	return { lesson, cells, code, prose, imports };
};
const all = lessons.map(read);

/** The sections of a lesson by their headings, in order. */
const sections = (prose: readonly string[]) =>
	prose
		.join("\n\n")
		.split(/^## /m)
		.slice(1)
		.map((section) => {
			const [heading, ...lines] = section.split("\n");
			const said = lines.filter((line) => line.trim() !== "");
			return { heading, lines: said };
		});

test("the names of an import are seen", () => {
	expect(
		importedBy('import { a,\n  type B } from "c";\nimport * as d from "e";'),
	).toEqual(["a", "B", "d"]);
});

describe.each(all)("$lesson", ({ lesson, cells, code, prose, imports }) => {
	const [number] = lesson.split("-");

	test("begins with its question, which the README's table repeats beside a picture", () => {
		const [title, , question] = prose[0].split("\n");
		expect(title).toMatch(new RegExp(`^# ${number} · \\S`));
		expect(question).toMatch(/^\*\*[^*]*\?\*\*$/);
		const readme = readFileSync(join(project, "README.md"), "utf8");
		const row = readme
			.split("\n")
			.find((line) => line.includes(`](notebooks/${lesson})`));
		expect(row).toContain(title.slice(2));
		expect(row).toContain(question.replaceAll("**", ""));
		const picture = `.github/lessons/${lesson.replace(".ipynb", ".png")}`;
		expect(row).toContain(`src="${picture}"`);
		expect(existsSync(join(project, picture)), picture).toBe(true);
	});

	test("says what goes wrong, and ends in a summary, papers and where it leads", () => {
		const found = sections(prose);
		const headings = found.map(({ heading }) => heading);
		expect(headings.slice(-3)).toEqual(["Summary", "Papers", "Where it leads"]);
		expect(headings).toContain("What goes wrong");
		const [summary, papers] = found.slice(-3);
		expect(summary.lines.length).toBeGreaterThanOrEqual(3);
		expect(summary.lines.length).toBeLessThanOrEqual(5);
		for (const line of papers.lines)
			expect(line).toMatch(
				/^- .*\]\(https:\/\/(doi\.org|arxiv\.org|proceedings\.mlr\.press)\/\S+\)/,
			);
	});

	test("has equations", () => {
		expect(prose.join("\n")).toContain("$$");
	});

	test("links to lessons that are there", () => {
		const linked = [...prose.join("\n").matchAll(/\]\(([^)#:]+\.ipynb)/g)];
		const lost = linked.filter(([, name]) => !lessons.includes(name));
		expect(lost.map(([, name]) => name)).toEqual([]);
	});

	test("imports in cells of their own, each name once, at most 12 names in a cell that no earlier lesson had", () => {
		const inside = code.filter(
			(source) => !importCell.test(source) && /^import\b/m.test(source),
		);
		expect(inside).toEqual([]);
		const names = imports.flatMap(importedBy);
		expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
		const met = new Set(
			all
				.filter((other) => other.lesson < lesson)
				.flatMap((other) => other.imports.flatMap(importedBy)),
		);
		for (const source of imports) {
			const fresh = importedBy(source).filter((name) => !met.has(name));
			expect(fresh.length, fresh.join(", ")).toBeLessThanOrEqual(12);
		}
	});

	test("has cells of code that fit on a screen: at most 18 lines of at most 110 characters", () => {
		const long = code.filter((source) => source.split("\n").length > 18);
		expect(long).toEqual([]);
		const wide = code.flatMap((source) =>
			source.split("\n").filter((line) => line.length > 110),
		);
		expect(wide).toEqual([]);
	});

	test("has one parameter for all its seeds, random(1 + shift), so that it can be run with others", () => {
		const codeCells = cells.filter((cell) => cell.cell_type === "code");
		const [parameters, ...more] = codeCells.filter((cell) =>
			cell.metadata.tags?.includes("parameters"),
		);
		expect(more).toEqual([]);
		expect(text(parameters.source)).toMatch(/^let shift = 0; \/\/ /);
		// an exercise needs nothing but the imports
		const lesson = codeCells.filter(
			(cell, i) => !answersIn(cell) && !(i > 0 && answersIn(codeCells[i - 1])),
		);
		const seeds = lesson.flatMap(({ source }) => [
			...text(source).matchAll(/(?<![.\w])random\(([^)]*)\)/g),
		]);
		const fixed = seeds.filter(([, seed]) => !/ \+ shift$/.test(seed));
		expect(seeds.length).toBeGreaterThan(0);
		expect(fixed.map(([call]) => call)).toEqual([]);
	});

	test("has two exercises to four, each with three wrong answers at least, which its check tells apart", () => {
		const exercises = cells.flatMap((cell) => answersIn(cell) ?? []);
		expect(exercises.length).toBeGreaterThanOrEqual(2);
		expect(exercises.length).toBeLessThanOrEqual(4);
		for (const { wrong } of exercises) {
			const says = wrong.map((answer) => answer.says);
			expect(says.length).toBeGreaterThanOrEqual(3);
			expect(new Set(says).size, says.join(" | ")).toBe(says.length);
		}
	});

	test("has one picture for its cover", () => {
		const covers = cells.filter((cell) =>
			cell.metadata.tags?.includes("cover"),
		);
		expect(covers).toHaveLength(1);
	});
});
