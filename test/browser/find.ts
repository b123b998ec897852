import { spawnSync } from "node:child_process";

const candidates = [
	process.env.UNROLLED_BROWSER,
	"chromium",
	"chromium-browser",
	"google-chrome",
	"google-chrome-stable",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of the first Chromium or Chrome that answers; UNROLLED_BROWSER names one elsewhere. */
export function findBrowser(): string | undefined {
	for (const name of candidates) {
		if (!name) continue;
		const { status } = spawnSync(name, ["--version"], { timeout: 20_000 });
		if (status !== 0) continue;
		if (name.includes("/")) return name;
		const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`]);
		return stdout.toString().trim();
	}
	return undefined;
}
