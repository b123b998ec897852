import { spawnSync } from "node:child_process";
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { environment, places, project } from "../.setup/places.mjs";
import { Problem } from "../.setup/problems.mjs";
import { assignment } from "./assignment.ts";
import { hiddenOf, lessonOf } from "./lessons.ts";

/**
 * `npm run course -- COMMAND`: what a teacher does with the lessons. `docs/teaching.md` walks through it.
 */
const usage = `npm run course -- new FOLDER          makes a course folder anywhere
./course assign 04 …                  puts lessons into its source/, as nbgrader assignments
./course nbgrader COMMAND …           nbgrader's own commands: generate_assignment 04, autograde 04, export …
./course lab                          opens JupyterLab on the course, with nbgrader's menus

./course is in the course folder. From the project's folder it is \`npm run course -- …\`, for the course made last or --course FOLDER.`;

/** Which course was made last, so that commands need not repeat it. */
const remembered = join(project, ".unrolled/course");

const from = process.env.INIT_CWD ?? process.cwd(); // where the user typed npm

function courseFolder(option: string | undefined): string {
	const said = option ?? process.env.UNROLLED_COURSE;
	const folder =
		said !== undefined
			? resolve(from, said)
			: existsSync(remembered)
				? readFileSync(remembered, "utf8")
				: undefined;
	if (folder === undefined)
		throw new Problem(
			"No course yet: `npm run course -- new ~/my-course` makes one.",
		);
	if (!existsSync(join(folder, "nbgrader_config.py")))
		throw new Problem(
			`${folder} is no course folder: it has no nbgrader_config.py. \`npm run course -- new FOLDER\` makes one.`,
		);
	return folder;
}

/** A course folder from the template; what is there already stays. */
function create(asked: string | undefined) {
	if (asked === undefined)
		throw new Problem(
			"A folder is missing: `npm run course -- new ~/my-course`.",
		);
	const folder = resolve(from, asked);
	if (existsSync(folder) && readdirSync(folder).length > 0)
		throw new Problem(
			`${folder} is not empty: choose another folder, or empty it.`,
		);
	const template = join(import.meta.dirname, "template");
	mkdirSync(folder, { recursive: true });
	const filled = { PROJECT: project, NAME: nameOf(folder) };
	for (const file of readdirSync(template)) {
		let text = readFileSync(join(template, file), "utf8");
		for (const [word, value] of Object.entries(filled))
			text = text.replaceAll(`{{${word}}}`, value);
		writeFileSync(join(folder, file), text);
	}
	chmodSync(join(folder, "course"), 0o755);
	mkdirSync(join(folder, "source"));
	mkdirSync(join(folder, "exchange"));
	chmodSync(join(folder, "exchange"), 0o777); // nbgrader asks for it: students write there
	writeFileSync(remembered, folder);
	console.log(
		`The course is in ${folder}. Next, there: ./course assign 00, then ./course nbgrader generate_assignment 00.`,
	);
}

/** nbgrader's id of a course: letters, digits, - and _. */
const nameOf = (folder: string) =>
	basename(folder).replaceAll(/[^\w-]+/g, "-") || "course";

async function assign(course: string, asked: readonly string[]) {
	if (asked.length === 0)
		throw new Problem("A lesson's number is missing: `./course assign 04`.");
	for (const one of asked) {
		const { number, name, notebook } = lessonOf(one);
		const hidden = await hiddenOf(number);
		const made = assignment(notebook, hidden);
		if (Object.keys(hidden).length === 0)
			console.log(`Lesson ${number} has no hidden tests yet.`);
		const folder = join(course, "source", number);
		if (existsSync(join(folder, name)))
			throw new Problem(
				`${join(folder, name)} is there already: remove it first, if nothing of yours is in it.`,
			);
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, name), `${JSON.stringify(made, null, 1)}\n`);
		const graded = made.cells.flatMap(({ metadata }) => {
			const { grade, points } = (metadata.nbgrader ?? {}) as {
				grade?: boolean;
				points?: number;
			};
			return grade ? [points ?? 0] : [];
		});
		const total = graded.reduce((a, b) => a + b, 0);
		console.log(
			`source/${number}/${name}: ${graded.length} exercises, ${total} points.`,
		);
	}
}

/** Runs a program in the course folder, with the project's Jupyter, and gives its exit code. */
function inCourse(course: string, program: string, args: readonly string[]) {
	const { status } = spawnSync(program, args, {
		cwd: course,
		env: environment(project, process.env, { teacher: true }),
		stdio: "inherit",
	});
	return status ?? 1;
}

async function main(): Promise<number> {
	const [command, ...rest] = process.argv.slice(2);
	const { python } = places(project);
	if (command === "nbgrader" || command === "lab") {
		const at = rest.indexOf("--course");
		const [, option] = at < 0 ? [] : rest.splice(at, 2);
		const course = courseFolder(option);
		if (command === "nbgrader")
			return inCourse(course, python, ["-m", "nbgrader", ...rest]);
		cpSync(
			join(project, ".setup/jupyter/custom.css"),
			join(places(project).jupyter, "config/custom/custom.css"),
		);
		return inCourse(course, python, ["-m", "jupyterlab", ...rest]);
	}
	const { positionals, values } = parseArgs({
		args: rest,
		allowPositionals: true,
		options: { course: { type: "string" } },
	});
	if (command === "new") create(positionals[0]);
	else if (command === "assign")
		await assign(courseFolder(values.course), positionals);
	else {
		console.log(usage);
		return command === undefined ? 0 : 1;
	}
	return 0;
}

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
