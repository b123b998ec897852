import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
	assignment,
	type Cell,
	type Notebook,
	textOf,
} from "../../.course/assignment.ts";
import { hiddenOf, lessonOf, lessons } from "../../.course/lessons.ts";
import { project } from "../../.setup/places.mjs";
import { type Course, newCourse } from "./nbgrader.ts";

const all = await Promise.all(
	[...lessons().keys()].map(async (number) => ({
		...lessonOf(number),
		hidden: await hiddenOf(number),
	})),
);

/** A lesson with a question that is answered in words; the course has none yet. */
const words: Notebook = {
	...all[0].notebook,
	cells: [
		{
			id: "why",
			cell_type: "markdown",
			source: "*Your answer in place of this line.*",
			metadata: { unrolled: { solution: ["Since the slope is small."] } },
		},
	],
};

let course: Course;

beforeAll(async () => {
	course = await newCourse();
	const together = join(course.folder, "source/all");
	mkdirSync(together, { recursive: true });
	const put = (name: string, notebook: Notebook) =>
		writeFileSync(join(together, name), JSON.stringify(notebook));
	for (const { name, notebook, hidden } of all)
		put(name, assignment(notebook, hidden));
	put("words.ipynb", assignment(words, {}));
	await course.run(["nbgrader", "generate_assignment", "all"]);
}, 300_000);

const exercisesOf = ({ cells }: Notebook) =>
	cells.filter((cell) => cell.metadata.unrolled);

describe.each(all)("$name", ({ name, notebook, hidden }) => {
	const released = () => course.read(`release/all/${name}`);
	const find = (id: string): Cell | undefined =>
		released().cells.find((cell) => cell.id === id);

	test("has hidden tests for each exercise, or says why not", ({
		task,
		skip,
	}) => {
		if (Object.keys(hidden).length === 0) {
			const skipped = `write .course/hidden/${name.slice(0, 2)}.ts (CONTRIBUTING.md, "A lesson")`;
			Object.assign(task.meta, { skipped });
			skip(skipped);
		}
		const ids = exercisesOf(notebook).map(({ id }) => id);
		expect(Object.keys(hidden).sort()).toEqual([...ids].sort());
	});

	test("is released with its exercises open, as the lesson has them", () => {
		const line = /return notAnswered\(\);.*/;
		for (const open of exercisesOf(notebook)) {
			const bare = textOf(find(open.id) as Cell)
				.replace(line, "")
				.replace(/\n *\/\/ wanted: .*/, "");
			expect(bare).toBe(textOf(open).replace(line, ""));
		}
	});

	test("is released without solution, wrong answer or hidden test, in texts, metadata and attachments", () => {
		const file = readFileSync(join(course.folder, "release/all", name), "utf8");
		const sources = (cells: Cell[]) => cells.map(textOf).join("\n\n");
		const [before, after] = [notebook, released()].map(({ cells }) =>
			sources(cells),
		);
		const times = (text: string, part: string) => text.split(part).length - 1;
		for (const { metadata } of exercisesOf(notebook)) {
			const { solution, wrong = [] } = metadata.unrolled ?? { solution: [] };
			for (const answer of [solution, ...wrong.map(({ source }) => source)]) {
				const body = answer.join("").split("\n").slice(1, -1).join("\n");
				// what the lesson's own text shows stays
				expect(times(after, body), body).toBeLessThanOrEqual(
					times(before, body),
				);
				expect(times(file, JSON.stringify(body).slice(1, -1))).toBeLessThanOrEqual(times(before, body)); // biome-ignore format: one thought
			}
		}
		for (const cases of Object.values(hidden)) {
			if (cases.length === 0 || cases === "with the student") continue;
			const code = typeof cases === "string" ? cases : JSON.stringify(cases);
			expect(file).not.toContain(JSON.stringify(code).slice(1, -1));
		}
		for (const word of [
			"BEGIN SOLUTION",
			"HIDDEN TESTS",
			"hidden(",
			'"unrolled":',
			'"says":',
		])
			expect(file).not.toContain(word);
	});

	test("is released without metadata but nbgrader's and Jupyter's, and without outputs", () => {
		const known = ["nbgrader", "deletable", "editable", "slideshow"];
		for (const { metadata, outputs = [], attachments } of released().cells) {
			expect(known).toEqual(expect.arrayContaining(Object.keys(metadata)));
			expect(outputs).toEqual([]);
			expect(attachments).toBeUndefined();
		}
	});
});

test("a course is ready to be a repository: a workflow, and what stays out of it", () => {
	const workflow = join(course.folder, ".github/workflows/course.yml");
	expect(readFileSync(workflow, "utf8")).toContain(
		"github.workspace }}/unrolled",
	);
	expect(readFileSync(join(course.folder, "course"), "utf8")).toContain(
		`exec node "\${UNROLLED:-${project}}/.setup/run.cjs"`,
	);
	const ignored = readFileSync(join(course.folder, ".gitignore"), "utf8");
	for (const kept of ["submitted/", "gradebook.db"])
		expect(ignored.split("\n")).toContain(kept);
});

test("a question that is answered in words is graded by hand, and released open", () => {
	const [cell] = course.read("release/all/words.ipynb").cells;
	expect(textOf(cell)).toBe("*Your answer in place of this line.*");
	expect(cell.metadata.nbgrader).toMatchObject({
		grade: true,
		solution: true,
		points: 2,
	});
});

test("a lesson is found by its number, also of one digit, and by its name", () => {
	for (const asked of ["04", "4", "04-back-propagation"])
		expect(lessonOf(asked).number).toBe("04");
	expect(() => lessonOf(undefined)).toThrow(
		/^A lesson's number is missing: write one of 00, 01/,
	);
});

test("assign puts a lesson into source, and does not write over what is there", async () => {
	const said = await course.run(["assign", "04"]);
	expect(said).toContain("source/04/04-back-propagation.ipynb: 3 exercises, 6");
	const file = join(course.folder, "source/04/04-back-propagation.ipynb");
	expect(existsSync(file)).toBe(true);
	expect(await course.run(["assign", "40"], { code: 1 })).toContain(
		'There is no lesson "40": write one of 00, 01',
	);
	expect(await course.run(["assign", "04"], { code: 1 })).toContain(
		"is there already",
	);
});

describe("an exercise that is not as CONTRIBUTING.md says is refused with its id", () => {
	const open = "function f(): number {\n  return notAnswered();\n}";
	const cells = (solution: string, check = true): Cell[] => [
		{
			id: "f",
			cell_type: "code",
			source: open,
			metadata: { unrolled: { solution: [solution] } },
		},
		...(check
			? [{ id: "c", cell_type: "code" as const, source: "f()", metadata: {} }]
			: []),
	];
	const made = (cells: Cell[]) => () =>
		assignment({ ...all[0].notebook, cells }, {});

	test.each([
		["another head", "function g(): number {\n  return 1;\n}"],
		["another end", "function f(): number {\n  return 1;\n};"],
		["nothing inside", "function f(): number {\n}"],
	])("%s", (_, solution) => {
		expect(made(cells(solution))).toThrow(/^f: the solution must be/);
	});

	test("no check", () => {
		const solution = "function f(): number {\n  return 1;\n}";
		expect(made(cells(solution))).not.toThrow();
		expect(made(cells(solution, false))).toThrow("f: no check follows");
	});
});
