/**
 * A lesson as an nbgrader assignment: its exercises as they stand, with the solution between nbgrader's marks, the checks as locked
 * tests with points, and the hidden tests behind them. What nbgrader releases from it holds no solution and no hidden test.
 */

/**
 * The hidden tests of a lesson's exercises by the id of their answer cells: lists of arguments other than those of the check, or
 * code for such a list. The solution says what must come out. An answer without arguments has none.
 *
 * "with the student" is for a check that takes the answer apart in a way that cannot leave the kernel it runs in, such as its
 * gradients: it is run there, and has no hidden tests.
 */
export type Hidden = Record<
	string,
	readonly (readonly unknown[])[] | string | "with the student"
>;

export interface Cell {
	id: string;
	cell_type: "code" | "markdown" | "raw";
	source: string | string[];
	outputs?: unknown[];
	execution_count?: number | null;
	attachments?: unknown;
	metadata: Record<string, unknown> & { unrolled?: Exercise };
}

/** What a lesson says of an exercise in the metadata of its answer cell. */
export interface Exercise {
	/** The right answer: for a question of words, what a grader should look for. */
	solution: string[];
	wrong?: { source: string[]; says: string }[];
	/** 2 where nothing is said. */
	points?: number;
}

export interface Notebook {
	cells: Cell[];
	metadata: Record<string, unknown>;
	nbformat: number;
	nbformat_minor: number;
}

/** nbgrader's own words for the marks, which its configuration repeats. */
export const marks = {
	solution: ["// BEGIN SOLUTION", "// END SOLUTION"],
	answer: ["BEGIN SOLUTION", "END SOLUTION"], // in a cell of words
	hidden: ["// BEGIN HIDDEN TESTS", "// END HIDDEN TESTS"],
} as const;

/** In the hidden part of a check that is run in the student's kernel; the grader looks for these words. */
export const WITH_STUDENT = "// This check runs in the student's kernel.";

export const textOf = ({ source }: Pick<Cell, "source">): string =>
	typeof source === "string" ? source : source.join("");

const isImport = (cell: Cell) =>
	cell.cell_type === "code" && /^import\b/.test(textOf(cell));

/** The names that a cell of code declares: `function bits(…)` declares bits. */
export const declaredBy = (source: string): string[] =>
	[
		...source.matchAll(
			/^(?:async\s+)?(?:function\*?|const|let|class)\s+([\w$]+)/gm,
		),
	].map(([, name]) => name);

/**
 * @param lesson as it stands in `notebooks`
 * @throws Error that names the exercise, where its cells are not as CONTRIBUTING.md says.
 */
export function assignment(lesson: Notebook, hidden: Hidden): Notebook {
	const cells = lesson.cells.map(withoutAnswers);
	for (const [i, cell] of lesson.cells.entries()) {
		const exercise = cell.metadata.unrolled;
		if (!exercise) {
			if (isImport(cell)) mark(cells[i], cell.id, {});
			continue;
		}
		const points = exercise.points ?? 2;
		const solution = exercise.solution.join("");
		if (cell.cell_type === "markdown") {
			const [begin, end] = marks.answer;
			cells[i].source = `${begin}\n${solution}\n${end}`;
			mark(cells[i], cell.id, { solution: true, grade: true, points });
			continue;
		}
		const at = lesson.cells.findIndex(
			(next, j) => j > i && next.cell_type === "code",
		);
		if (at < 0) throw new Error(`${cell.id}: no check follows the answer`);
		cells[i].source = answerWith(textOf(cell), solution, cell.id);
		mark(cells[i], cell.id, { solution: true });
		const tests = hiddenTests(textOf(cell), solution, hidden[cell.id] ?? []);
		cells[at].source = [textOf(cells[at]), ...tests].join("\n");
		mark(cells[at], `${cell.id}-check`, { grade: true, points });
	}
	return { ...lesson, cells };
}

/** The cell without what only tests and teachers may read, and without outputs. */
function withoutAnswers(cell: Cell): Cell {
	const { unrolled: _, tags: __, ...metadata } = cell.metadata;
	const bare: Cell = { ...cell, metadata };
	return cell.cell_type === "code"
		? { ...bare, outputs: [], execution_count: null }
		: bare;
}

interface Kind {
	solution?: boolean;
	grade?: boolean;
	points?: number;
}

/** Says to nbgrader what a cell is; one that is neither answer nor test is locked, so that it is graded as it was released. */
function mark(cell: Cell, id: string, kind: Kind) {
	const { solution = false, grade = false, points } = kind;
	cell.metadata.nbgrader = {
		grade_id: id,
		solution,
		grade,
		locked: !solution,
		task: false,
		schema_version: 3,
		...(points === undefined ? {} : { points }),
	};
}

/** The solution with its marks around what is open: `function bits(nats) {`, mark, lines, mark, `}`. */
function answerWith(open: string, solution: string, id: string): string {
	const lines = open.split("\n");
	const at = lines.findIndex((line) => line.includes("notAnswered()"));
	const [before, after] = [lines.slice(0, at), lines.slice(at + 1)];
	const solved = solution.split("\n");
	const inside = solved.slice(before.length, solved.length - after.length);
	const again = [...before, ...inside, ...after].join("\n");
	if (at < 0 || again !== solution || inside.length === 0)
		throw new Error(
			`${id}: the solution must be the open answer with other lines in the place of notAnswered()`,
		);
	const indent = /^\s*/.exec(lines[at])?.[0] ?? "";
	const [, wanted] = /answer in its place: (.*)$/.exec(lines[at]) ?? [];
	const [begin, end] = marks.solution.map((mark) => indent + mark);
	const hint = wanted ? [`${indent}// wanted: ${wanted}`] : [];
	return [...before, ...hint, begin, ...inside, end, ...after].join("\n");
}

/** The lines behind a check: each answer is compared with the solution on the hidden arguments. */
function hiddenTests(
	open: string,
	solution: string,
	cases: Hidden[string],
): string[] {
	if (cases.length === 0) return [];
	const [begin, end] = marks.hidden;
	if (cases === "with the student") return [begin, WITH_STUDENT, end];
	const code = typeof cases === "string" ? cases : JSON.stringify(cases);
	const [name] = declaredBy(open);
	return [
		begin,
		'import { hidden } from "unrolled/exercise";',
		`hidden("${name}", ${name}, (() => {`,
		solution,
		`return ${name};`,
		`})(), ${code});`,
		end,
	];
}
