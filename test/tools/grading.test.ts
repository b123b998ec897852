import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { inVenv, type Notebook, notebook } from "../lessons/notebooks.ts";

/** What students hand in for the exercise, and the points that is worth: 2 for the square, 3 for the sum. */
const students = [
	{ name: "right", square: "return x * x;", points: 5 },
	{ name: "wrong", square: "return x + x;", points: 3 },
	{ name: "throwing", square: 'throw new Error("no idea");', points: 3 },
	{ name: "mistyped", square: "return `x * x`;", points: 3 },
	{ name: "broken", square: "return x * * x;", points: 3 },
	{ name: "leaving", square: "process.exit(0);", points: 3 },
	{ name: "endless", square: "while (true) {}", points: 3 },
	{ name: "untouched", square: undefined, points: 3 },
];

const course = mkdtempSync(join(tmpdir(), "unrolled course "));

const nbgrader = async (...args: string[]) => {
	const { code, output } = await inVenv("nbgrader", args, { cwd: course });
	if (code !== 0) throw new Error(`nbgrader ${args.join(" ")}:\n${output}`);
	return output;
};

/** The notebook of the teacher: a solution, and a locked test for it, twice. */
function exercise(): Notebook {
	const made = notebook(
		"function square(x: number): number {\n\t// BEGIN SOLUTION\n\treturn x * x;\n\t// END SOLUTION\n}",
		'if (square(3) !== 9) throw new Error("3² is 9");',
		"const sum = (xs: number[]) =>\n\t// BEGIN SOLUTION\n\txs.reduce((a, b) => a + b, 0);\n\t// END SOLUTION",
		'if (sum([1, 2, 4]) !== 7) throw new Error("1 + 2 + 4 is 7");',
	);
	const solution = { solution: true, grade: false, locked: false };
	const graded = { solution: false, grade: true, locked: true };
	const kinds = [
		{ ...solution, grade_id: "square" },
		{ ...graded, grade_id: "square-test", points: 2 },
		{ ...solution, grade_id: "sum" },
		{ ...graded, grade_id: "sum-test", points: 3 },
	];
	for (const [index, kind] of kinds.entries()) {
		const nbgrader = { ...kind, task: false, schema_version: 3 };
		made.cells[index].metadata = { nbgrader };
	}
	return made;
}

const put = (folder: string, content: Notebook) => {
	mkdirSync(join(course, folder), { recursive: true });
	writeFileSync(
		join(course, folder, "exercise.ipynb"),
		JSON.stringify(content),
	);
};

beforeAll(async () => {
	put("source/week1", exercise());
	await nbgrader("generate_assignment", "week1", "--create");
	const released = readFileSync(
		join(course, "release/week1/exercise.ipynb"),
		"utf8",
	);
	for (const { name, square } of students) {
		const handedIn: Notebook = JSON.parse(released);
		if (square !== undefined)
			handedIn.cells[0].source = `function square(x: number): number {\n\t${square}\n}`;
		handedIn.cells[2].source =
			"const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);";
		put(`submitted/${name}/week1`, handedIn);
	}
}, 300_000);

test("a student sees a place for the answer instead of the solution", () => {
	const { cells }: Notebook = JSON.parse(
		readFileSync(join(course, "release/week1/exercise.ipynb"), "utf8"),
	);
	const source = [cells[0].source].flat().join("");
	expect(source).toContain("return notAnswered();");
	expect(source).not.toContain("return x * x");
});

test("nbgrader autograde takes from each only the points that are lost", async () => {
	await nbgrader("autograde", "week1", "--create", "--Execute.timeout=20");
	await nbgrader("export", "--to=grades.csv");
	const [head, ...rows] = readFileSync(join(course, "grades.csv"), "utf8")
		.trim()
		.split(/\r?\n/)
		.map((line) => line.split(","));
	const points = rows.map((row) => [
		row[head.indexOf("student_id")],
		Number(row[head.indexOf("score")]),
	]);
	const wanted = students.map(({ name, points }) => [name, points]);
	expect(Object.fromEntries(points)).toEqual(Object.fromEntries(wanted));
}, 600_000);
