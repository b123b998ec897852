import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { TestContext } from "vitest";
import { project } from "../../.setup/places.mjs";
import { type Lab, startLab } from "../setup/lab.ts";
import { findBrowser } from "./find.ts";
import { openPage } from "./page.ts";

declare module "vitest" {
	interface TaskMeta {
		/** Why a test was skipped: `npm test` says it in its last lines. */
		skipped?: string;
	}
}

const browser = findBrowser();

/** The browser that is there; skips the test where there is none. */
export function browserOrSkip({ skip, task }: TestContext): string {
	if (browser) return browser;
	task.meta.skipped =
		"no Chromium or Chrome was found (UNROLLED_BROWSER may name one)";
	return skip();
}

/**
 * Starts JupyterLab in a folder that the test fills, which JupyterLab may write to, and a browser beside it. The folder lies inside
 * the project, so that its packages are found. Skips the test where there is no browser.
 */
export async function openLab(
	context: TestContext,
	name: string,
	fill: (folder: string) => void,
): Promise<{ lab: Lab; page: Page }> {
	const browser = browserOrSkip(context);
	const { onTestFinished } = context;
	const folder = join(project, "test/report/browser", name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	fill(folder);
	const lab = await startLab(
		`--ServerApp.root_dir=${folder}`,
		"--LabApp.expose_app_in_browser=True",
	);
	onTestFinished(() => {
		lab.npm.kill("SIGTERM");
	});
	const page = await openPage(browser);
	onTestFinished(() => page.context().close());
	return { lab, page };
}
