import { beforeAll, describe, expect, test } from "vitest";
import {
	answersIn,
	committed,
	lessons,
	type Notebook,
	saidBy,
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
	const words = await saidBy(
		"exercises",
		cells.map(({ source }) => source),
	);
	cells.forEach(({ place, source }, i) => {
		if (place !== undefined) said.set(place, words[i]);
		else expect(words[i], source).toBe("");
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
