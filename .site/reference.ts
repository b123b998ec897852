import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outside, places as placesOf, project } from "../.setup/places.mjs";
import { explain, Problem } from "../.setup/problems.mjs";
import { installed } from "../.setup/stamp.mjs";
import {
	declarationHtml,
	firstSentence,
	type Render,
	type Writing,
} from "./declarations.ts";
import { type Declaration, kinds } from "./model.ts";
import { escaped } from "./page.ts";

/** A page of the reference. */
export interface ReferencePage {
	/** "api-unrolled-cells.html" */
	file: string;
	/** What it is imported from: "unrolled". */
	from: string;
	/** "Cells", where the package has several pages. */
	part?: string;
	body: string;
}

/** The entries of the packages in the order of the pages, by their folders. */
const entries: Record<string, string> = {
	lib: "unrolled",
	"lib/plot": "unrolled/plot",
	"lib/exercise": "unrolled/exercise",
	"lib/expect": "unrolled/expect",
	datasets: "@unrolled/datasets",
	kernel: "@unrolled/kernel",
	"kernel/widgets": "@unrolled/kernel/widgets",
};

/** The parts of `unrolled`, each with the folders and files of `lib` that it describes. */
const parts: Record<string, readonly string[]> = {
	Cells: ["cells"],
	Layers: ["layers"],
	Trees: ["tree"],
	Tensors: ["tensor", "ops", "backend", "make.ts", "masks.ts", "scope.ts"],
	"Weights and random numbers": ["initialisers.ts", "weights.ts", "random.ts"],
	Data: ["data"],
	Training: ["train"],
	Writing: ["decode"],
	Looking: ["inspect"],
	Saving: ["save"],
};

const own = join(project, ".site");
const typedoc = join(own, "node_modules/typedoc/bin/typedoc");

/** TypeDoc does not know TypeScript 7, so it has packages of its own, which only this command needs. */
function install() {
	const record = join(own, "node_modules/.package-lock.json");
	const read = (file: string) => readFileSync(file, "utf8");
	const there = (path: string) => existsSync(join(own, path));
	if (
		existsSync(record) &&
		installed(read(join(own, "package-lock.json")), read(record), there)
	)
		return;
	console.log("Installing TypeDoc into .site/node_modules …");
	const { status, stdout, stderr, error } = spawnSync(
		"npm",
		["ci", "--no-audit", "--no-fund", "--loglevel=error"],
		{ cwd: own, env: outside(project, process.env), encoding: "utf8" },
	);
	if (status === 0) return;
	const output = `${error ?? ""}${stdout}${stderr}`;
	console.error(output);
	throw new Problem(
		explain("Installing TypeDoc into .site/node_modules", output),
	);
}

/** What TypeDoc reads from the sources: a module for each entry. */
function modules(): Declaration[] {
	const folder = mkdtempSync(join(tmpdir(), "unrolled-typedoc-"));
	const json = join(folder, "api.json");
	const { status, stdout, stderr } = spawnSync(
		placesOf(project).node,
		[
			typedoc,
			...Object.keys(entries).map((entry) => join(project, entry, "index.ts")),
			...["--tsconfig", join(own, "tsconfig.json")],
			...["--basePath", project, "--json", json, "--readme", "none"],
			...["--disableGit", "--sourceLinkTemplate", "{path}"],
			"--skipErrorChecking", // the project's own TypeScript has checked them
			"--excludePrivate",
			...["--sort", "source-order", "--logLevel", "Error"],
		],
		{ cwd: own, encoding: "utf8" },
	);
	if (status !== 0)
		throw new Error(`TypeDoc ended with ${status}:\n${stdout}${stderr}`);
	const { children }: Declaration = JSON.parse(readFileSync(json, "utf8"));
	rmSync(folder, { recursive: true, force: true });
	return children ?? [];
}

function partOf({ sources }: Declaration): string {
	const [, place] = sources?.[0].fileName.split("/") ?? [];
	const found = Object.entries(parts).find(([, places]) =>
		places.includes(place),
	);
	if (!found)
		throw new Error(
			`No part of the reference describes lib/${place}: add it to \`parts\` in .site/reference.ts.`,
		);
	return found[0];
}

const slug = (text: string) =>
	text
		.toLowerCase()
		.replaceAll(/[^a-z]+/g, "-")
		.replaceAll(/^-|-$/g, "");

type Place = Omit<ReferencePage, "body">;

