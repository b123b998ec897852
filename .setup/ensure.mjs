import { mkdirSync, statfsSync } from "node:fs";
import { run } from "./children.mjs";
import { acquire } from "./lock.mjs";
import { places } from "./places.mjs";
import { explain, isKnown, Problem, tail } from "./problems.mjs";
import { announce } from "./progress.mjs";
import { steps } from "./steps.mjs";

/** @typedef {import("./steps.mjs").Step} Step */
/** @typedef {{ note: (pid: number) => void }} Lock */

/**
 * Sees to it that everything is in place, doing only the steps that are not done, side by side where they can be.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(line: string) => void} [say]
 * @param {typeof steps} [needed] the steps of every command, unless others are asked for
 */
export async function ensure(
	root,
	env = process.env,
	say = console.log,
	needed = steps,
) {
	const todo = needed(root, env);
	inProject(() => mkdirSync(places(root).jupyter, { recursive: true }));
	if (todo.every((step) => step.done())) return;
	const lock = await lockOrSay(root, say);
	try {
		for (const step of todo) if (!step.done()) step.check?.();
		await doAll(root, todo, lock, say);
	} finally {
		lock.release();
	}
}

/** @param {() => void} act what writes into the project's folder */
function inProject(act) {
	try {
		act();
	} catch (error) {
		throw new Problem(explain("Starting the set-up", String(error)));
	}
}

/** @param {string} root @param {(line: string) => void} say */
async function lockOrSay(root, say) {
	const { lock } = places(root);
	try {
		return await acquire(lock, (holder) =>
			say(
				`Another set-up is at work here (process ${holder}); waiting for it. If there is none, delete ${lock}.`,
			),
		);
	} catch (error) {
		throw new Problem(explain("Starting the set-up", String(error)));
	}
}

/**
 * Each step begins when those it comes after are done. After a failure no further step begins, and those that run end first.
 * @param {string} root @param {Step[]} todo @param {Lock} lock @param {(line: string) => void} say
 */
async function doAll(root, todo, lock, say) {
	/** @type {Map<string, Promise<void>>} */
	const ends = new Map();
	const begun = Date.now();
	/** How long each step took, in milliseconds. @type {Record<string, number>} */
	const took = {};
	let failed = false;
	for (const step of todo) {
		const before = Promise.all(
			(step.after ?? []).map((name) => ends.get(name)),
		);
		const end = before.then(async () => {
			if (failed || step.done()) return; // perhaps by the set-up we waited for
			const finish = announce(step.say, say);
			const start = Date.now();
			try {
				expectRoom(root, step);
				await doStep(step, lock);
			} catch (error) {
				failed = true;
				throw error;
			} finally {
				finish();
				took[step.name] = Date.now() - start;
			}
		});
		ends.set(step.name, end);
	}
	const results = await Promise.allSettled(ends.values());
	for (const result of results)
		if (result.status === "rejected") throw result.reason;
	const line = account(Date.now() - begun, took);
	if (line) say(line);
}

/**
 * How long a set-up took and its steps, some of them side by side; nothing of a short one.
 * @param {number} whole @param {Record<string, number>} steps in milliseconds
 */
export function account(whole, steps) {
	if (whole < 10_000) return undefined;
	const seconds = (/** @type {number} */ time) =>
		`${Math.round(time / 1000)} s`;
	const parts = Object.entries(steps).map(
		([name, time]) => `${name} ${seconds(time)}`,
	);
	return `Set up in ${seconds(whole)}: ${parts.join(", ")}.`;
}

/**
 * npm and pip meet a full disk with all sorts of errors, so it is asked beforehand.
 * @param {string} root @param {Pick<Step, "say" | "needs">} step
 */
export function expectRoom(root, { say, needs = 0 }) {
	const { bavail, bsize } = statfsSync(root);
	const free = Math.floor((bavail * bsize) / 1e6);
	if (free >= needs) return;
	throw new Problem(
		`${say} needs ${needs} MB and the disk has ${free} MB left: free some, then run the command again.`,
	);
}

/** @param {Step} step @param {Lock} lock */
async function doStep(step, lock) {
	try {
		await step.run(async (command, args, options) => {
			const { code, output } = await run(command, args, {
				...options,
				onStart: lock.note,
			});
			if (code === 0) return;
			if (!isKnown(output)) console.error(tail(output));
			throw new Problem(explain(step.say, output));
		});
	} catch (error) {
		if (error instanceof Problem) throw error;
		const text = String(error);
		if (!isKnown(text)) throw error;
		throw new Problem(explain(step.say, text)); // our own files: a full disk, no permission
	}
}
