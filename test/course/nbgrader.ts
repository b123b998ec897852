import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Notebook } from "../../.course/assignment.ts";
import { places, project } from "../../.setup/places.mjs";

/** A teacher's course: an empty folder outside the project whose path has spaces, and its commands. */
export interface Course {
	folder: string;
	/** `./course ARGS`. @throws with what was printed, where it fails and that is not wanted. */
	run(args: string[], options?: Options): Promise<string>;
	/** A notebook of the course. */
	read(path: string): Notebook;
	/** Points by student, from nbgrader's own export. */
	points(): Promise<Record<string, number>>;
}

interface Options {
	/** The exit code that is wanted; 0 unless said. */
	code?: number;
	/** Variables beside those of the test. */
	env?: NodeJS.ProcessEnv;
}

/** Makes a course by `npm run course -- new`, as its own command does it, in a new folder within another. */
export async function newCourse(within = tmpdir()): Promise<Course> {
	const home = mkdtempSync(join(within, "unrolled teacher "));
	const folder = join(home, "my course");
	await started(places(project).node, home, [
		join(project, ".course/main.ts"),
		"new",
		"my course",
	]);
	const run = (args: string[], options?: Options) =>
		started(join(folder, "course"), folder, args, options);
	return {
		folder,
		run,
		read: (path) => JSON.parse(readFileSync(join(folder, path), "utf8")),
		async points() {
			await run(["nbgrader", "export", "--to=grades.csv"]);
			const [head, ...rows] = readFileSync(join(folder, "grades.csv"), "utf8")
				.trim()
				.split(/\r?\n/)
				.map((line) => line.split(","));
			const [name, score] = ["student_id", "score"].map((column) =>
				head.indexOf(column),
			);
			return Object.fromEntries(
				rows.map((row) => [row[name], Number(row[score])]),
			);
		},
	};
}

function started(
	program: string,
	cwd: string,
	args: string[],
	{ code: wanted = 0, env: more }: Options = {},
): Promise<string> {
	const { INIT_CWD: _, UNROLLED_COURSE: __, ...env } = process.env;
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			env: { ...env, NO_COLOR: "1", ...more },
			stdio: ["ignore", "pipe", "pipe"],
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding("utf8").on("data", (text) => {
				output += text;
			});
		child.on("error", reject);
		child.on("close", (code) => {
			const said = stripVTControlCharacters(output);
			if (code === wanted) resolve(said);
			else reject(new Error(`${args.join(" ")} ended with ${code}:\n${said}`));
		});
	});
}
