import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as datasets from "@unrolled/datasets";
import * as unrolled from "unrolled";
import * as exercise from "unrolled/exercise";
import * as expectations from "unrolled/expect";
import * as plot from "unrolled/plot";
import { beforeAll, describe, expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";
import { firstSentence } from "../../.site/declarations.ts";
import type { Type } from "../../.site/model.ts";
import { withEquations, withOutline, withPages } from "../../.site/page.ts";
import { referenceFiles } from "../../.site/reference.ts";
import { typeHtml } from "../../.site/types.ts";
import * as kernel from "../../kernel/index.ts";
import * as widgets from "../../kernel/widgets/index.ts";
import { notebooks } from "../lessons/notebooks.ts";

describe("equations", () => {
	test("are drawn in text, in a line of their own too, with their meaning as MathML", () => {
		const html = withEquations(
			"<p>If $a &lt; b$, then\n$$h_t = \\tanh(z)$$</p>",
		);
		expect(html).toContain('<annotation encoding="application/x-tex">a &lt; b');
		expect(html).toContain("katex-display");
		expect(html).not.toContain("$");
	});

	test("are left alone in code, in attributes and where a dollar is money", () => {
		for (const html of [
			"<pre>from $a$ to $b$</pre>",
			"<code>$x$</code>",
			'<img alt="$x$">',
			"<p>It costs 5 \\$ or 6.</p>",
		])
			expect(withEquations(html)).toBe(html);
	});

	test("that KaTeX does not know are an error that shows them", () => {
		expect(() => withEquations("$\\unheard{x}$")).toThrow("unheard");
	});
});

test("links to notebooks are links to pages", () => {
	expect(withPages('<a href="05-unstable-gradients.ipynb#clip">')).toBe(
		'<a href="05-unstable-gradients.html#clip">',
	);
});

test("the sections of a lesson are listed before it, by their headings", () => {
	const html = withOutline(
		'<h1 id="a">A</h1><h2 id="first-step">First $x$<a class="anchor-link" href="#first-step">¶</a></h2>',
	);
	expect(html).toContain('<li><a href="#first-step">First $x$</a></li>');
	expect(html.indexOf("<details")).toBeLessThan(html.indexOf("<h1"));
	expect(withOutline("<h1>A</h1>")).toBe("<h1>A</h1>");
});

describe("types of the reference", () => {
	const number: Type = { type: "intrinsic", name: "number" };
	const text: Type = { type: "literal", value: "a" };
	const either: Type = { type: "union", types: [number, text] };
	const known: Type = { type: "reference", name: "Tensor", target: 7 };
	const toNumber: Type = {
		type: "reflection",
		declaration: {
			...{ id: 1, name: "__type", kind: 65536 },
			signatures: [
				{ name: "__type", parameters: [{ name: "x", type: known }], type: number }, // biome-ignore format: one line
			],
		},
	};
	test.each<[string, Type, string]>([
		[
			"a union in a list has brackets",
			{ type: "array", elementType: either },
			'(number | "a")[]',
		],
		[
			"a function in a union has brackets",
			{ type: "union", types: [toNumber, number] },
			"((x: Tensor) => number) | number",
		],
		[
			"an operator binds what follows",
			{
				type: "typeOperator",
				operator: "readonly",
				target: { type: "array", elementType: number },
			},
			"readonly number[]",
		],
		[
			"a type of types",
			{
				type: "reference",
				name: "Map",
				target: {},
				typeArguments: [number, either],
			},
			'Map<number, number | "a">',
		],
		[
			"a tuple with names",
			{
				type: "tuple",
				elements: [
					{
						type: "namedTupleMember",
						name: "at",
						isOptional: true,
						element: number,
					},
				],
			},
			"[at?: number]",
		],
		[
			"a mapped type",
			{
				type: "mapped",
				parameter: "K",
				parameterType: text,
				templateType: number,
				optionalModifier: "+",
			},
			'{ [K in "a"]?: number }',
		],
	])("%s", (_, type, wanted) => {
		const html = typeHtml(type, (id) => (id === 7 ? "api.html#Tensor" : undefined)); // biome-ignore format: one line
		const text = html.replaceAll(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"'); // biome-ignore format: one line
		expect(text).toBe(wanted);
		expect(html.includes('<a href="api.html#Tensor">')).toBe(wanted.includes("Tensor")); // biome-ignore format: one line
	});

	test("a first sentence does not end inside of brackets", () => {
		const say = (text: string) =>
			firstSentence({ id: 1, name: "f", kind: 64, comment: { summary: [{ kind: "text", text }] } }); // biome-ignore format: one line
		expect(say("A cell (Cho et al. 2014, eq. 3). It has gates.")).toBe(
			"A cell (Cho et al. 2014, eq. 3).",
		);
		expect(say("Two equations:\n\n```text\nh = x\n```")).toBe("Two equations.");
	});
});

/** The site from lessons that were not run, which takes seconds; what the lessons show is held by their own tests. */
describe("the site", () => {
	const site = join(mkdtempSync(join(tmpdir(), "unrolled site ")), "site");
	const lessons = notebooks.map((name) => name.replace(".ipynb", ".html"));
	const pages = ["index.html", ...lessons, ...referenceFiles];
	const read = (page: string) => readFileSync(join(site, page), "utf8");

	beforeAll(() => {
		const { status, stderr } = spawnSync(
			places(project).node,
			[
				join(project, ".site/main.ts"),
				`--executed=${join(project, "notebooks")}`,
				`--to=${site}`,
			],
			{ encoding: "utf8" },
		);
		expect(status, stderr).toBe(0);
	}, 300_000);

	test("has a page for each lesson, one that lists them, and the reference", () => {
		const made = readdirSync(site).filter((name) => name.endsWith(".html"));
		expect(made.sort()).toEqual([...pages].sort());
		for (const page of [...lessons, "api.html"])
			expect(read("index.html")).toContain(`href="${page}"`);
		for (const page of referenceFiles.slice(1))
			expect(read("api.html")).toContain(`href="${page}"`);
	});

	test.each<[string, object]>([
		["unrolled", unrolled],
		["unrolled/plot", plot],
		["unrolled/exercise", exercise],
		["unrolled/expect", expectations],
		["@unrolled/datasets", datasets],
		["@unrolled/kernel", kernel],
		["@unrolled/kernel/widgets", widgets],
	])("describes each name that %s exports, in words", (from, exported) => {
		const own = referenceFiles
			.map(read)
			.filter((html) => html.includes(`from "${from}";`));
		const sections = own.flatMap((html) => [
			...html.matchAll(
				/<section class="declaration" id="([^"]+)">([\s\S]*?)<\/section>/g,
			),
		]);
		const texts = new Map(sections.map(([, id, text]) => [id, text]));
		for (const name of Object.keys(exported))
			expect(texts.get(name), name).toContain("<p>");
	});

	test("describes options by their members, inherited ones too, and leads from a type to what it says", () => {
		const cells = read("api-unrolled-cells.html");
		const [, options] = cells.split('id="GruOptions"');
		const [section] = options.split("</section>");
		expect(section).toContain("reset?: &quot;before&quot; | &quot;after&quot;");
		expect(section).toContain("the size of the state");
		expect(section).toContain(
			'<a href="api-unrolled-weights-and-random-numbers.html#Random">',
		);
	});

	test("gives each place of a page a name of its own", () => {
		for (const page of referenceFiles) {
			const ids = [...read(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id); // biome-ignore format: one line
			expect(new Set(ids).size, page).toBe(ids.length);
		}
	});

	test.each(pages)("%s has links that hold, and asks no other host", (page) => {
		const html = read(page);
		const links = [...html.matchAll(/<(\w+)\b[^>]*?\b(?:href|src)="([^"]*)"/g)];
		for (const [, tag, link] of links) {
			if (link.startsWith("data:")) continue;
			if (/^https?:/.test(link)) {
				expect(tag, link).toBe("a"); // papers, which a reader may open
				continue;
			}
			const [path, part] = link.split("#");
			const file = path === "" ? page : path;
			expect(existsSync(join(site, decodeURI(file))), link).toBe(true);
			if (part) expect(read(file)).toContain(`id="${part}"`);
		}
		expect(html).not.toMatch(/\burl\(["']?https?:|@import/);
	});

	test("has styles that ask no other host, and whose files are there", () => {
		const assets = join(site, "assets");
		for (const name of readdirSync(assets, { recursive: true }) as string[]) {
			if (!name.endsWith(".css")) continue;
			const css = readFileSync(join(assets, name), "utf8");
			expect(css).not.toMatch(/url\(["']?(https?:)?\/\//);
			for (const [, path] of css.matchAll(
				/url\(["']?(?!data:)([^)"']+\.woff2)/g,
			))
				expect(existsSync(join(assets, dirname(name), path)), path).toBe(true);
		}
	});

	test.each(lessons)("%s shows no equation as its source", (page) => {
		const shown = read(page).replaceAll(
			/<(pre|code|script|style|annotation)\b[\s\S]*?<\/\1>|<[^>]*>/g,
			"",
		);
		expect(shown).not.toMatch(/\$[^$\n]*[\\_^][^$\n]*\$|\\(frac|tanh|sigma)\b/);
	});
});
