import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { project } from "../../.setup/places.mjs";
import { misplaced } from "./letters.ts";
import { openLab } from "./open.ts";
import {
	beginCommand,
	cellAt,
	command,
	complaintsOf,
	groundOf,
	notebookState,
} from "./page.ts";

const minutes = 60_000;
const cells = {
	network: `import { cellGraph, chain, dense, dotAttention, elman, embedding, encoderDecoder, fold, graph, gru, lstm, meanSquaredError, naryLstm, networkGraph, random, schedule, tensor, unroll } from "unrolled";
import { animation, cellDiagram, graphDiagram, lineChart, networkDiagram, surface, trajectories, treeDiagram } from "unrolled/plot";
import { explore, slider } from "@unrolled/kernel/widgets";
const seed = random(1);
const sizes = { inputs: 4, hidden: 4, random: seed };
const words = () => embedding({ tokens: 5, size: 4, random: seed });
const net = encoderDecoder({
  encoder: chain(words(), unroll(gru(sizes))), decoder: chain(words(), unroll(gru(sizes))),
  output: dense({ inputs: 8, outputs: 5, random: seed }), attention: dotAttention(),
});
networkDiagram(networkGraph(net, { source: [[1], [2], [3]], target: [[0], [1]] }), { title: "A decoder looks back at every step of the source", inputs: ["the", "cat", "sat", "–", "le"], outputs: ["le", "chat"] })`,
	graph: `const { W, U, b } = elman({ inputs: 1, hidden: 1, random: seed }).weights;
const step = elman({ inputs: 1, hidden: 1, random: seed });
const { output: h } = step.step(tensor([[1]]), tensor([[0.5]]));
graphDiagram(graph(meanSquaredError(h, tensor([[0.5]])), { h, ...step.weights }, { values: true, gradients: true }), { title: "Forward and backward" })`,
	cell: `cellDiagram(cellGraph(lstm(sizes), tensor([[1, -1, 0.5, 0]])), { title: "The inside of an LSTM" })`,
	tree: `const tree = { label: 2, children: [{ label: 3, children: [{ label: 0 }, { label: 1 }] }, { label: 1 }] };
const { nodes } = schedule([tree]);
const { state } = fold(naryLstm(sizes)).run({ trees: [tree], inputs: words().weights.table });
treeDiagram({ title: "A tree", nodes, names: ["0", "1", "and", "or"], states: state.h.toArray() as number[][] })`,
	surface: `const axis = Array.from({ length: 30 }, (_, i) => i / 10 - 1.5);
surface({ title: "A saddle", x: { axis: "w", values: axis }, y: { axis: "b", values: axis }, z: "loss", values: axis.map((y) => axis.map((x) => x * x - y * y)), paths: { down: { x: [1, 0.5, 0], y: [0.1, 0.2, 0.6] } } })`,
	states: `const xs = Array.from({ length: 40 }, (_, t) => [[Math.sin(t), Math.cos(t), 1, 0]]);
trajectories({ title: "States of a GRU", series: { run: (unroll(gru(sizes)).apply(tensor(xs)).toArray() as number[][][]).map(([h]) => h) } })`,
	animation: `const at = Array.from({ length: 30 }, (_, t) => [t * Math.cos(t / 4), t * Math.sin(t / 4)]);
animation({ title: "A pen", x: "x", y: "y", equal: true, frames: at.map((_, t) => ({ name: \`step \${t + 1}\`, series: { line: { x: at.slice(0, t + 1).map(([x]) => x), y: at.slice(0, t + 1).map(([, y]) => y) } } })) })`,
	explore: `await explore({ r: slider(0, 2) }, ({ r }) => {
  const h = [1];
  for (let t = 1; t < 30; t++) h.push(Math.tanh(r * h[t - 1]));
  return lineChart({ title: \`With r = \${r.toFixed(2)} the state ends at \${h[29].toFixed(2)}\`, x: "step", y: { name: "h", range: [-0.1, 1.1] }, series: { h } });
})`,
};
const names = Object.keys(cells) as (keyof typeof cells)[];
const notebook = {
	nbformat: 4,
	nbformat_minor: 5,
	metadata: {
		kernelspec: { name: "unrolled", display_name: "TypeScript (Unrolled)" },
	},
	cells: Object.entries(cells).map(([id, source]) => ({
		id,
		cell_type: "code",
		source,
		metadata: {},
		outputs: [],
		execution_count: null,
	})),
};

