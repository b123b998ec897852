import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jupyterDisplay } from "unrolled/plot";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { charts } from "../plot/table.ts";
import { lookAt } from "./letters.ts";
import { openLab } from "./open.ts";
import { beginCommand, cellAt, command, complaintsOf } from "./page.ts";

const minutes = 60_000;

/** A notebook in which every chart has been drawn, the first one as its draft as well. */
async function drawn() {
	const [[name, first]] = charts;
	const pictures = [
		{ name: `${name}, a draft`, data: first.draft() },
		...(await Promise.all(
			charts.map(async ([name, picture]) => ({
				name,
				data: await picture[jupyterDisplay](),
			})),
		)),
	];
	return {
		names: pictures.map(({ name }) => name),
		notebook: {
			nbformat: 4,
			nbformat_minor: 5,
			metadata: {
				kernelspec: { name: "unrolled", display_name: "TypeScript (Unrolled)" },
			},
			cells: pictures.map(({ name, data }, at) => ({
				id: `chart-${at}`,
				cell_type: "code",
				source: `"${name}"`,
				metadata: {},
				execution_count: at + 1,
				outputs: [{ output_type: "display_data", data, metadata: {} }],
			})),
		},
	};
}

/** What one sees of the charts: opened in one theme, switched to the other while open, saved, trusted and opened again. */
const views = [
	{ theme: "Light", width: 480 },
	{ theme: "Dark", width: 1024 },
	{ theme: "Dark", width: 1600, again: true },
	{ theme: "Light", width: 1024 },
];
const grounds = { Light: "255 255 255", Dark: "17 17 17" } as const;

test(
	"every kind of chart in JupyterLab, in both themes, untrusted and trusted: whole, legible, nothing over another, from 480 pixels up",
	async (context) => {
		const { names, notebook } = await drawn();
		let file = "";
		const { lab, page } = await openLab(context, "charts", (folder) => {
			file = join(folder, "try.ipynb");
			writeFileSync(file, JSON.stringify(notebook));
		});
		const errors = complaintsOf(page);
		const open = async () => {
			await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
			await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
			await page
				.locator(".jp-Toolbar-kernelName", { hasText: "TypeScript (Unrolled)" })
				.waitFor();
			errors.length = 0; // what JupyterLab itself says while it starts
		};
		const trusted = () =>
			page.evaluate(() =>
				[...jupyterapp.shell.currentWidget.content.model.cells].every(
					({ trusted }) => trusted,
				),
			);
		await page.setViewportSize({ width: 1024, height: 1200 });
		await open();
		await command(page, "application:toggle-left-area");
		const place = page.locator(".jp-Notebook .jp-OutputArea-output").first();
		const beside = 1024 - ((await place.boundingBox())?.width ?? 0);
		expect(await trusted()).toBe(false);

		const wrong: string[] = [];
		for (const [n, { theme, width, again }] of views.entries()) {
			if (again) {
				await beginCommand(page, "notebook:trust");
				await page.locator(".jp-Dialog .jp-mod-accept").click();
				await expect.poll(trusted).toBe(true);
				const before = statSync(file).mtimeMs;
				await beginCommand(page, "docmanager:save");
				await expect
					.poll(() => statSync(file).mtimeMs, { timeout: minutes })
					.toBeGreaterThan(before);
				expect(errors).toEqual([]);
				await open();
				expect(await trusted()).toBe(true);
			} else
				await command(page, "apputils:change-theme", {
					theme: `JupyterLab ${theme}`,
				});
			await page
				.locator(`body[data-jp-theme-light="${theme === "Light"}"]`)
				.waitFor({ state: "attached" });
			await page.setViewportSize({
				width: width === 480 ? 480 + beside : width,
				height: 1200,
			});
			const seenInks = new Set<string>();
			for (const [at, name] of names.entries()) {
				const cell = await cellAt(page, at);
				const chart = cell.locator(".vega-embed svg.marks");
				await chart.waitFor({ timeout: minutes });
				// charts look twice a second how wide their place is
				const look = () => lookAt(chart);
				let seen = await look();
				for (let tries = 0; tries < 10 && seen.wrong.length > 0; tries++) {
					await page.waitForTimeout(200);
					seen = await look();
				}
				const where = `${name}, ${theme}, ${width}`;
				wrong.push(...seen.wrong.map((what) => `${where}: ${what}`));
				if (seen.ground !== grounds[theme as keyof typeof grounds])
					wrong.push(`${where}: on ${seen.ground}`);
				seenInks.add(seen.ink);
				if (process.env.UNROLLED_LOOK)
					await cell.screenshot({
						path: join(
							project,
							`test/report/browser/charts/${n}-${theme}-${width}-${String(at).padStart(2, "0")}.png`,
						),
					});
			}
			// drafts, finished charts and figures of one's own alike
			expect([...seenInks], `inks, ${theme}`).toHaveLength(1);
		}
		expect(wrong).toEqual([]);
		expect(errors).toEqual([]);
	},
	10 * minutes,
);
