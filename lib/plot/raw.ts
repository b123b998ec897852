import { expectOptions, type Rules } from "../expect/expect.ts";
import { optional, text as textRule } from "../expect/rules.ts";
import { given } from "./options.ts";
import {
	jupyterDisplay,
	type MimeBundle,
	type Picture,
	type VegaLite,
	vegaPicture,
} from "./picture.ts";
import { raster } from "./raster.ts";
import { embedding, inked } from "./theme.ts";

/** What a figure of one's own says in words, for those who do not see it and for pages that do not draw it. */
export interface InWords {
	text?: string;
}

const inWords: Rules<InWords> = { text: optional(textRule) };
const withStill: Rules<InWords & { still?: Picture }> = {
	...inWords,
	still: optional(given),
};

/**
 * Shows a Vega-Lite specification of one's own, version 5 or 6, with a PNG beside it.
 *
 * What it does not colour has the ink of the page, in both themes, unless it has a `background` of its own. JupyterLab draws version 5;
 * what is new in version 6 it does not know.
 * @throws when `$schema` names something else.
 */
export function vegaLite(spec: VegaLite, options: InWords = {}): Picture {
	const { text } = expectOptions("vegaLite", options, inWords);
	const schema = String(spec.$schema ?? "");
	if (schema !== "" && !/\/vega-lite\/v[56](\.\d+)*\.json$/.test(schema))
		throw new Error(
			`vegaLite: $schema must be that of Vega-Lite 5 or 6, got ${schema}`,
		);
	const words = text ?? sentence(spec.title ?? spec.description);
	return vegaPicture(() => ({
		spec: {
			...inInk(spec),
			$schema: "https://vega.github.io/schema/vega-lite/v5.json",
			description: spec.description ?? words,
		},
		text: words,
	}));
}

/** A specification in the ink of the page, where it says nothing else. On a ground of its own Vega's black is right. */
function inInk(spec: VegaLite): VegaLite {
	const config = { ...(spec.config as VegaLite) };
	if ("background" in spec || "background" in config) return spec;
	for (const [part, ours] of Object.entries(inked))
		config[part] =
			typeof ours === "object"
				? { ...ours, ...(config[part] as object) }
				: ours;
	const { embedOptions, ...usermeta } = { ...(spec.usermeta as VegaLite) };
	return {
		...spec,
		config,
		usermeta: {
			...usermeta,
			embedOptions: { ...embedding, ...(embedOptions as object) },
		},
	};
}

/** A figure as Plotly takes it. */
export interface PlotlyFigure {
	data: readonly object[];
	layout?: object;
	config?: object;
}

/**
 * Shows a Plotly figure of one's own. Node cannot draw it: give another picture as its `still`, for pages without Plotly.
 */
export function plotly(
	figure: PlotlyFigure,
	options: InWords & { still?: Picture } = {},
): Picture {
	const { text, still } = expectOptions("plotly", options, withStill);
	if (!Array.isArray(figure.data))
		throw new Error(
			`plotly: a figure is { data: […], layout: {…} }, got ${JSON.stringify(figure)?.slice(0, 60)}`,
		);
	const { title } = (figure.layout ?? {}) as {
		title?: string | { text?: string };
	};
	const words =
		text ?? sentence(typeof title === "object" ? title?.text : title);
	const draft = (): MimeBundle => ({
		"application/vnd.plotly.v1+json": { layout: {}, ...figure },
		"text/plain": words,
	});
	return {
		draft,
		async [jupyterDisplay]() {
			const { "image/png": image } = (await still?.[jupyterDisplay]()) ?? {};
			return { ...draft(), ...(image !== undefined && { "image/png": image }) };
		},
	};
}

/**
 * Shows an SVG of one's own, with a PNG beside it on pages that show none. Its words are `text`, or its own `<title>`.
 * @throws when the text is no SVG with its namespace.
 */
export function svg(source: string, options: InWords = {}): Picture {
	const { text } = expectOptions("svg", options, inWords);
	if (!/<svg\s[^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/.test(source))
		throw new Error(
			`svg: the text must be <svg xmlns="http://www.w3.org/2000/svg" …>, got ${JSON.stringify(source.slice(0, 40))}`,
		);
	const own = /<title>([^<]*)<\/title>/.exec(source)?.[1];
	const words = { "text/plain": text ?? own ?? "A drawing" };
	return {
		draft: () => ({ "image/svg+xml": source, ...words }),
		async [jupyterDisplay]() {
			const { image } = await raster(source);
			return {
				"image/svg+xml": source,
				...(image !== undefined && { "image/png": image }),
				...words,
			};
		},
	};
}

/** What a canvas must have: node-canvas, @napi-rs/canvas and a page's own have it. */
export interface Canvas {
	toDataURL(type: "image/png"): string;
}

/** Shows what stands on a canvas of one's own, as a PNG. */
export function canvas(drawing: Canvas, options: InWords = {}): Picture {
	const { text } = expectOptions("canvas", options, inWords);
	const draft = (): MimeBundle => ({
		"image/png": drawing.toDataURL("image/png").split(",")[1],
		"text/plain": text ?? "A drawing",
	});
	return { draft, [jupyterDisplay]: async () => draft() };
}

/** A title as the specifications write it: a string, lines, or { text }. */
function sentence(title: unknown): string {
	if (typeof title === "string") return title;
	if (Array.isArray(title)) return title.join(" ");
	if (typeof title === "object" && title !== null && "text" in title)
		return sentence(title.text);
	return "A chart";
}
