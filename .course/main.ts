import { spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { basename, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ensureDask } from "../.setup/dask.mjs";
import { environment, places, project } from "../.setup/places.mjs";
import { Problem, runMain } from "../.setup/problems.mjs";
import { addStyles } from "../.setup/styles.mjs";
import { assignment } from "./assignment.ts";
import { hiddenOf, lessonOf } from "./lessons.ts";

/**
 * `npm run course -- COMMAND`: what a teacher does with the lessons. `docs/teaching.md` walks through it.
 */
const usage = `npm run course -- new FOLDER          makes a course folder anywhere
./course assign 04 …                  puts lessons into its source/, as nbgrader assignments
./course grade 04                     grades what was handed in, several at once; --force, --student=ada, --jobs=N
./course grade 04 --scheduler=tcp://HOST:8786   … on other machines
./course nbgrader COMMAND …           nbgrader's own commands: generate_assignment 04, generate_feedback 04, export …
./course lab                          opens JupyterLab on the course, with nbgrader's menus

npm run course -- scheduler           begins a scheduler, which gives its address
npm run course -- worker tcp://HOST:8786   lends it this machine's cores, until Ctrl-C

./course is in the course folder. From the project's folder it is \`npm run course -- …\`, for the course made last or --course FOLDER.`;

/** Which course was made last, so that commands need not repeat it. */
const remembered = join(project, ".unrolled/course");

/** Bytes of memory that a submission may take: `c.Examine.memory`. */
const submissionMemory = 2e9;

/** Python that grades. */
const grader = join(project, ".course/nbgrader");

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
	const files = readdirSync(template, { recursive: true }) as string[];
	for (const file of files) {
		if (statSync(join(template, file)).isDirectory()) {
			mkdirSync(join(folder, file));
			continue;
		}
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

/** Whether a signal told this process to end. */
let ending = false;
const end = () => {
	ending = true;
};

/** Runs a program of the project's Python in a folder, and gives its exit code. */
function inFolder(
	cwd: string,
	args: readonly string[],
	more: Record<string, string> = {},
) {
	// A program has signals too, and ends by itself.
	for (const name of ["SIGINT", "SIGTERM"] as const)
		if (!process.listeners(name).includes(end)) process.on(name, end);
	const { status, signal } = spawnSync(places(project).python, args, {
		cwd,
		env: { ...environment(project, process.env, { teacher: true }), ...more },
		stdio: "inherit",
	});
	return { code: status ?? 1, signal };
}

async function grade(course: string, args: readonly string[]) {
	const far = args.some((arg) => /^--scheduler\b/.test(arg));
	return inFolder(
		course,
		[join(grader, "grade.py"), ...args],
		far ? await ensureDask(project) : {},
	).code;
}

/** A scheduler of Dask, or workers; workers are begun again when their scheduler was away. */
async function serve(command: "scheduler" | "worker", args: readonly string[]) {
	if (command === "worker" && !/^\w+:\/\//.test(args[0] ?? ""))
		throw new Problem(
			"An address is missing: `npm run course -- worker tcp://HOST:8786`.",
		);
	const dask = {
		...(await ensureDask(project)),
		DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED: "False", // it samples each worker 100 times a second
	};
	const cores = availableParallelism();
	// Two submissions at once for each core, since each waits for its kernels now and then; one, where memory is short.
	const threads = totalmem() >= 2 * cores * submissionMemory ? 2 : 1;
	const own = {
		scheduler: ["--no-dashboard", "--no-show"],
		worker: [
			...["--no-dashboard", "--memory-limit=0"],
			...[`--nthreads=${threads}`, `--nworkers=${cores}`],
		],
	}[command];
	for (;;) {
		const program = ["-m", `distributed.cli.dask_${command}`, ...own, ...args];
		const { code, signal } = inFolder(project, program, dask);
		if (command === "scheduler" || signal || code === 2) return code;
		await sleep(2_000); // a signal that came while the worker ran is heard here
		if (ending) return code;
		console.log(`The worker ended (${code}); beginning it again.`);
	}
}

async function main(): Promise<number> {
	const [command, ...rest] = process.argv.slice(2);
	if (command === "scheduler" || command === "worker")
		return serve(command, rest);
	if (command === "nbgrader" || command === "lab" || command === "grade") {
		const at = rest.indexOf("--course");
		const [, option] = at < 0 ? [] : rest.splice(at, 2);
		const course = courseFolder(option);
		if (command === "grade") return grade(course, rest);
		if (command === "nbgrader")
			return inFolder(course, ["-m", "nbgrader", ...rest]).code;
		addStyles(environment(project, process.env));
		return inFolder(course, ["-m", "jupyterlab", ...rest]).code;
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

await runMain(main);
