import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, type TestContext, test } from "vitest";
import { gradebook, isGraded, newClass, pointsOf } from "../course/class.ts";
import { generated } from "../course/generated.ts";

/** A disk of some MB in memory, in a folder of its own; the test is skipped where this user may not mount one. */
function smallDisk(megabytes: number, context: TestContext) {
	const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
	const mount = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder];
	const { error, status, stderr } = spawnSync("mount", mount);
	if (status !== 0)
		context.skip(`no disk can be mounted here: ${error ?? stderr}`);
	context.onTestFinished(() => void spawnSync("umount", ["--lazy", folder]));
	return folder;
}

/** Takes all the room of a disk, and what becomes free on it, until told to give it back. */
function fill(disk: string) {
	const file = join(disk, "everything");
	const kept = setInterval(() => {
		for (const bytes of [1_000_000, 4_096])
			try {
				for (;;) appendFileSync(file, Buffer.alloc(bytes));
			} catch {
				// full
			}
	}, 5);
	return () => {
		clearInterval(kept);
		rmSync(file);
	};
}

const disks = [
	{ what: "the course", megabytes: 16 },
	{ what: "temporary files", megabytes: 48 },
];

test.for(disks)(
	"a disk of $what that is full in the middle costs no submission",
	{
		timeout: 900_000,
	},
	async ({ what, megabytes }, context) => {
		const disk = smallDisk(megabytes, context);
		const handed = await newClass(
			generated(16, 5).filter(({ name }) => !/endless|no-note/.test(name)),
			what === "the course" ? disk : undefined,
		);
		const { course, all } = handed;
		const env = what === "the course" ? {} : { TMPDIR: disk };
		const args = ["grade", "abuse", "--jobs=2", "--Examine.timeout=4"];
		const grade = (code: number) => course.run(args, { code, env });
		const done = () => all.filter(({ name }) => isGraded(handed, name)).length;

		const first = grade(1);
		while (done() < 2) await sleep(20);
		const empty = fill(disk);
		const full =
			/^Stopped, since .*: free some room, then run the command again/m;
		expect(await first).toMatch(full);
		const before = done();
		expect(before).toBeLessThan(all.length);
		if (what === "the course") expect(await grade(1)).toMatch(full);
		expect(done()).toBe(before);

		empty();
		expect(await grade(0)).toContain(`Graded ${all.length - before} of`);
		expect(await course.points()).toEqual(pointsOf(all));
		const checks = (gradebook(course) as { cell?: string }[]).filter(
			({ cell }) => cell?.endsWith("-check"),
		);
		expect(checks).toHaveLength(2 * all.length);
	},
);
