import { beforeAll, describe, expect, test } from "vitest";
import {
	assignment,
	declaredBy,
	marks,
	textOf,
} from "../../.course/assignment.ts";
import { hiddenOf, lessonOf, lessons } from "../../.course/lessons.ts";
import { saidBy } from "../lessons/notebooks.ts";

/**
 * Each exercise is answered by heart: a table of what the visible check asks and what the solution says to it. The check cannot tell
 * that from an answer; the hidden tests must.
 */
const exercises = (
	await Promise.all(
		[...lessons().keys()].map(async (number) => {
			const { notebook: lesson } = lessonOf(number);
			const made = assignment(lesson, await hiddenOf(number));
			const imports = lesson.cells
				.map(textOf)
				.filter((source) => /^import\b/.test(source));
			return lesson.cells.flatMap((cell) => {
				const solution = cell.metadata.unrolled?.solution.join("");
				const check = made.cells.find(
					({ metadata }) =>
						(metadata.nbgrader as { grade_id?: string })?.grade_id ===
						`${cell.id}-check`,
				);
				if (!check || !solution) return [];
				const [shown, tests] = textOf(check).split(marks.hidden[0]);
				if (!tests?.includes("hidden(")) return [];
				return [{ number, id: cell.id, imports, solution, shown, tests }];
			});
		}),
	)
).flat();

/** The cells of one exercise; the last three are looked at. */
const cellsOf = ({
	imports,
	solution,
	shown,
	tests,
}: (typeof exercises)[0]) => {
	const [name] = declaredBy(solution);
	return [
		...imports,
		solution,
		`const $solved = { ${name} }; const $table = new Map<string, any>();
const $key = (args: any[]) => JSON.stringify(args, (_, v) => (typeof v === "function" ? String(v) : v))`,
		`const ${name}: typeof $solved.${name} = (...args: any[]) => {
  const result = ($solved.${name} as any)(...args);
  $table.set($key(args), result);
  return result;
}`,
		shown,
		`const ${name}: typeof $solved.${name} = (...args: any[]) => $table.get($key(args))`,
		shown,
		tests,
		solution,
		tests,
	];
};

const said = new Map<string, string[]>();

beforeAll(async () => {
	const cells = exercises.map(cellsOf);
	const words = await saidBy("hidden", cells.flat());
	let at = 0;
	exercises.forEach(({ number, id }, i) => {
		at += cells[i].length;
		said.set(`${number} ${id}`, words.slice(at - 4, at));
	});
}, 300_000);

describe.each(exercises)("lesson $number, exercise $id", ({ number, id }) => {
	test("an answer by heart passes the check and not the hidden tests, the solution passes them", () => {
		const [shown, byHeart, , solution] = said.get(`${number} ${id}`) ?? [];
		expect(shown).toMatch(/^✓ .*: right\.$/);
		expect(byHeart).toMatch(
			/^WrongAnswer: \w+ (is wrong|throws an error) with/,
		);
		expect(solution).toMatch(/^✓ \w+: right with other arguments, too\.$/);
	});
});
