import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Locator, type Page } from "playwright-core";

const quiet = [
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/** A page in a browser with a profile of its own. */
export async function openPage(
	executablePath: string,
	options: { javaScriptEnabled?: boolean } = {},
): Promise<Page> {
	const profile = mkdtempSync(join(tmpdir(), "unrolled-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath,
		args: process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet,
		headless: !process.env.UNROLLED_HEADED,
		viewport: { width: 1280, height: 960 },
		deviceScaleFactor: 1.5,
		...options,
	});
	return context.newPage();
}

/** A cell, as JupyterLab keeps it: what is shown of it and what is not. */
interface CellModel {
	type: string;
	trusted: boolean;
	executionCount?: number | null;
	sharedModel: { getSource(): string; setSource(text: string): void };
	outputs?: { toJSON(): Record<string, unknown>[] };
}

declare global {
	/** JupyterLab's own application, in the page, as far as tests use it: `--LabApp.expose_app_in_browser=True` gives it. */
	var jupyterapp: {
		commands: { execute(name: string, args?: object): Promise<unknown> };
		shell: {
			currentWidget: {
				context?: { path: string; model: { dirty: boolean } };
				sessionContext: {
					kernelDisplayName: string;
					session?: { kernel?: { status: string } };
				};
				content: {
					activeCellIndex: number;
					activeCell: { model: CellModel };
					widgets: { model: CellModel }[];
					model: { cells: Iterable<CellModel> };
					scrollToItem(at: number, where: string): Promise<void>;
				};
			};
		};
	};
}

/** Runs a command of JupyterLab's to its end. */
export const command = (page: Page, name: string, args = {}): Promise<void> =>
	page.evaluate(
		([name, args]) => jupyterapp.commands.execute(name, args).then(() => {}),
		[name, args] as const,
	);

/** Begins a command of JupyterLab's without waiting for its end: some end only when a dialog is answered, or all cells have run. */
export const beginCommand = (page: Page, name: string): Promise<void> =>
	page.evaluate(
		(name) => void jupyterapp.commands.execute(name).catch(() => {}),
		name,
	);

/** Scrolls to a cell, which is drawn only when in view. */
export async function cellAt(page: Page, at: number): Promise<Locator> {
	await page.mouse.move(5, 5); // a picture that comes under the pointer would begin to move
	await page.evaluate((at) => {
		const { content } = jupyterapp.shell.currentWidget;
		content.activeCellIndex = at;
		return content.scrollToItem(at, "start");
	}, at);
	return page.locator(
		`.jp-Notebook .jp-Cell[data-windowed-list-index="${at}"]`,
	);
}

/** What JupyterLab knows of the notebook in front: it draws only the cells in view, so the page itself does not tell. */
export interface State {
	kernel: string;
	status: string;
	cells: {
		source: string;
		ran: boolean;
		outputs: {
			type: string;
			name: string;
			mimes: string[];
			text: string;
			size: number;
		}[];
	}[];
}

export const notebookState = (page: Page): Promise<State> =>
	page.evaluate(() => {
		const { content, sessionContext } = jupyterapp.shell.currentWidget;
		const models = [...content.model.cells];
		const join = (value: unknown) =>
			Array.isArray(value) ? value.join("") : String(value ?? "");
		return {
			kernel: sessionContext.kernelDisplayName,
			status: sessionContext.session?.kernel?.status ?? "none",
			cells: models
				.filter(
					(model) =>
						model.type === "code" &&
						model.sharedModel.getSource().trim() !== "",
				)
				.map((model) => ({
					source: model.sharedModel.getSource(),
					ran: typeof model.executionCount === "number",
					outputs: (model.outputs?.toJSON() ?? []).map((output) => ({
						type: String(output.output_type),
						name: String(output.name ?? ""),
						mimes: Object.keys((output.data as object | undefined) ?? {}),
						size: JSON.stringify(output).length,
						text: join(
							output.text ??
								output.evalue ??
								(output.data as Record<string, unknown> | undefined)?.[
									"text/plain"
								],
						),
					})),
				})),
		};
	});

/** How often the drawings of the page's charts change during some milliseconds: those at rest do not. */
export const redrawn = (page: Page, during: number): Promise<number> =>
	page.evaluate(async (during) => {
		let count = 0;
		const watch = new MutationObserver((changes) => {
			count += changes.filter(({ target }) =>
				(target as Element).closest?.("svg.marks"),
			).length;
		});
		watch.observe(document.body, {
			attributes: true,
			childList: true,
			subtree: true,
		});
		await new Promise((done) => setTimeout(done, during));
		watch.disconnect();
		return count;
	}, during);

/** What the page's console says of errors from now on, and what its scripts throw and nobody catches. */
export function complaintsOf(page: Page): string[] {
	const complaints: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error") complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(error.message));
	return complaints;
}

/** The colour that an element has on the screen near its upper left corner: `255 255 255`. */
export async function groundOf(page: Page, element: Locator): Promise<string> {
	const png = (await element.screenshot()).toString("base64");
	return page.evaluate(async (png) => {
		const image = new Image();
		image.src = `data:image/png;base64,${png}`;
		await image.decode();
		const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d") as CanvasRenderingContext2D;
		context.drawImage(image, 0, 0);
		return [...context.getImageData(14, 14, 1, 1).data.slice(0, 3)].join(" ");
	}, png);
}
