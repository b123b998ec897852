import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { family, survivors } from "../setup/lab.ts";
import { type Hub, memoryOf, startHub } from "./hub.ts";
import { Learner } from "./learner.ts";

/**
 * JupyterHub with this project on local processes: learners who log in all at once, each of whom runs a lesson from top to bottom.
 * `npm run experiments -- hub`; LEARNERS=5 tries fewer.
 */
const count = Number(process.env.LEARNERS ?? 20);
const lesson = "00-welcome.ipynb";

let hub: Hub | undefined;
afterAll(async () => {
	if (!hub?.process.pid) return;
	const all = family(hub.process.pid);
	hub.process.kill("SIGTERM");
	expect(await survivors(all)).toEqual([]);
}, 120_000);

interface Figures {
	/** Seconds from the login form until JupyterLab's page is there. */
	opened: number;
	/** Seconds until the kernel answers, then until the lesson has run. */
	ready: number;
	ran: number;
}

/** MB of each learner's processes, Python's and Node's, and of the hub and its proxy. */
function memory(pid: number) {
	const all = family(pid);
	const servers = all.filter(({ command }) =>
		command.includes("jupyterhub.singleuser"),
	);
	const sum = (processes: readonly { pid: number }[]) =>
		processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0);
	const learners = servers.map((server) => {
		const own = family(server.pid, all);
		return { server: sum([server]), kernels: sum(own.slice(1)) };
	});
	const inside = new Set(
		servers.flatMap(({ pid }) => family(pid, all).map((one) => one.pid)),
	);
	return { hub: sum(all.filter(({ pid }) => !inside.has(pid))), learners };
}

const median = (values: readonly number[]) =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

test(`${count} learners log in at once, and each runs lesson 00`, async () => {
	const running = await startHub();
	hub = running;
	const pid = running.process.pid ?? 0;
	const idle = memory(pid).hub;
	const seen: ReturnType<typeof memory>[] = [];
	const watch = setInterval(() => seen.push(memory(pid)), 30_000);
	const begun = performance.now();
	const figures = await Promise.all(
		Array.from({ length: count }, async (_, i): Promise<Figures> => {
			const learner = new Learner(running, `learner-${i + 1}`);
			await learner.logIn();
			await learner.opened();
			const opened = (performance.now() - begun) / 1000;
			return { opened, ...(await learner.run(lesson)) };
		}),
	);
	const whole = (performance.now() - begun) / 1000;
	clearInterval(watch);
	seen.push(memory(pid));
	const last = seen.at(-1) ?? { hub: 0, learners: [] };
	expect(last.learners).toHaveLength(count);
	const totals = seen.map(({ hub, learners }) =>
		learners.reduce((sum, one) => sum + one.server + one.kernels, hub),
	);
	const rows = [
			["learners", count, ""],
			["JupyterLab's page, from the login form, median", median(figures.map((one) => one.opened)), "s"],
			["JupyterLab's page, the last learner", Math.max(...figures.map((one) => one.opened)), "s"],
			["the kernel answers, median", median(figures.map((one) => one.ready)), "s"],
			["the kernel answers, the last learner", Math.max(...figures.map((one) => one.ready)), "s"],
			["lesson 00, median", median(figures.map((one) => one.ran)), "s"],
			["all of them, from the first login to the last cell", whole, "s"],
			["memory of hub and proxy, before anybody came", idle, "MB"],
			["memory of hub and proxy, at the end", last.hub, "MB"],
			["memory of a learner's server, median", median(last.learners.map((one) => one.server)), "MB"],
			["memory of a learner's kernel after the lesson, median", median(last.learners.map((one) => one.kernels)), "MB"],
			["memory of a learner's kernel after the lesson, most", Math.max(...last.learners.map((one) => one.kernels)), "MB"],
			["memory of everything, at its most", Math.max(...totals), "MB"],
		] as const; // biome-ignore format: a table
	const table = rows
			.map(([what, value, unit]) => `| ${what} | ${value.toFixed(unit === "s" ? 1 : 0)} ${unit} |`) // biome-ignore format: one line
		.join("\n");
	const report = join(project, "test/report");
	mkdirSync(report, { recursive: true });
	writeFileSync(join(report, "hub.md"), `${table}\n`);
	console.log(table);
}, 3_600_000);
