import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { environment, places, project } from "../.setup/places.mjs";
import { Problem } from "../.setup/problems.mjs";
import { execute } from "../test/lessons/execute.ts";
import { type Notebook, notebooks, text } from "../test/lessons/notebooks.ts";
import { escaped, pageOf, withEquations, withPages } from "./page.ts";

/**
 * `npm run site`: the lessons as pages to read, in `site`. They need no kernel, no server and no other host.
 * `--executed FOLDER` takes lessons that were run already, such as those of test/report/lessons; else all are run.
 */
const { values } = parseArgs({
	options: {
		executed: { type: "string" },
		to: { type: "string", default: join(project, "site") },
	},
});
const from = process.env.INIT_CWD ?? process.cwd();
const site = resolve(from, values.to);
const { python, venv } = places(project);

interface Lesson {
	/** "04-back-propagation" */
	name: string;
	title: string;
	question: string;
}

/** What the first cell says: `# 04 · Title`, and the question in bold. */
function lessonOf(file: string): Lesson {
	const { cells }: Notebook = JSON.parse(
		readFileSync(join(project, "notebooks", file), "utf8"),
	);
	const [title, , question = ""] = text(cells[0].source).split("\n");
	return {
		name: file.replace(".ipynb", ""),
		title: title.replace(/^# /, ""),
		question: question.replaceAll("**", ""),
	};
}

/** The folder with all lessons executed. */
async function executedLessons(): Promise<string> {
	if (values.executed !== undefined) return resolve(from, values.executed);
	const waiting = [...notebooks];
	await Promise.all(
		Array.from({ length: availableParallelism() }, async () => {
			for (let next = waiting.shift(); next; next = waiting.shift()) {
				await execute(next, { keep: "lessons" });
				console.log(`${next} was run.`);
			}
		}),
	);
	return join(project, "test/report/lessons");
}

/** The cells of each lesson as HTML, in a folder of their own. */
function converted(executed: string): string {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-site-"));
	const files = notebooks.map((name) => join(executed, name));
	const missing = files.filter((file) => !existsSync(file));
	if (missing.length > 0)
		throw new Problem(
			`Not there: ${missing.join(", ")}. \`npm run lessons\` runs all lessons into test/report/lessons.`,
		);
	const { status, stderr } = spawnSync(
		python,
		[
			...[
				"-m",
				"nbconvert",
				"--to=html",
				"--HTMLExporter.template_name=site",
				"--log-level=ERROR",
			],
			...[`--output-dir=${folder}`, ...files],
		],
		{ env: environment(project, process.env), encoding: "utf8" },
	);
	if (status !== 0) throw new Error(stderr);
	return folder;
}

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
function writeAssets() {
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

function contentsOf(lessons: readonly Lesson[]): string {
	const items = lessons.map(({ name, title, question }) => {
		const cover = `assets/covers/${name}.png`;
		const picture = existsSync(join(site, cover))
			? `<img src="${cover}" alt="" loading="lazy">`
			: "";
		return `<li><a href="${name}.html">${picture}<br>${escaped(title)}</a><br>${escaped(question)}</li>`;
	});
	return `<h1>Unrolled</h1>
<p>A course on recurrent networks that runs, in TypeScript. These pages show its lessons as they ran; to change a number and run them again, clone the project.</p>
<ul class="lessons">
${items.join("\n")}
</ul>`;
}

async function main() {
	const executed = await executedLessons();
	const bodies = converted(executed);
	rmSync(site, { recursive: true, force: true });
	writeAssets();
	const lessons = notebooks.map(lessonOf);
	lessons.forEach(({ name, title, question }, i) => {
		const html = readFileSync(join(bodies, `${name}.html`), "utf8");
		const [before, next] = [lessons[i - 1], lessons[i + 1]];
		const links = [
			{ href: "index.html", text: "All lessons" },
			...(before
				? [
						{
							href: `${before.name}.html`,
							text: `← ${before.title}`,
							rel: "prev",
						},
					]
				: []),
			...(next
				? [{ href: `${next.name}.html`, text: `${next.title} →`, rel: "next" }]
				: []),
		];
		const page = pageOf({
			title: `${title} · Unrolled`,
			about: question || title,
			body: withPages(withEquations(html)),
			links,
			turns: html.includes("data-plotly"),
		});
		writeFileSync(join(site, `${name}.html`), page);
	});
	writeFileSync(
		join(site, "index.html"),
		pageOf({
			title: "Unrolled: recurrent networks that run",
			about: "A course on recurrent networks that runs, in TypeScript.",
			body: contentsOf(lessons),
			links: [],
		}),
	);
	rmSync(bodies, { recursive: true, force: true });
	console.log(`${lessons.length} lessons are in ${join(site, "index.html")}.`);
}

try {
	await main();
} catch (error) {
	if (!(error instanceof Problem)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}
