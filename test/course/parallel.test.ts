import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import {
	type Class,
	gradebook,
	isGraded,
	newClass,
	pointsOf,
} from "./class.ts";
import { generated } from "./generated.ts";

/** A small class; one of 200, on workers of Dask and compared with a serial run, is in test/experiments/class.test.ts. */
test("a class is graded once each, though a worker is killed and the command is run twice at once", async () => {
	const handed = await newClass(
		generated(12, 1).filter(({ name }) => !name.includes("endless")),
	);
	const [first] = await Promise.all([
		handed.grade(["grade", "--jobs=2"]),
		killAWorker(handed),
		firstGraded(handed).then(async () => {
			const said = await handed.course.run(["grade", "abuse"], { code: 1 });
			expect(said).toContain("Another run grades this course");
			expect(said).toContain("10 of 11 submissions were graded before");
		}),
	]);
	expect(first).toContain("Graded 10 of 11 submissions");
	expect(first).toContain("011-no-notebook: Notebook does not appear to be");
	expect(await handed.course.points()).toEqual(pointsOf(handed.all));
	const rows = gradebook(handed.course) as { cell?: string; student: string }[];
	for (const { name, points } of handed.all) {
		const its = rows.filter(
			({ student, cell }) => student === name && cell?.endsWith("-check"),
		);
		expect(its, name).toHaveLength(points === 0 ? its.length : 2);
	}
}, 240_000);

const lockOf = ({ course }: Class) => join(course.folder, ".grading/lock");

/** Waits until a submission of the class is done. */
async function firstGraded(handed: Class) {
	while (!handed.all.some(({ name }) => isGraded(handed, name)))
		await sleep(100);
}

/** Kills a worker that examines, as the system does when memory runs out. */
async function killAWorker(handed: Class) {
	await firstGraded(handed);
	const grader = readFileSync(lockOf(handed), "utf8");
	const workers = execFileSync("pgrep", ["-P", grader, "-f", "worker.py"]);
	process.kill(Number(String(workers).split("\n")[0]), "SIGKILL");
}
