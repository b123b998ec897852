import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureDask } from "../../.setup/dask.mjs";
import { project } from "../../.setup/places.mjs";
import { runMain } from "../../.setup/problems.mjs";
import { affected } from "./changed.ts";
import { execute, findingsOf } from "./execute.ts";
import { notebooks } from "./notebooks.ts";
import {
	checkParameters,
	known,
	type Parameters,
	parametersFrom,
} from "./parameters.ts";
import { junitOf, pageOf, type Ran, tableOf } from "./report.ts";
import { networkOf } from "./table.ts";

/**
 * `npm run lessons`: runs lessons from top to bottom, findings as tests and without a network, several at once.
 * Arguments are numbers of lessons; without any, all are run.
 */
const usage = `npm run lessons -- [04 05 …] [--changed[=REF]] [--parameters NAME=VALUE …] [--jobs=N] [--scheduler=tcp://HOST:8786]

--changed     only lessons that the changes since REF can affect; REF is HEAD unless said, so what is not committed
--parameters  other values for what a cell tagged "parameters" declares: --parameters shift=7 --parameters steps=100
--jobs        how many at once: as many as there are cores unless said, all with a scheduler
--scheduler   runs them on the workers of a scheduler of Dask: docs/teaching.md

Reports are left in test/report: lessons.xml (JUnit) and lessons.html.`;

const folder = join(project, "test/report");

/** Paths that differ from a commit, what git does not know among them. */
function changedSince(ref: string): string[] {
	const git = (...args: string[]) => {
		const { status, stdout, stderr } = spawnSync("git", args, {
			cwd: project,
			encoding: "utf8",
		});
		if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
		return stdout.split("\n").filter(Boolean);
	};
	return [
		...git("diff", "--name-only", ref, "--"),
		...git("ls-files", "--others", "--exclude-standard"),
	];
}

async function run(
	lesson: string,
	parameters: Parameters,
	scheduler?: string,
): Promise<Ran> {
	const begun = performance.now();
	const seconds = () => (performance.now() - begun) / 1000;
	try {
		const { notebook, cpu, memory, online } = await execute(lesson, {
			parameters: known(lesson, parameters),
			// what other tools read is what the lessons say by themselves
			keep: Object.keys(parameters).length > 0 ? "parameters" : "lessons",
			scheduler,
		});
		const findings = findingsOf(notebook).length;
		return { lesson, seconds: seconds(), cpu, memory, findings, online };
	} catch (error) {
		return { lesson, seconds: seconds(), failed: (error as Error).message };
	}
}

async function main(): Promise<number> {
	// `--changed` may stand alone, which parseArgs does not know of an option with a value
	const args = process.argv
		.slice(2)
		.map((arg) => (arg === "--changed" ? "--changed=HEAD" : arg));
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			changed: { type: "string" },
			parameters: { type: "string", multiple: true, default: [] },
			jobs: { type: "string" },
			scheduler: { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	const { scheduler } = values;
	const most = scheduler ? notebooks.length : availableParallelism();
	const jobs = Number(values.jobs ?? most);
	const unknown = positionals.filter(
		(number) => !notebooks.some((name) => name.startsWith(number)),
	);
	if (values.help || unknown.length > 0 || !(jobs >= 1)) {
		if (unknown.length > 0) console.error(`No lesson ${unknown.join(", ")}.`);
		console.log(usage);
		return values.help ? 0 : 1;
	}
	const asked = notebooks.filter(
		(name) =>
			positionals.length === 0 ||
			positionals.some((number) => name.startsWith(number)),
	);
	const chosen =
		values.changed === undefined
			? asked
			: affected(project, asked, changedSince(values.changed));
	const parameters = parametersFrom(values.parameters);
	checkParameters(chosen, parameters);
	if (scheduler) await ensureDask(project);
	const waiting = [...chosen];
	const ran: Ran[] = [];
	await Promise.all(
		Array.from({ length: Math.min(jobs, chosen.length) }, async () => {
			for (let next = waiting.shift(); next; next = waiting.shift()) {
				const one = await run(next, parameters, scheduler);
				ran.push(one);
				const how = one.failed === undefined ? "ok" : "FAILED";
				console.log(
					`${ran.length}/${chosen.length} ${next} ${how}, ${one.seconds.toFixed(1)} s`,
				);
			}
		}),
	);
	ran.sort((a, b) => (a.lesson < b.lesson ? -1 : 1));
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "lessons.xml"), junitOf(ran));
	writeFileSync(join(folder, "lessons.html"), pageOf(ran));
	for (const { failed } of ran) if (failed) console.error(`\n${failed}`);
	console.log(
		ran.length === 0
			? "\nNo lesson is affected."
			: `\n${tableOf(ran)}\n\n${networkOf(ran)}\nReports: ${join(folder, "lessons.xml")} and lessons.html`,
	);
	return ran.some(({ failed }) => failed !== undefined) ? 1 : 0;
}

await runMain(main);