/** The cell of a name, scrolled to. */
const cellOf = (page: Page, name: keyof typeof cells) =>
	cellAt(page, names.indexOf(name));

test(
	"diagrams and pictures of three dimensions in JupyterLab: whole in both themes and widths, turned, played and moved by a pointer, and stills where they are not trusted",
	async (context) => {
		let folder = "";
		const { lab, page } = await openLab(context, "diagrams", (at) => {
			folder = at;
			writeFileSync(join(at, "try.ipynb"), JSON.stringify(notebook));
		});
		const errors = complaintsOf(page);
		let pictures = 0;
		const look = (name: string) =>
			page.screenshot({
				path: join(
					project,
					`test/report/browser/diagrams/${++pictures}-${name}.png`,
				),
			});
		const state = async () => await notebookState(page);
		await page.setViewportSize({ width: 1024, height: 900 });
		await page.goto(lab.url(`lab/tree/try.ipynb?token=${lab.token}`));
		await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
		await expect
			.poll(async () => (await state()).status, { timeout: minutes })
			.toBe("idle");
		errors.length = 0; // what JupyterLab itself says while it starts
		await beginCommand(page, "notebook:run-all-cells");
		await expect
			.poll(
				async () => {
					const { cells, status } = await state();
					return status === "idle" && cells.every(({ ran }) => ran);
				},
				{ timeout: 3 * minutes },
			)
			.toBe(true);
		const outputs = (await state()).cells.flatMap((cell) => cell.outputs);
		expect(outputs.filter(({ type }) => type === "error")).toEqual([]);
		for (const { size } of outputs) expect(size).toBeLessThan(300_000);

		await command(page, "application:toggle-left-area");
		for (const theme of ["Light", "Dark"])
			for (const width of [480, 1024, 1600]) {
				await command(page, "apputils:change-theme", {
					theme: `JupyterLab ${theme}`,
				});
				await page.setViewportSize({ width, height: 900 });
				for (const name of names.slice(0, 4)) {
					const image = (await cellOf(page, name)).locator(
						".jp-RenderedSVG img",
					);
					await image.waitFor();
					const { own, hidden, scrolls } = await image.evaluate(
						(img: HTMLImageElement) => {
							const place = img.closest(".jp-OutputArea-output") as Element;
							return {
								own: img.naturalWidth,
								hidden: place.scrollWidth - place.clientWidth,
								scrolls: getComputedStyle(place).overflowX === "auto",
							};
						},
					);
					expect(own, `${name} is empty`).toBeGreaterThan(100);
					// letters keep their size: what is wider than a narrow page is moved there by hand
					if (width > 480) expect(hidden, `${name} is cut off`).toBe(0);
					else expect(scrolls, `${name} is cut off`).toBe(true);
					expect(await misplaced(page)).toEqual([]);
					expect(await groundOf(page, image), `${name}, ${theme}`).toBe(
						theme === "Light" ? "255 255 255" : "17 17 17",
					);
					await look(`${name}-${theme}-${width}`);
				}
			}
		await page.setViewportSize({ width: 1024, height: 900 });

		for (const name of ["surface", "states"] as const) {
			const cell = await cellOf(page, name);
			await cell.locator(".plot-img").waitFor();
			const box = await cell.locator(".plot-img").boundingBox();
			if (!box) throw new Error(`${name} has no picture`);
			await page.mouse.move(box.x + 200, box.y + 150);
			const scene = cell.locator(".gl-container canvas").first();
			await scene.waitFor({ timeout: minutes });
			const plot = cell.locator(".js-plotly-plot");
			const camera = () =>
				plot.evaluate((node) => {
					interface Drawn {
						_fullLayout: {
							scene: { _scene: { getCamera(): { eye: object } } };
						};
					}
					const { scene } = (node as unknown as Drawn)._fullLayout;
					return JSON.stringify(scene._scene.getCamera().eye);
				});
			const before = await camera();
			const place = await scene.boundingBox();
			if (!place) throw new Error(`${name} has no scene`);
			const [x, y] = [place.x + place.width / 2, place.y + 150];
			await page.mouse.move(x, y);
			await page.mouse.down();
			await page.mouse.move(x + 120, y + 40, { steps: 8 });
			await page.mouse.up();
			await expect.poll(camera).not.toBe(before);
			await look(`${name}-turned`);
		}

		const playing = await cellOf(page, "animation");
		const still = await playing.locator(".plot-img").boundingBox();
		if (!still) throw new Error("the animation has no picture");
		await page.mouse.move(still.x + 100, still.y + 100);
		const chosen = playing.locator(".slider-label").first();
		await chosen.waitFor({ timeout: minutes });
		expect(await chosen.textContent()).toBe("step 30");
		await playing.locator(".updatemenu-button").first().click();
		const steps = new Set<string | null>();
		await expect
			.poll(
				async () => {
					steps.add(await chosen.textContent());
					return steps.size;
				},
				{ timeout: minutes, interval: 50 },
			)
			.toBeGreaterThan(3);
		await look("animation-playing");

		const exploring = await cellOf(page, "explore");
		const handle = exploring.locator(".noUi-handle");
		await handle.waitFor();
		const titles = new Set<string>();
		const title = async () => {
			const { cells } = await state();
			return cells.at(-1)?.outputs.length;
		};
		expect(await title()).toBe(3);
		const heading = () =>
			page.evaluate(() => {
				const { content } = jupyterapp.shell.currentWidget;
				const outputs = [...content.model.cells].at(-1)?.outputs?.toJSON();
				const data = outputs?.[1].data as {
					"application/vnd.vegalite.v5+json": { title: { text: unknown } };
				};
				const { title } = data["application/vnd.vegalite.v5+json"];
				return `${[title.text].flat().join(" ")}${"image/png" in data ? " (still)" : ""}`;
			});
		const grip = await handle.boundingBox();
		if (!grip) throw new Error("the slider has no handle");
		const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
		await page.mouse.move(x, y);
		await page.mouse.down();
		for (let dx = 0; dx <= 80; dx += 4) {
			await page.mouse.move(x + dx, y);
			titles.add(await heading());
		}
		await page.mouse.up();
		const value = await exploring.locator(".widget-readout").textContent();
		const wanted = `With r = ${Number(value).toFixed(2)} the state ends at`;
		await expect
			.poll(heading, { timeout: minutes })
			.toMatch(new RegExp(`^${wanted.replace(".", "\\.")} .*\\(still\\)$`));
		expect(titles.size, "the picture follows").toBeGreaterThan(3);
		await look("explored");
		expect(errors).toEqual([]);

		await command(page, "docmanager:save");
		await expect
			.poll(() => readFileSync(join(folder, "try.ipynb"), "utf8"), {
				timeout: minutes,
			})
			.toContain(wanted);
		// a notebook whose content nobody has signed: the same with another word in it
		copyFileSync(join(folder, "try.ipynb"), join(folder, "other.ipynb"));
		const other = readFileSync(join(folder, "other.ipynb"), "utf8");
		writeFileSync(
			join(folder, "other.ipynb"),
			other.replaceAll("const seed = random(1);", "const seed = random(2);"),
		);
		await page.goto(
			lab.url(`lab/workspaces/other/tree/other.ipynb?token=${lab.token}`),
		);
		await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
		for (const name of names.slice(0, 4)) {
			const image = (await cellOf(page, name)).locator(".jp-RenderedImage img");
			await image.waitFor({ timeout: minutes });
			const width = await image.evaluate(
				(img: HTMLImageElement) => img.naturalWidth,
			);
			expect(width, `${name} has no still`).toBeGreaterThan(100);
			await look(`${name}-untrusted`);
		}
		const last = await cellOf(page, "explore");
		await last.getByText("To change this yourself, run the cell.").waitFor();
		await last.locator(".vega-embed").waitFor();
		await look("explore-untrusted");
	},
	10 * minutes,
);
