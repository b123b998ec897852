import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";

const quiet = [
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/** A page in a browser with a profile of its own. */
export async function openPage(executablePath: string): Promise<Page> {
	const profile = mkdtempSync(join(tmpdir(), "unrolled-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath,
		args: process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet,
		headless: !process.env.UNROLLED_HEADED,
		viewport: { width: 1280, height: 960 },
		deviceScaleFactor: 1.5,
	});
	return context.newPage();
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

/** Asks the page's own application, which `--LabApp.expose_app_in_browser=True` gives. */
export const notebookState = (page: Page): Promise<State> =>
	page.evaluate(() => {
		interface Model {
			type: string;
			executionCount?: number | null;
			sharedModel: { getSource(): string };
			outputs?: { toJSON(): Record<string, unknown>[] };
		}
		// biome-ignore lint/suspicious/noExplicitAny: JupyterLab's application, whose types are not installed here
		const panel = (globalThis as any).jupyterapp.shell.currentWidget;
		const session = panel.sessionContext;
		const models: Model[] = [...panel.content.model.cells];
		const join = (value: unknown) =>
			Array.isArray(value) ? value.join("") : String(value ?? "");
		return {
			kernel: session.kernelDisplayName,
			status: session.session?.kernel?.status ?? "none",
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
