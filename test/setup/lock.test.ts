import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acquire } from "../../.setup/lock.mjs";

const place = () =>
	join(mkdtempSync(join(tmpdir(), "unrolled-")), "state/lock");

/** A process id that was in use and is no more. */
const ended = () => spawnSync("true").pid;

test("the second waits, says for whom, and gets the lock when the first lets go", async () => {
	const file = place();
	const first = await acquire(file);
	const holders: string[] = [];
	const second = acquire(file, (holder: string) => holders.push(holder));
	const early = await Promise.race([second, Promise.resolve("waiting")]);
	expect(early).toBe("waiting");
	first.release();
	(await second).release();
	expect(holders).toEqual([String(process.pid)]);
	expect(existsSync(file)).toBe(false);
});

test("a lock whose holder was killed is taken over", async () => {
	const file = place();
	(await acquire(file)).release();
	writeFileSync(file, String(ended()));
	const lock = await acquire(file);
	lock.release();
});

test("while a program of a killed holder still installs, the lock holds", async () => {
	const file = place();
	(await acquire(file)).release();
	writeFileSync(file, `${ended()} ${process.pid}`);
	let waited = false;
	const next = acquire(file, () => {
		waited = true;
	});
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(waited).toBe(true);
	writeFileSync(file, `${ended()}`);
	(await next).release();
});

test("of many that take over a stale lock at once, one at a time holds it", async () => {
	const file = place();
	(await acquire(file)).release();
	writeFileSync(file, String(ended()));
	let inside = 0;
	let most = 0;
	const one = async () => {
		const lock = await acquire(file);
		most = Math.max(most, ++inside);
		await new Promise((resolve) => setTimeout(resolve, 5));
		inside -= 1;
		lock.release();
	};
	await Promise.all([one(), one(), one(), one()]);
	expect(most).toBe(1);
	expect(readdirSync(join(file, ".."))).toEqual([]);
});
