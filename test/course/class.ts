import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
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

/** A class whose submissions were graded by `./course nbgrader autograde`. */
export interface Graded {
	course: Course;
	world: World;
	all: Submission[];
	/** Whether this machine keeps submissions apart; where it does not, autograde says so. */
	isolated: boolean;
	/** What autograde printed. */
	printed: string;
	points: Record<string, number>;
	/** What the graded check of the square says to a student, as text. */
	said(name: string): string;
}

const seconds = 4;

export async function gradeClass(
	chosen: (one: Submission) => boolean,
): Promise<Graded> {
	const course = await newCourse();
	const server = createServer((socket) => socket.end());
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
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
	const all = submissions(world).filter(chosen);
	for (const one of all)
		put(`submitted/${one.name}/abuse`, handedIn(released, one));
	const printed = await course.run(
		["nbgrader", "autograde", "abuse", `--Examine.timeout=${seconds}`],
		{ code: all.some(({ points }) => points === 0) ? 1 : 0 },
	);
	server.close();
	return {
		course,
		world,
		all,
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
