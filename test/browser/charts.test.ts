import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { jupyterDisplay } from "unrolled/plot";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { charts } from "../plot/table.ts";
import { lookAt, watchLetters } from "./letters.ts";
import { openLab } from "./open.ts";

const minutes = 60_000;

/** JupyterLab's own application, in the page. */
declare const jupyterapp: {
	commands: { execute(command: string, args?: object): Promise<unknown> };
	shell: {
		currentWidget: {
			content: {
				activeCellIndex: number;
				scrollToItem(at: number, where: string): Promise<void>;
			};
		};
	};
};
const command = (page: Page, name: string, args = {}) =>
	page.evaluate(
		([name, args]) => jupyterapp.commands.execute(name, args).then(() => {}),
		[name, args] as const,
	);

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

test(
	"every kind of chart in JupyterLab: whole, legible and nothing over another, from 480 pixels up",
	async (context) => {
		const { names, notebook } = await drawn();
		const { lab, page } = await openLab(context, "charts", (folder) =>
			writeFileSync(join(folder, "try.ipynb"), JSON.stringify(notebook)),
		);
		const errors: string[] = [];
		page.on("console", (message) => {
			if (message.type() === "error") errors.push(message.text());
		});
		await watchLetters(page);
		await page.setViewportSize({ width: 1024, height: 900 });
		await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
		await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
		await page.getByText("TypeScript (Unrolled)").first().waitFor();
		errors.length = 0; // what JupyterLab itself says while it starts
		await command(page, "application:toggle-left-area");
		const place = page.locator(".jp-Notebook .jp-OutputArea-output").first();
		const beside = 1024 - ((await place.boundingBox())?.width ?? 0);

		const wrong: string[] = [];
		const grounds = new Set<string>();
		for (const width of [480 + beside, 1600]) {
			await page.setViewportSize({ width, height: 900 });
			for (const [at, name] of names.entries()) {
				await page.mouse.move(5, 5);
				await page.evaluate((at) => {
					const { content } = jupyterapp.shell.currentWidget;
					content.activeCellIndex = at;
					return content.scrollToItem(at, "start");
				}, at);
				const cell = `.jp-Notebook .jp-Cell[data-windowed-list-index="${at}"]`;
				const canvas = `${cell} .vega-embed canvas.marks`;
				await page.locator(canvas).waitFor({ timeout: minutes });
				// charts look twice a second how wide their place is
				const look = () => lookAt(page, canvas);
				let seen = await look();
				for (let tries = 0; tries < 10 && seen.wrong.length > 0; tries++) {
					await page.waitForTimeout(200);
					seen = await look();
				}
				wrong.push(...seen.wrong.map((what) => `${name}, ${width}: ${what}`));
				grounds.add(seen.ground);
				if (process.env.UNROLLED_LOOK)
					await page.locator(cell).screenshot({
						path: join(
							project,
							`test/report/browser/charts/${width}-${String(at).padStart(2, "0")}.png`,
						),
					});
			}
		}
		// drafts, finished charts and figures of one's own alike
		expect([...grounds]).toEqual(["255 255 255"]);
		expect(wrong).toEqual([]);
		expect(errors).toEqual([]);
	},
	10 * minutes,
);
