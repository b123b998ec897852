import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { places, project } from "../../.setup/places.mjs";
import { withEquations, withPages } from "../../.site/page.ts";
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

/** The site from lessons that were not run, which takes seconds; what the lessons show is held by their own tests. */
describe("the site", () => {
	const site = join(mkdtempSync(join(tmpdir(), "unrolled site ")), "site");
	const pages = ["index.html", ...notebooks.map((name) => name.replace(".ipynb", ".html"))]; // biome-ignore format: one line
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

	test("has a page for each lesson and one that lists them", () => {
		const made = readdirSync(site).filter((name) => name.endsWith(".html"));
		expect(made.sort()).toEqual([...pages].sort());
		for (const page of pages.slice(1))
			expect(read("index.html")).toContain(`href="${page}"`);
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

	test.each(pages.slice(1))("%s shows no equation as its source", (page) => {
		const shown = read(page).replaceAll(
			/<(pre|code|script|style|annotation)\b[\s\S]*?<\/\1>|<[^>]*>/g,
			"",
		);
		expect(shown).not.toMatch(/\$[^$\n]*[\\_^][^$\n]*\$|\\(frac|tanh|sigma)\b/);
	});
});
