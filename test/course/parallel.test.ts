import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Class, gradebook, newClass } from "./class.ts";
import { generated } from "./generated.ts";

/** A small class; one of 200, on workers of Dask and compared with a serial run, is in test/experiments/class.test.ts. */
test("a class is graded once each, though a worker is killed and the command is run twice at once", async () => {
	const handed = await newClass(
		generated(12, 1).filter(({ name }) => !name.includes("endless")),
	);
	const [first] = await Promise.all([
		handed.grade(["grade", "--jobs=2"]),
		killAWorker(handed),
		isGraded(handed).then(async () => {
			const said = await handed.course.run(["grade", "abuse"], { code: 1 });
			expect(said).toContain("Another run grades this course");
			expect(said).toContain("10 of 11 submissions were graded before");
		}),
	]);
	expect(first).toContain("Graded 10 of 11 submissions");
	expect(first).toContain("011-no-notebook: Notebook does not appear to be");
	const wanted = handed.all.map(({ name, points }) => [name, points]);
	expect(await handed.course.points()).toEqual(Object.fromEntries(wanted));
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
async function isGraded({ course, all }: Class) {
	const done = ({ name }: { name: string }) =>
		existsSync(join(course.folder, "autograded", name));
	while (!all.some(done)) await sleep(100);
}

/** Kills a worker that examines, as the system does when memory runs out. */
async function killAWorker(handed: Class) {
	await isGraded(handed);
	const grader = readFileSync(lockOf(handed), "utf8");
	const workers = execFileSync("pgrep", ["-P", grader, "-f", "worker.py"]);
	process.kill(Number(String(workers).split("\n")[0]), "SIGKILL");
}
