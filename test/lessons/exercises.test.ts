import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import {
	answersIn,
	committed,
	inVenv,
	lessons,
	type Notebook,
	notebook,
	text,
} from "./notebooks.ts";

const read = (lesson: string) => {
	const { cells }: Notebook = JSON.parse(committed(lesson));
	const code = cells.filter((cell) => cell.cell_type === "code");
	const imports = code
		.filter((cell) => /^import\b/.test(text(cell.source)))
		.map((cell) => text(cell.source));
	const exercises = code.flatMap((cell, i) => {
		const answers = answersIn(cell);
		if (!answers) return [];
		return [
			{ lesson, id: cell.id, answers, open: cell.source, check: code[i + 1] },
		];
	});
	return { lesson, imports, exercises };
};

const all = lessons.map(read);
const exercises = all.flatMap((lesson) => lesson.exercises);

/** What the check said to each answer, by lesson, exercise and answer. */
const said = new Map<string, string>();
const place = (exercise: { lesson: string; id: string }, answer: string) =>
	`${exercise.lesson} ${exercise.id} ${answer}`;

beforeAll(async () => {
	const cells: { source: string; place?: string }[] = [];
	for (const { imports, exercises } of all) {
		cells.push(...imports.map((source) => ({ source })));
		for (const exercise of exercises) {
			const { solution, wrong } = exercise.answers;
			const given: [string, string | string[]][] = [
				["open", exercise.open],
				["right", solution],
				...wrong.map(
					({ source }, i) => [`wrong ${i}`, source] as [string, string[]],
				),
			];
			for (const [answer, source] of given)
				cells.push(
					{ source: text(source) },
					{
						source: text(exercise.check.source),
						place: place(exercise, answer),
					},
				);
		}
	}
	const folder = join(project, "test/report/exercises");
	const file = join(folder, "exercises.ipynb");
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		file,
		JSON.stringify(notebook(...cells.map(({ source }) => source))),
	);
	const { code, output } = await inVenv(
		"jupyter",
		["execute", "--allow-errors", "--inplace", "--timeout=60", file],
		{ cwd: join(project, "notebooks") },
	);
	expect(code, output).toBe(0);
	const executed: Notebook = JSON.parse(readFileSync(file, "utf8"));
	executed.cells.forEach(({ outputs = [] }, i) => {
		const [shown] = outputs as {
			ename?: string;
			evalue?: string;
			data?: Record<string, string | string[]>;
		}[];
		const words = shown?.ename
			? `${shown.ename}: ${shown.evalue}`
			: text(shown?.data?.["text/plain"] ?? "");
		const { place } = cells[i];
		if (place !== undefined) said.set(place, words);
		else expect(words, cells[i].source).toBe("");
	});
	// a notebook of some hundreds of cells: minutes on a machine that does other work
}, 600_000);

describe.each(exercises)("$lesson, exercise $id", (exercise) => {
	test("waits for an answer", () => {
		expect(text(exercise.open)).toContain("notAnswered()");
		expect(said.get(place(exercise, "open"))).toMatch(/not answered yet\.$/);
	});

	test("accepts its solution", () => {
		expect(said.get(place(exercise, "right"))).toMatch(/^✓ .*: right\.$/);
	});

	test.each(exercise.answers.wrong.map(({ says }, i) => ({ says, i })))(
		"tells wrong answer $i: $says",
		({ says, i }) => {
			const words = said.get(place(exercise, `wrong ${i}`));
			expect(words).toMatch(/^(WrongAnswer: |◐ )/); // wrong, or right in part
			expect(words).toContain(says);
		},
	);

	test("tells the wrong answers apart", () => {
		const { wrong } = exercise.answers;
		const words = wrong.map((_, i) => said.get(place(exercise, `wrong ${i}`)));
		expect(new Set(words).size, words.join("\n")).toBe(words.length);
	});
});