/** All pages that describe names. */
const places: readonly Place[] = Object.values(entries).flatMap((from) =>
	from === "unrolled"
		? Object.keys(parts).map((part) => ({
				file: `api-unrolled-${slug(part)}.html`,
				from,
				part,
			}))
		: [{ file: `api-${slug(from)}.html`, from }],
);

/** The files of the reference; the first lists what the others describe. */
export const referenceFiles = ["api.html", ...places.map(({ file }) => file)];

interface Content {
	page: Place;
	declarations: Declaration[];
}

/** Which page describes which names. */
function contents(all: readonly Declaration[]): Content[] {
	const byId = new Map(
		all.flatMap(({ children = [] }) => children.map((one) => [one.id, one])),
	);
	/** What is exported twice is described on both pages. */
	const real = (one: Declaration): Declaration => {
		const meant = one.kind === kinds.reference && byId.get(one.target ?? -1);
		return meant ? { ...meant, name: one.name } : one;
	};
	const exports = new Map(
		Object.entries(entries).map(([entry, from]) => {
			const module = all.find(({ name }) => name === entry);
			if (!module) throw new Error(`TypeDoc found no entry ${entry}/index.ts.`);
			return [from, (module.children ?? []).map(real)];
		}),
	);
	return places.map((page) => ({
		page,
		declarations: (exports.get(page.from) ?? []).filter(
			(one) => page.part === undefined || partOf(one) === page.part,
		),
	}));
}

const isType = ({ kind }: Declaration) =>
	kind === kinds.interface || kind === kinds.type;

/** Functions, constants and classes by name, then types. */
const inOrder = (declarations: readonly Declaration[]) =>
	declarations.toSorted(
		(a, b) =>
			Number(isType(a)) - Number(isType(b)) ||
			a.name.localeCompare(b.name, "en"),
	);

/** The names of a page, each with the first sentence that is said of it, and its types. */
function listOf({ page, declarations }: Content, render: Render, at: string) {
	const rows = inOrder(declarations)
		.filter((one) => !isType(one))
		.map((one) => {
			const said = render(firstSentence(one)).replaceAll(/<\/?(p|a)\b[^>]*>/g, ""); // biome-ignore format: one line
			return `<dt><a href="${at}#${one.name}"><code>${escaped(one.name)}</code></a></dt>\n<dd>${said}</dd>`;
		});
	const types = inOrder(declarations)
		.filter(isType)
		.map(
			({ name }) => `<a href="${at}#${name}"><code>${escaped(name)}</code></a>`,
		);
	return {
		title: page.part ?? page.from,
		names: rows.length > 0 ? `<dl class="names">\n${rows.join("\n")}\n</dl>` : "", // biome-ignore format: one line
		types: types.length > 0 ? `<p>Types: ${types.join(", ")}</p>` : "",
	};
}

/** The reference of all packages, from the comments in their sources; the first page lists the others. */
export function reference(): ReferencePage[] {
	install();
	const all = contents(modules());
	const anchors = new Map(
		all.flatMap(({ page, declarations }) =>
			declarations.map((one) => [one.id, `${page.file}#${one.name}`] as const),
		),
	);
	const markdownIt = createRequire(join(own, "package.json"))("markdown-it");
	const markdown = markdownIt({ html: false });
	const render: Render = (text) => markdown.render(text);
	const writing: Writing = { where: (id) => anchors.get(id), render };
	const pages = all.map((content) => {
		const { page, declarations } = content;
		const { title, names, types } = listOf(content, render, "");
		return {
			...page,
			body: `<h1>${escaped(title)}</h1>
<pre class="signature">import { … } from "${page.from}";</pre>
${names}
${types}
${inOrder(declarations)
	.map((one) => declarationHtml(one, writing))
	.join("\n")}`,
		};
	});
	const lists = Object.values(entries).map((from) => {
		const of = all.filter(({ page }) => page.from === from);
		const sections = of.map((content) => {
			const { title, names } = listOf(content, render, content.page.file);
			const level = content.page.part ? "h3" : "h2";
			const open = `<a href="${content.page.file}">${escaped(title)}</a>`;
			return `<${level}>${open}</${level}>\n${names}`;
		});
		const head = of.length > 1 ? `<h2>${escaped(from)}</h2>\n` : "";
		return head + sections.join("\n");
	});
	const first = {
		file: "api.html",
		from: "",
		body: `<h1>Reference</h1>
<p>What the packages of Unrolled export, as Shift-Tab shows it in a notebook. [T, B, D] are shapes: T steps, B sequences, D inputs; H is the size of a state, K the number of outputs.</p>
${lists.join("\n")}`,
	};
	return [first, ...pages];
}
