import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import { Ajv } from "ajv";
import { jupyterDisplay, type MimeBundle, type Picture } from "unrolled/plot";
import * as vega from "vega";
import { compile } from "vega-lite";

/** The Vega-Lite specification in a bundle. */
export const spec = (bundle: MimeBundle) =>
	bundle["application/vnd.vegalite.v5+json"] as Record<string, never> & {
		title: { text: string[]; subtitle?: string[] };
		layer: { data: { values: Record<string, unknown>[] } }[];
	};

/** What Vega-Lite and Vega complain about when they draw it, and the SVG that comes out. */
export async function drawn(
	picture: Picture,
): Promise<{ warnings: string[]; svg: string }> {
	const warnings: string[] = [];
	const note = (...words: unknown[]) => {
		warnings.push(words.join(" "));
		return logger;
	};
	const logger = {
		level: () => logger,
		error: note,
		warn: note,
		info: () => logger,
		debug: () => logger,
	} as never;
	// As a front end gets it: through JSON.
	const sent = JSON.parse(
		JSON.stringify(spec(await picture[jupyterDisplay]())),
	);
	const parsed = vega.parse(compile(sent, { logger }).spec);
	const view = new vega.View(parsed, { renderer: "none", logger });
	return { warnings, svg: await view.toSVG() };
}

/** Width, height, and the share of pixels that are not white, of a PNG in base64: drawn once more, to look at its pixels. */
export function pixels(png: unknown): {
	width: number;
	height: number;
	ink: number;
} {
	const bytes = Buffer.from(png as string, "base64");
	const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
	const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${png}"/>`;
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
	const rgba = new Resvg(svg).render().pixels;
	let inked = 0;
	for (let i = 0; i < rgba.length; i += 4) {
		if (rgba[i + 3] !== 255) throw new Error(`pixel ${i / 4} is not opaque`);
		if (rgba[i] < 250 || rgba[i + 1] < 250 || rgba[i + 2] < 250) inked++;
	}
	return { width, height, ink: inked / (width * height) };
}

const schema = createRequire(import.meta.url)(
	"vega-lite/build/vega-lite-schema.json",
);
const valid = new Ajv({
	strict: false,
	allErrors: false,
	formats: { "color-hex": true, "uri-reference": true, uri: true },
}).compile(schema);

/** What Vega-Lite's own JSON schema says against a specification. */
export const misspelt = (specification: object): string[] =>
	valid(JSON.parse(JSON.stringify(specification)))
		? []
		: (valid.errors ?? []).map(
				({ instancePath, message }) => `${instancePath} ${message}`,
			);
