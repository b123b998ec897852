import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { environment, places, project } from "../.setup/places.mjs";
import { Problem, runMain } from "../.setup/problems.mjs";
import { execute } from "../test/lessons/execute.ts";
import { type Notebook, notebooks, text } from "../test/lessons/notebooks.ts";
import { writeAssets } from "./assets.ts";
import { contentsOf, type Lesson } from "./contents.ts";
import {
	type Page,
	pageOf,
	withEquations,
	withOutline,
	withPages,
} from "./page.ts";
import { type ReferencePage, reference } from "./reference.ts";

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
const { python } = places(project);

/** What the first cell says: `# 04 · Title`, and the question in bold. */
function lessonOf(file: string): Lesson {
	const { cells }: Notebook = JSON.parse(
		readFileSync(join(project, "notebooks", file), "utf8"),
	);
	const [title, , question = ""] = text(cells[0].source).split("\n");
	const name = file.replace(".ipynb", "");
	return {
		name,
		title: title.replace(/^# /, ""),
		question: question.replaceAll(/\*\*|`/g, ""),
		cover: existsSync(join(project, ".github/lessons", `${name}.png`)),
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

type Links = Page["links"];
const home = { href: "index.html", text: "All lessons" };
const api = { href: "api.html", text: "Reference" };

/** To the pages before and after one, where there are any. */
const neighbours = (
	before: { href: string; text: string } | undefined,
	next: { href: string; text: string } | undefined,
): Links => [
	...(before ? [{ ...before, text: `← ${before.text}`, rel: "prev" }] : []),
	...(next ? [{ ...next, text: `${next.text} →`, rel: "next" }] : []),
];

function writeLessons(lessons: readonly Lesson[], bodies: string) {
	const link = (lesson: Lesson | undefined) =>
		lesson && { href: `${lesson.name}.html`, text: lesson.title };
	lessons.forEach(({ name, title, question }, i) => {
		const html = readFileSync(join(bodies, `${name}.html`), "utf8");
		const page = pageOf({
			title: `${title} · Unrolled`,
			about: question || title,
			body: withPages(withEquations(withOutline(html))),
			links: [
				home,
				api,
				...neighbours(link(lessons[i - 1]), link(lessons[i + 1])),
			],
			turns: html.includes("data-plotly"),
		});
		writeFileSync(join(site, `${name}.html`), page);
	});
}

function writeReference(pages: readonly ReferencePage[]) {
	const link = (page: ReferencePage | undefined) =>
		page?.from ? { href: page.file, text: page.part ?? page.from } : undefined;
	pages.forEach(({ file, from, part, body }, i) => {
		const names = [part, from || "Reference", "Unrolled"].filter(Boolean);
		const page = pageOf({
			title: names.join(" · "),
			about: from
				? `What ${from} exports${part ? `: ${part.toLowerCase()}` : ""}.`
				: "What the packages of Unrolled export.",
			body,
			links: [home, api, ...neighbours(link(pages[i - 1]), link(pages[i + 1]))],
		});
		writeFileSync(join(site, file), page);
	});
}

/** The folder is made anew, so it may hold nothing but what an earlier run left. */
function checkFolder() {
	const ours = existsSync(join(site, "assets/site.css"));
	if (!ours && existsSync(site) && readdirSync(site).length > 0)
		throw new Problem(
			`${site} holds other files than a site of ours, and they would be lost: choose another folder.`,
		);
}

async function main() {
	checkFolder();
	const executed = await executedLessons();
	const bodies = converted(executed);
	rmSync(site, { recursive: true, force: true });
	writeAssets(site);
	const lessons = notebooks.map(lessonOf);
	writeLessons(lessons, bodies);
	rmSync(bodies, { recursive: true, force: true });
	const pages = reference();
	writeReference(pages);
	writeFileSync(
		join(site, "index.html"),
		pageOf({
			title: "Unrolled: recurrent networks that run",
			about: "A course on recurrent networks that runs, in TypeScript.",
			body: contentsOf(lessons),
			links: [api],
		}),
	);
	console.log(
		`${lessons.length} lessons and ${pages.length} pages of the reference are in ${join(site, "index.html")}.`,
	);
}

await runMain(main);
