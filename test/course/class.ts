import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assignment, type Cell } from "../../.course/assignment.ts";
import { project } from "../../.setup/places.mjs";
import {
	handedIn,
	hidden,
	lesson,
	type Submission,
	submissions,
	type World,
} from "./abuse.ts";
import { type Course, newCourse } from "./nbgrader.ts";

/** A course with one assignment, `abuse`, that was released, and a class that handed it in. */
export interface Class {
	course: Course;
	world: World;
	all: Submission[];
	/** Grades it, by `./course ARGS`: what that printed. */
	grade(args: string[], env?: NodeJS.ProcessEnv): Promise<string>;
}

const seconds = 4;

/**
 * @param chosen which of test/course/abuse.ts, or what is handed in instead
 * @param within the folder that the course's own is made in, unless that of temporary files
 */
export async function newClass(
	chosen: ((one: Submission) => boolean) | Submission[],
	within?: string,
): Promise<Class> {
	const course = await newCourse(within);
	const server = createServer((socket) => socket.end());
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	server.unref();
	const address = server.address();
	const world: World = {
		secret: [
			course.folder,
			...["notebooks", ".course", ".unrolled", ".git", "README.md"].map(
				(name) => join(project, name),
			),
		],
		mark: join(course.folder, "gradebook-of-mine"),
		port: typeof address === "object" ? (address?.port ?? 0) : 0,
	};
	const put = (folder: string, text: string) => {
		mkdirSync(join(course.folder, folder), { recursive: true });
		writeFileSync(join(course.folder, folder, "abuse.ipynb"), text);
	};
	put("source/abuse", JSON.stringify(assignment(lesson, hidden)));
	await course.run(["nbgrader", "generate_assignment", "abuse"]);
	const released = course.read("release/abuse/abuse.ipynb");
	const all =
		typeof chosen === "function" ? submissions(world).filter(chosen) : chosen;
	for (const one of all) {
		put(`submitted/${one.name}/abuse`, handedIn(released, one));
		one.beside?.(join(course.folder, `submitted/${one.name}/abuse`), course);
	}
	const code = all.some(({ points }) => points === 0) ? 1 : 0;
	return {
		course,
		world,
		all,
		grade: (args, env) =>
			course.run([...args, "abuse", `--Examine.timeout=${seconds}`], {
				code,
				env,
			}),
	};
}

/** The points that submissions should earn, by student, as the export of a course gives them. */
export const pointsOf = (all: readonly Submission[]) =>
	Object.fromEntries(all.map(({ name, points }) => [name, points]));

/** Whether a student's submission was graded. */
export const isGraded = ({ course }: Class, student: string) =>
	existsSync(join(course.folder, "autograded", student));

/** A class that was graded by `./course grade`. */
export interface Graded extends Class {
	/** Whether this machine keeps submissions apart; where it does not, that is said before grading. */
	isolated: boolean;
	printed: string;
	points: Record<string, number>;
	/** What the graded check of the square says to a student, as text. */
	said(name: string): string;
}

export async function gradeClass(
	chosen: (one: Submission) => boolean,
	env?: NodeJS.ProcessEnv,
): Promise<Graded> {
	const handed = await newClass(chosen);
	const { course, grade } = handed;
	const printed = await grade(["grade"], env);
	return {
		...handed,
		printed,
		isolated: !printed.includes("Submissions are not isolated here"),
		points: await course.points(),
		said(name) {
			const file = `autograded/${name}/abuse/abuse.ipynb`;
			if (!existsSync(join(course.folder, file))) return "";
			const cell = course
				.read(file)
				.cells.find(
					({ metadata }) =>
						(metadata.nbgrader as { grade_id?: string })?.grade_id ===
						"square-check",
				);
			return wordsOf(cell);
		},
	};
}

/** All that the gradebook holds of submissions: scores and comments by cell, and penalties, without its own numbers. */
export function gradebook(course: Course): unknown[] {
	const database = new DatabaseSync(join(course.folder, "gradebook.db"), {
		readOnly: true,
	});
	const rows = (what: string, from: string) =>
		database
			.prepare(
				`SELECT student.id AS student, assignment.name AS assignment, notebook.name AS notebook, ${what}
				FROM submitted_notebook
				JOIN notebook ON notebook.id = submitted_notebook.notebook_id
				JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
				JOIN assignment ON assignment.id = submitted_assignment.assignment_id
				JOIN student ON student.id = submitted_assignment.student_id
				${from}
				ORDER BY 1, 2, 3, 4`,
			)
			.all();
	const ofCells = (table: string, what: string) =>
		rows(
			`base_cell.name AS cell, ${what}`,
			`JOIN ${table} ON ${table}.notebook_id = submitted_notebook.id JOIN base_cell ON base_cell.id = ${table}.cell_id`,
		);
	const all = [
		...ofCells(
			"grade",
			"auto_score, manual_score, extra_credit, needs_manual_grade",
		),
		...ofCells("comment", "auto_comment, manual_comment"),
		...rows("late_submission_penalty", ""),
	];
	database.close();
	return all.map((row) => ({ ...row }));
}

const wordsOf = (cell: Cell | undefined) =>
	(
		(cell?.outputs ?? []) as {
			text?: string[];
			evalue?: string;
			ename?: string;
			data?: Record<string, string[]>;
		}[]
	)
		.map(({ text, ename, evalue, data }) =>
			[text, ename, evalue, data?.["text/plain"]].flat().join(" "),
		)
		.join("\n");

/** The command lines of this machine's processes that contain a text. */
export const running = (text: string) =>
	!existsSync("/proc")
		? []
		: readdirSync("/proc")
				.filter((name) => /^\d+$/.test(name))
				.map((pid) => {
					try {
						return readFileSync(join("/proc", pid, "cmdline"), "utf8");
					} catch {
						return ""; // it has ended
					}
				})
				.filter((line) => line.includes(text));
