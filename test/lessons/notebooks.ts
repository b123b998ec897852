import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { environment, project } from "../../.setup/places.mjs";

export interface Output {
	output_type: string;
	name?: string;
	text?: string | string[];
	data?: Record<string, unknown>;
}

export interface NotebookCell {
	id: string;
	cell_type: "code" | "markdown" | "raw";
	source: string | string[];
	execution_count?: number | null;
	outputs?: Output[];
	metadata: { tags?: string[]; unrolled?: Answers; nbgrader?: object };
}

/**
 * An exercise is two cells of code: an answer that is left open, and a check. The metadata of the answer holds what CI
 * writes into it: `unrolled.solution`, and in `unrolled.wrong` answers that miss the point, each with words of what the
 * check must say of it. The two cells need nothing of the lesson but its imports.
 */
export interface Answers {
	solution: string[];
	wrong: { source: string[]; says: string }[];
}

export const answersIn = (cell: NotebookCell) => cell.metadata.unrolled;

export interface Notebook {
	cells: NotebookCell[];
	metadata: {
		kernelspec?: { name: string; display_name: string; language?: string };
	};
	nbformat: number;
	nbformat_minor: number;
}

/** What git knows of `notebooks`, so that a notebook of one's own in there is no lesson; without git, all. */
function namesOfNotebooks(): string[] {
	const git = spawnSync("git", ["ls-files", "--", "notebooks"], {
		cwd: project,
		encoding: "utf8",
	});
	return git.status === 0
		? git.stdout
				.trim()
				.split("\n")
				.map((path) => basename(path))
		: readdirSync(join(project, "notebooks"));
}

/** All notebooks by file name, in order: the lessons, and the gallery of pictures. */
export const notebooks = namesOfNotebooks()
	.filter((name) => name.endsWith(".ipynb"))
	.sort();

/** The lessons, which have a number. */
export const lessons = notebooks.filter((name) => /^\d\d-/.test(name));

/** A lesson as it is committed (what git has staged), so that a learner may run and save it; else as it lies there. */
export function committed(lesson: string): string {
	const path = `notebooks/${lesson}`;
	const git = spawnSync("git", ["show", `:${path}`], {
		cwd: project,
		encoding: "utf8",
		maxBuffer: 2 ** 28,
	});
	return git.status === 0
		? git.stdout
		: readFileSync(join(project, path), "utf8");
}

export const text = (source: string | string[]) =>
	typeof source === "string" ? source : source.join("");

/** A notebook for the kernel `unrolled`, of code cells alone. */
export const notebook = (...sources: string[]): Notebook => ({
	cells: sources.map((source, index) => ({
		cell_type: "code",
		execution_count: null,
		id: `cell-${index}`,
		metadata: {},
		outputs: [],
		source,
	})),
	metadata: {
		kernelspec: {
			display_name: "TypeScript (Unrolled)",
			language: "typescript",
			name: "unrolled",
		},
	},
	nbformat: 4,
	nbformat_minor: 5,
});

/** Runs a program of .venv, as a user of the project would: what it printed, less its colours, and its exit code. */
export function inVenv(
	program: string,
	args: string[],
	options: {
		cwd?: string;
		signal?: AbortSignal;
		input?: string;
		/** Variables beside those of the test; undefined takes one away. */
		env?: Record<string, string | undefined>;
	} = {},
): Promise<{ code: number | null; output: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(join(project, ".venv/bin", program), args, {
			cwd: options.cwd,
			signal: options.signal,
			env: {
				...environment(project, process.env),
				NO_COLOR: "1",
				...options.env,
			},
			stdio: "pipe",
		});
		child.stdin.on("error", () => {}); // it ended without reading
		child.stdin.end(options.input);
		let output = "";
		const keep = (chunk: string) => {
			output += chunk;
		};
		child.stdout.setEncoding("utf8").on("data", keep);
		child.stderr.setEncoding("utf8").on("data", keep);
		child.on("error", reject);
		child.on("close", (code) =>
			resolve({ code, output: stripVTControlCharacters(output) }),
		);
	});
}

/**
 * Runs codes as the cells of one notebook, errors and all, which stays in `test/report/exercises` under the name. Gives what each cell says:
 * its error, or the text of its value.
 */
export async function saidBy(
	name: string,
	codes: readonly string[],
): Promise<string[]> {
	const folder = join(project, "test/report/exercises");
	const file = join(folder, `${name}.ipynb`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(file, JSON.stringify(notebook(...codes)));
	const { code, output } = await inVenv(
		"jupyter",
		["execute", "--allow-errors", "--inplace", "--timeout=60", file],
		{ cwd: join(project, "notebooks") },
	);
	if (code !== 0) throw new Error(`${file} was not executed:\n${output}`);
	const executed: Notebook = JSON.parse(readFileSync(file, "utf8"));
	return executed.cells.map(({ outputs = [] }) => {
		const [shown] = outputs as {
			ename?: string;
			evalue?: string;
			data?: Record<string, string | string[]>;
		}[];
		return shown?.ename
			? `${shown.ename}: ${shown.evalue}`
			: text(shown?.data?.["text/plain"] ?? "");
	});
}

/** Cells that fail, each with a word of the error that a tool must show. */
export const failingCells = [
	{
		name: "throw",
		code: 'throw new Error("the sea is rough");',
		shows: "the sea is rough",
	},
	{
		name: "type-error",
		code: 'const n: number = "seven";',
		shows: "not assignable",
	},
];
