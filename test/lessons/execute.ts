import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { daskPath } from "../../.setup/dask.mjs";
import { project } from "../../.setup/places.mjs";
import { inVenv, type Notebook, text } from "./notebooks.ts";
import type { Parameters } from "./parameters.ts";

/** A lesson that was run: its cells with their outputs, and what that took. */
export interface Executed {
	lesson: string;
	notebook: Notebook;
	/** Seconds of CPU time of the kernel. */
	cpu: number;
	/** The most memory that the kernel held, in MB. */
	memory: number;
	/** Size with outputs, in MB. */
	size: number;
	/** Why the kernel had a network; null where it had none. */
	online: string | null;
}

export interface ExecuteOptions {
	/** What the lesson's cell tagged `parameters` declares, with other values: `{ shift: 1000 }` is added to every seed. */
	parameters?: Parameters;
	/** How many threads the library computes with. */
	threads?: number;
	/** Where under test/report the result is kept. */
	keep: string;
	/** The address of a scheduler of Dask, whose workers run it: `tcp://host:8786`. Dask must be installed: `ensureDask`. */
	scheduler?: string;
}

/**
 * Runs a lesson from top to bottom through the kernel, its findings as tests, and without a network where the system can take it away.
 * @throws with what was printed when a cell fails, or a finding does not hold.
 */
export async function execute(
	lesson: string,
	{ parameters = {}, threads = 1, keep, scheduler }: ExecuteOptions,
): Promise<Executed> {
	const folder = join(project, "test/report", keep);
	mkdirSync(folder, { recursive: true });
	const result = join(folder, lesson);
	const notebooks = join(project, "notebooks");
	const source = join(notebooks, lesson);
	const values = JSON.stringify(parameters);
	const program =
		scheduler === undefined
			? ["test/lessons/execute.py", source, notebooks, result, values]
			: [".course/nbgrader/lesson.py", scheduler, source, result, values];
	const { code, output } = await inVenv("python", program, {
		cwd: project,
		env: {
			CI: "1",
			UNROLLED_THREADS: String(threads),
			...(scheduler === undefined ? {} : daskPath(project)),
		},
	});
	if (code !== 0) throw new Error(`${lesson} failed:\n${output}`);
	const { cpu, memory, online } = JSON.parse(
		output.trim().split("\n").at(-1) ?? "",
	);
	return {
		lesson,
		notebook: JSON.parse(readFileSync(result, "utf8")),
		cpu,
		memory,
		size: statSync(result).size / 1e6,
		online,
	};
}

/** The sentences of the findings in a lesson that was run. */
export function findingsOf({ cells }: Notebook): string[] {
	return cells
		.flatMap(({ outputs = [] }) => outputs)
		.map(({ data }) => text((data?.["text/plain"] ?? "") as string | string[]))
		.filter((said) => /^[✓✗] /.test(said) && !/: right\.$/.test(said));
}
