import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";
import {
	type Class,
	gradebook,
	isGraded,
	newClass,
	pointsOf,
} from "../course/class.ts";
import { generated } from "../course/generated.ts";
import { anyPort, family } from "../setup/lab.ts";

const students = Number(process.env.STUDENTS ?? 200);
const begun: ChildProcess[] = [];

/** A class, graded by nbgrader's autograde one after the other, and by two workers of Dask, one of which is killed in the middle. */
test("the class has the same gradebook in both cases", async () => {
	const [serial, parallel] = [await handedIn(), await handedIn()];
	const alone = await seconds(() => serial.grade(["nbgrader", "autograde"]));

	const address = `tcp://127.0.0.1:${await anyPort()}`;
	const [host, port] = address.slice("tcp://".length).split(":");
	start(parallel, "scheduler", `--host=${host}`, `--port=${port}`);
	const workers = [1, 2].map(() =>
		start(parallel, "worker", address, "--nworkers=1"),
	);
	for (const worker of workers) await said(worker, "Registered to");
	const grade = () => parallel.grade(["grade", `--scheduler=${address}`]);
	const [beside, killed] = await Promise.all([
		seconds(grade),
		killInTheMiddle(parallel, workers[0]),
	]);
	expect(killed).toBe(true);
	console.log(
		`${students} submissions: ${alone.toFixed(0)} s by autograde, ${beside.toFixed(0)} s by two workers: ${(alone / beside).toFixed(2)} times as fast.`,
	);
	expect(gradebook(parallel.course)).toEqual(gradebook(serial.course));
	expect(await parallel.course.points()).toEqual(pointsOf(parallel.all));
}, 7_200_000);

test("a scheduler that is begun anew in the middle costs no submission", async () => {
	const handed = await newClass(
		generated(12, 4).filter(({ name }) => !/endless|no-note/.test(name)),
	);
	const { course, all } = handed;
	const port = await anyPort();
	const address = `tcp://127.0.0.1:${port}`;
	const schedule = () =>
		start(handed, "scheduler", "--host=127.0.0.1", `--port=${port}`);
	const first = schedule();
	await said(start(handed, "worker", address, "--nworkers=1"), "Registered to");
	const graded = handed.grade(["grade", `--scheduler=${address}`]);
	while (!all.some(({ name }) => isGraded(handed, name))) await sleep(100);
	for (const { pid } of family(first.pid ?? 0)) process.kill(pid, "SIGKILL");
	await sleep(1_000);
	schedule();
	expect(await graded).toContain(`Graded ${all.length} of ${all.length}`);
	expect(await course.points()).toEqual(pointsOf(all));
}, 1_800_000);

/** Ends a run in every way that a teacher may meet, and lets the next one go on. */
test("a run that is interrupted or killed is made whole by the next", async () => {
	const handed = await newClass(
		generated(12, 3).filter(({ name }) => !/endless|no-notebook/.test(name)),
	);
	const { course, all } = handed;
	const done = () => all.filter(({ name }) => isGraded(handed, name)).length;
	const grade = () => {
		const args = ["grade", "abuse", "--jobs=2", "--Examine.timeout=4"];
		const program = join(course.folder, "course");
		return ended(spawn(program, args, { cwd: course.folder }));
	};

	const interrupted = grade();
	while (done() < 2) await sleep(50);
	interrupted.child.kill("SIGINT");
	const { said } = await interrupted.end;
	expect(said).toContain("Stopped, since it was interrupted");
	expect(done()).toBeLessThan(all.length);

	const killed = grade();
	const before = done();
	while (done() < before + 2) await sleep(50);
	const lock = readFileSync(join(course.folder, ".grading/lock"), "utf8");
	process.kill(Number(lock), "SIGKILL");
	await killed.end;
	expect(done()).toBeLessThan(all.length);

	const last = await grade().end;
	expect(last.code, last.said).toBe(0);
	expect(done()).toBe(all.length);
	expect(await course.points()).toEqual(pointsOf(all));
	const checks = (gradebook(course) as { cell?: string }[]).filter(({ cell }) =>
		cell?.endsWith("-check"),
	);
	expect(checks).toHaveLength(2 * all.length);
}, 1_800_000);

/** As on a terminal: the signal reaches the program that begins workers, and the worker. */
test("a worker that is interrupted is not begun again", async () => {
	const run = (...args: string[]) => {
		const program = [join(project, ".course/main.ts"), ...args];
		const child = spawn(places(project).node, program, { detached: true });
		begun.push(child);
		return child;
	};
	const port = await anyPort();
	run("scheduler", "--host=127.0.0.1", `--port=${port}`);
	const worker = run("worker", `tcp://127.0.0.1:${port}`, "--nworkers=1");
	await said(worker, "Registered to");
	process.kill(-(worker.pid ?? 0), "SIGINT");
	const first = await Promise.race([
		ended(worker).end.then(() => "ended"),
		said(worker, "beginning it again").then(() => "begun again"),
	]);
	expect(first).toBe("ended");
}, 120_000);

/** A program, and its end: what it said, and its exit code. */
function ended(child: ChildProcess) {
	let said = "";
	for (const stream of [child.stdout, child.stderr])
		stream?.on("data", (data) => {
			said += data;
		});
	const end = new Promise<{ code: number | null; said: string }>((resolve) =>
		child.on("close", (code) => resolve({ code, said })),
	);
	return { child, end };
}

afterAll(() => {
	for (const { pid, exitCode, signalCode } of begun)
		if (pid && exitCode === null && signalCode === null)
			process.kill(-pid, "SIGTERM");
});

const handedIn = () => newClass(generated(students, 2026));

async function seconds(run: () => Promise<unknown>) {
	const before = performance.now();
	await run();
	return (performance.now() - before) / 1000;
}

function start({ course }: Class, ...args: string[]) {
	const child = spawn(join(course.folder, "course"), args, {
		cwd: course.folder,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
	});
	begun.push(child);
	return child;
}

/** Waits until a program prints a text. */
function said({ stdout, stderr }: ChildProcess, text: string) {
	return new Promise<void>((resolve) => {
		for (const stream of [stdout, stderr])
			stream?.on("data", (data) => String(data).includes(text) && resolve());
	});
}

/** Kills the process of a worker, as the system does when memory runs out; its nanny begins another. */
async function killInTheMiddle({ course, all }: Class, worker: ChildProcess) {
	const folder = join(course.folder, "autograded");
	while (!existsSync(folder) || readdirSync(folder).length < all.length / 2)
		await sleep(200);
	const works = family(worker.pid ?? 0).filter(({ command }) =>
		command.includes("spawn_main"),
	);
	for (const { pid } of works) process.kill(pid, "SIGKILL");
	return works.length > 0;
}
