import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	cpSync,
	mkdirSync,
	readdirSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { places, project } from "../.setup/places.mjs";

const { python, venv } = places(project);

/** The style of code, in the colours of the themes. */
function coloursOfCode(): string {
	const { status, stdout, stderr } = spawnSync(
		python,
		[
			"-c",
			`from jupyterlab_pygments import JupyterStyle
from pygments.formatters import HtmlFormatter
print(HtmlFormatter(style=JupyterStyle).get_style_defs(".highlight"))`,
		],
		{ encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

/** What all pages share, once. */
export function writeAssets(site: string) {
	const assets = join(site, "assets");
	mkdirSync(assets, { recursive: true });
	const lab = join(venv, "share/jupyter/nbconvert/templates/lab/static");
	copyFileSync(join(lab, "index.css"), join(assets, "lab.css"));
	for (const theme of ["light", "dark"])
		copyFileSync(join(lab, `theme-${theme}.css`), join(assets, `theme-${theme}.css`)); // biome-ignore format: one line
	const require = createRequire(import.meta.url);
	const katex = dirname(require.resolve("katex/dist/katex.min.css"));
	mkdirSync(join(assets, "katex"), { recursive: true });
	copyFileSync(
		join(katex, "katex.min.css"),
		join(assets, "katex/katex.min.css"),
	);
	cpSync(join(katex, "fonts"), join(assets, "katex/fonts"), {
		recursive: true,
		filter: (path) => !/\.(ttf|woff)$/.test(path), // woff2 is what browsers take
	});
	copyFileSync(join(import.meta.dirname, "site.css"), join(assets, "site.css"));
	copyFileSync(
		join(project, ".setup/jupyter/templates/unrolled/turn.js"),
		join(assets, "turn.js"),
	);
	writeFileSync(join(assets, "code.css"), coloursOfCode());
	const packages = join(venv, "lib");
	const [version] = readdirSync(packages);
	copyFileSync(
		join(packages, version, "site-packages/plotly/package_data/plotly.min.js"),
		join(assets, "plotly.min.js"),
	);
	cpSync(join(project, ".github/lessons"), join(assets, "covers"), {
		recursive: true,
	});
}
