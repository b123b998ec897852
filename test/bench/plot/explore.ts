import {
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { project } from "../../../.setup/places.mjs";
import { findBrowser } from "../../browser/find.ts";
import { notebookState, openPage } from "../../browser/page.ts";
import { startLab } from "../../setup/lab.ts";

const seconds = 6;
const source = `import { elman, noGrad, random, tensor } from "unrolled";
import { lineChart } from "unrolled/plot";
import { explore, slider } from "@unrolled/kernel/widgets";
const cell = elman({ inputs: 1, hidden: 8, random: random(1) });
await explore({ r: slider(0, 2) }, ({ r }) => noGrad(() => {
  let { state } = cell.step(tensor([[r]]), cell.start(1));
  const h = [state.h.toArray()[0]];
  for (let t = 1; t < 30; t++) {
    ({ state } = cell.step(tensor([[0]]), state));
    h.push(state.h.toArray()[0]);
  }
  const units = Object.fromEntries([0, 1, 2].map((u) => [\`unit \${u}\`, h.map((one) => one[u])]));
  return lineChart({ title: \`r = \${r}\`, x: "step", y: { name: "h", range: [-1, 1] }, series: units });
}))`;

/** CPU time so far of this program's descendants, in milliseconds, by what they are. Linux tells it. */
function cpuTimes(): Record<string, number> {
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
	const ours = (pid: number): boolean =>
		pid === process.pid || (all.has(pid) && ours(all.get(pid)?.parent ?? 0));
	const times: Record<string, number> = {};
	for (const [pid, { cpu, command }] of all) {
		if (pid === process.pid || !ours(pid)) continue;
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

/** Drags the slider of `explore` in JupyterLab by a real pointer, and says how often the picture was drawn anew and what that took. */
export async function dragged(): Promise<string> {
	const browser = findBrowser();
	if (!browser)
		return "`explore` was not measured: no Chromium or Chrome was found.";
	const folder = join(project, "test/report/bench-explore");
	mkdirSync(folder, { recursive: true });
	const cell = {
		id: "explore",
		cell_type: "code",
		source,
		metadata: {},
		outputs: [],
		execution_count: null,
	};
	const kernelspec = {
		name: "unrolled",
		display_name: "TypeScript (Unrolled)",
	};
	writeFileSync(
		join(folder, "try.ipynb"),
		JSON.stringify({
			nbformat: 4,
			nbformat_minor: 5,
			metadata: { kernelspec },
			cells: [cell],
		}),
	);
	const lab = await startLab(
		`--ServerApp.root_dir=${folder}`,
		"--LabApp.expose_app_in_browser=True",
	);
	const page = await openPage(browser);
	try {
		await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
		await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
		while ((await notebookState(page)).status !== "idle")
			await page.waitForTimeout(200);
		await page.locator(".jp-Notebook .cm-content").first().click();
		await page.keyboard.press("Control+Enter");
		const handle = page.locator(".noUi-handle");
		await handle.waitFor({ timeout: 60_000 });
		await page.locator(".vega-embed svg.marks").waitFor({ timeout: 60_000 });
		await page.waitForTimeout(2000);
		const grip = await handle.boundingBox();
		if (!grip) throw new Error("the slider has no handle");
		const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
		await page.mouse.move(x, y);
		await page.mouse.down();
		/** To and fro for some seconds, while each frame looks whether the title is another one. */
		const drag = async (seconds: number) => {
			await page.evaluate(() => {
				const seen = { count: 0, title: "", frame: 0 };
				Object.assign(globalThis, { seen });
				const look = () => {
					const texts = [
						...document.querySelectorAll(".jp-OutputArea-output svg text"),
					];
					const title = texts.find(({ textContent }) =>
						/^r = /.test(textContent ?? ""),
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
			return { count, took, before, after };
		};
		await drag(2); // compiled by then
		const { count, took, before, after } = await drag(seconds);
		await page.mouse.up();
		const spent = Object.entries(after)
			.map(
				([kind, time]) =>
					`${kind} ${((time - (before[kind] ?? 0)) / count).toFixed(0)} ms`,
			)
			.join(", ");
		return `\`explore\` in JupyterLab, a slider dragged by a pointer: ${(count / took).toFixed(1)} redraws a second of three units of an Elman network over 30 steps. CPU time a redraw: ${spent}.`;
	} finally {
		await page.context().close();
		lab.npm.kill("SIGTERM");
		rmSync(folder, { recursive: true, force: true });
	}
}
