import katex from "katex";

/** What stands around a lesson or another text: one page of the site. */
export interface Page {
	title: string;
	/** One sentence, for search engines and for the list of lessons. */
	about: string;
	body: string;
	/** Links at the head and the foot of the page, in order. */
	links: readonly { href: string; text: string; rel?: string }[];
	/** Whether it has a picture of Plotly's. */
	turns?: boolean;
}

export const escaped = (text: string) =>
	text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");

const unescaped = (html: string) =>
	html
		.replaceAll("&lt;", "<")
		.replaceAll("&gt;", ">")
		.replaceAll("&quot;", '"')
		.replaceAll("&#39;", "'")
		.replaceAll("&amp;", "&");

export function pageOf({ title, about, body, links, turns }: Page): string {
	const navigation = links
		.map(({ href, text, rel }) => {
			const kind = rel === undefined ? "" : ` rel="${rel}"`;
			return `<a href="${escaped(href)}"${kind}>${escaped(text)}</a>`;
		})
		.join("\n");
	const assets = "assets";
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escaped(about)}">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets}/lab.css">
<link rel="stylesheet" href="${assets}/theme-light.css">
<link rel="stylesheet" href="${assets}/theme-dark.css" media="screen and (prefers-color-scheme: dark)">
<link rel="stylesheet" href="${assets}/katex/katex.min.css">
<link rel="stylesheet" href="${assets}/code.css">
<link rel="stylesheet" href="${assets}/site.css">
</head>
<body class="jp-Notebook">
<nav>
${navigation}
</nav>
<main>
${body}
</main>
<nav>
${navigation}
</nav>
${turns ? `<script src="${assets}/plotly.min.js"></script>\n<script src="${assets}/turn.js"></script>\n` : ""}</body>
</html>
`;
}

/**
 * The equations of a page, drawn: `$…$` and `$$…$$` in text, not in code.
 * @throws Error with the equation, where KaTeX does not know what stands in it.
 */
export function withEquations(html: string): string {
	// pieces of code, scripts, pictures and tags are left as they are
	return html.replaceAll(
		/<(pre|code|script|svg|style)\b[\s\S]*?<\/\1>|<[^>]*>|\$\$([\s\S]+?)\$\$|\$((?:[^$\\<]|\\.)+?)\$/g,
		(all, _, display?: string, inline?: string) => {
			const equation = display ?? inline;
			if (equation === undefined) return all;
			return katex.renderToString(unescaped(equation), {
				displayMode: display !== undefined,
				strict: "ignore",
			});
		},
	);
}

/** Links from lesson to lesson, which are notebooks in the course and pages here. */
export const withPages = (html: string) =>
	html.replaceAll(/href="([\w.-]+)\.ipynb(#[^"]*)?"/g, 'href="$1.html$2"');

/** A list of the sections of a lesson, folded, before its text. */
export function withOutline(html: string): string {
	const sections = [...html.matchAll(/<h2 id="([^"]+)">([\s\S]*?)<\/h2>/g)];
	if (sections.length === 0) return html;
	const items = sections.map(([, id, title]) => {
		const text = title
			.replace(/<a class="anchor-link"[\s\S]*?<\/a>/, "")
			.replaceAll(/<\/?a\b[^>]*>/g, "");
		return `<li><a href="#${id}">${text}</a></li>`;
	});
	return `<details class="outline">
<summary>Sections</summary>
<ul>
${items.join("\n")}
</ul>
</details>
${html}`;
}
