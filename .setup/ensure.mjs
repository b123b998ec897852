import { mkdirSync, statfsSync } from "node:fs";
import { run } from "./children.mjs";
import { acquire } from "./lock.mjs";
import { places } from "./places.mjs";
import { explain, isKnown, Problem, tail } from "./problems.mjs";
import { steps } from "./steps.mjs";

/**
 * Sees to it that everything is in place, doing only the steps that are not done.
 * @param {string} root the project's folder
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(line: string) => void} [say]
 */
export async function ensure(root, env = process.env, say = console.log) {
	mkdirSync(places(root).jupyter, { recursive: true });
	const todo = steps(root, env);
	if (todo.every((step) => step.done())) return;
	const lock = await lockOrSay(root, say);
	try {
		for (const step of todo) {
			if (step.done()) continue; // perhaps by the set-up we waited for
			say(`${step.say} …`);
			expectRoom(root, step);
			await doStep(step, lock.note);
		}
	} finally {
		lock.release();
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
 * npm and pip meet a full disk with all sorts of errors, so it is asked beforehand.
 * @param {string} root @param {Pick<import("./steps.mjs").Step, "say" | "needs">} step
 */
export function expectRoom(root, { say, needs = 0 }) {
	const { bavail, bsize } = statfsSync(root);
	const free = Math.floor((bavail * bsize) / 1e6);
	if (free >= needs) return;
	throw new Problem(
		`${subject(say)} needs ${needs} MB and the disk has ${free} MB left: free some, then run the command again.`,
	);
}

/** @param {string} say */
const subject = (say) => say.replace(/ \(.*\)$/, "");

/** @param {import("./steps.mjs").Step} step @param {(pid: number) => void} note */
async function doStep(step, note) {
	const what = subject(step.say);
	try {
		await step.run(async (command, args, options) => {
			const { code, output } = await run(command, args, {
				...options,
				onStart: note,
			});
			if (code === 0) return;
			if (!isKnown(output)) console.error(tail(output));
			throw new Problem(explain(what, output));
		});
	} catch (error) {
		if (error instanceof Problem) throw error;
		const text = String(error);
		if (!isKnown(text)) throw error;
		throw new Problem(explain(what, text)); // our own files: a full disk, no permission
	}
}
