import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { project } from "../../../.setup/places.mjs";
import { findBrowser } from "../../browser/find.ts";
import { notebookState, openPage } from "../../browser/page.ts";
import { notebook } from "../../lessons/notebooks.ts";
import { startLab } from "../../setup/lab.ts";

/** A small network that a slider runs, and its chart in each of the ways in which `explore` can show one. */
const source = (shown: string) => `import { display } from "@unrolled/kernel";
import { explore, slider } from "@unrolled/kernel/widgets";
import { elman, noGrad, random, tensor } from "unrolled";
import { jupyterDisplay, lineChart } from "unrolled/plot";
const cell = elman({ inputs: 1, hidden: 8, random: random(1) });
const chart = (r: number) => noGrad(() => {
	let { state } = cell.step(tensor([[r]]), cell.start(1));
	const h = [state.toArray()[0] as number[]];
	for (let t = 1; t < 30; t++) {
		({ state } = cell.step(tensor([[0]]), state));
		h.push(state.toArray()[0] as number[]);
	}
	const units = Object.fromEntries([0, 1, 2].map((u) => [\`unit \${u}\`, h.map((one) => one[u])]));
	return lineChart({ title: \`r = \${r}\`, x: "step", y: { name: "h", range: [-1, 1] }, series: units });
});
await explore({ r: slider(0, 2) }, ({ r }) => {
	const picture = chart(r);
	return ${shown};
});`;
const ways = {
	"as `explore` does: an output that Vega draws": "picture",
	"as its title alone, in HTML (what the pointer, JupyterLab and the messages take)": `{ draft: () => ({ "text/html": '<svg height="20"><text y="15">r = ' + r + "</text></svg>" }), [jupyterDisplay]: () => picture[jupyterDisplay]() }`,
};

/** CPU time so far of this program's descendants, in milliseconds, by what they are, where the system tells it. */
function cpuTimes(): Record<string, number> {
	const times: Record<string, number> = {};
	if (!existsSync("/proc/self/stat")) return times;
	const all = new Map<
		number,
		{ parent: number; cpu: number; command: string }
	>();
	for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one)))
		try {
			const stat = readFileSync(`/proc/${name}/stat`, "utf8");
			const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
			all.set(Number(name), {
				parent: Number(fields[1]),
				cpu: 10 * (Number(fields[11]) + Number(fields[12])),
				command: readFileSync(`/proc/${name}/cmdline`, "utf8"),
			});
		} catch {} // it has ended
	const ours = [...all].filter(([pid]) => {
		for (let at: number | undefined = pid; at; at = all.get(at)?.parent)
			if (at === process.pid) return pid !== process.pid;
		return false;
	});
	for (const [, { cpu, command }] of ours) {
		const kind = /type=renderer/.test(command)
			? "page"
			: /chrom/.test(command)
				? "rest of the browser"
				: /python/.test(command)
					? "server"
					: "kernel";
		times[kind] = (times[kind] ?? 0) + cpu;
	}
	return times;
}

/** Moves the pointer to and fro for some seconds, while each frame looks whether another picture is seen. */
async function drag(page: Page, seconds: number, x: number, y: number) {
	await page.evaluate(() => {
		const seen = { count: 0, title: "", frame: 0 };
		Object.assign(globalThis, { seen });
		const look = () => {
			const title = [
				...document.querySelectorAll(".jp-OutputArea-output svg text"),
			].find(
				(text) =>
					/^r = /.test(text.textContent ?? "") && text.getClientRects().length,
			)?.textContent;
			if (title && title !== seen.title) {
				seen.title = title;
				seen.count++;
			}
			seen.frame = requestAnimationFrame(look);
		};
		look();
	});
	const before = cpuTimes();
	const begun = performance.now();
	const passed = () => (performance.now() - begun) / 1000;
	while (passed() < seconds) {
		await page.mouse.move(x + 60 * Math.sin(Math.PI * passed()), y);
		await page.waitForTimeout(8);
	}
	const took = passed();
	const after = cpuTimes();
	const count = await page.evaluate(() => {
		const { seen } = globalThis as unknown as {
			seen: { count: number; frame: number };
		};
		cancelAnimationFrame(seen.frame);
		return seen.count;
	});
	const spent = Object.entries(after).map(
		([kind, time]) =>
			`${kind} ${((time - (before[kind] ?? 0)) / count).toFixed(0)}`,
	);
	return { rate: count / took, spent: spent.join(", ") };
}

/** Drags the slider of `explore` in JupyterLab by a real pointer, and says how often the picture was drawn anew and what that took. */
export async function dragged(): Promise<string> {
	const browser = findBrowser();
	if (!browser)
		return "`explore` was not measured: no Chromium or Chrome was found.";
	const folder = join(project, "test/report/bench-explore");
	mkdirSync(folder, { recursive: true });
	const lab = await startLab(
		`--ServerApp.root_dir=${folder}`,
		"--LabApp.expose_app_in_browser=True",
	);
	const page = await openPage(browser);
	const rows: string[] = [];
	try {
		for (const [at, [way, shown]] of Object.entries(ways).entries()) {
			writeFileSync(
				join(folder, `${at}.ipynb`),
				JSON.stringify(notebook(source(shown))),
			);
			await page.goto(
				lab.url(`lab/workspaces/${at}/tree/${at}.ipynb?token=${lab.token}`),
			);
			await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
			while ((await notebookState(page)).status !== "idle")
				await page.waitForTimeout(200);
			await page.locator(".jp-Notebook .cm-content").first().click();
			await page.keyboard.press("Control+Enter");
			const handle = page.locator(".noUi-handle");
			await handle.waitFor({ timeout: 60_000 });
			await page.waitForTimeout(3000); // the first picture is there
			const grip = await handle.boundingBox();
			if (!grip) throw new Error("the slider has no handle");
			const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
			await page.mouse.move(x, y);
			await page.mouse.down();
			await drag(page, 2, x, y); // compiled by then
			const { rate, spent } = await drag(page, 6, x, y);
			await page.mouse.up();
			rows.push(`| ${way} | ${rate.toFixed(1)} | ${spent} |`);
		}
	} finally {
		await page.context().close();
		lab.npm.kill("SIGTERM");
		rmSync(folder, { recursive: true, force: true });
	}
	return `\`explore\` in JupyterLab: a pointer drags the slider of a chart of three units of an Elman network over 30 steps.

| the chart is shown | redraws a second | CPU time a redraw, ms |
|---|---:|---|
${rows.join("\n")}`;
}
