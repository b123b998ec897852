import {
	linkSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * One set-up at a time in one folder. The lock is a file with the process ids of its holder and of the programs that
 * the holder started; it is stale, and taken over, once all of them have ended.
 */

/** @param {number} pid */
function alive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
	}
}

/** @param {string} file */
function read(file) {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}

/** @param {string} content */
const held = (content) =>
	content.split(" ").some((pid) => Number(pid) > 0 && alive(Number(pid)));

/**
 * Takes a file away if it still holds what was read from it.
 * @param {string} file @param {string} content
 */
function discard(file, content) {
	const aside = `${file}.${process.pid}.stale`;
	try {
		renameSync(file, aside);
		if (read(aside) !== content) linkSync(aside, file); // somebody was quicker: it is theirs
		rmSync(aside, { force: true });
	} catch {
		// somebody was quicker
	}
}

/**
 * Waits for the lock and holds it.
 * @param {string} file
 * @param {(holder: string) => void} [onWait] called once when another process holds it
 * @returns {Promise<{ note: (pid: number) => void, release: () => void }>} note: a program that runs under the lock
 */
export async function acquire(file, onWait) {
	mkdirSync(dirname(file), { recursive: true });
	const mine = `${file}.${process.pid}`;
	let told = false;
	for (;;) {
		writeFileSync(mine, `${process.pid}`);
		try {
			linkSync(mine, file); // atomic: only one succeeds
			break;
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST")
				throw error;
		} finally {
			rmSync(mine, { force: true });
		}
		const content = read(file);
		if (!held(content)) {
			discard(file, content);
			continue;
		}
		if (!told) onWait?.(content.split(" ")[0]);
		told = true;
		await sleep(200);
	}
	const programs = [process.pid];
	return {
		note: (pid) => {
			programs.push(pid);
			writeFileSync(mine, programs.join(" "));
			renameSync(mine, file); // a reader never sees half of it
		},
		release: () => rmSync(file, { force: true }),
	};
}
