import type { VegaLite } from "./picture.ts";

/** 1.5 device pixels a CSS pixel: sharp enough on a dense screen, not too large on a page that ignores density. */
const zoom = 1.5;

/**
 * Draws a Vega-Lite specification as a PNG on white, in base64. The same picture on every machine: letters come from the
 * DejaVu fonts (which have Greek and mathematical signs), never from the system.
 *
 * The only file of `unrolled/plot` that needs Node. Everything heavy is imported when the first PNG is made (≈ 0.3 s).
 * Where these packages do not load (a browser, a platform without resvg) there is no image but the reason why.
 */
export async function png(
	spec: VegaLite,
): Promise<{ image?: string; missing?: string }> {
	let tools: Awaited<ReturnType<typeof load>>;
	try {
		tools = await load();
	} catch (error) {
		return {
			missing:
				error instanceof Error ? error.message.split("\n")[0] : String(error),
		};
	}
	const { vega, vegaLite, Resvg, fontFiles } = tools;
	// As a front end gets it, through JSON: Vega leaves marks of its own in the data it is given.
	const sent = JSON.parse(JSON.stringify({ background: "white", ...spec }));
	const compiled = vegaLite.compile(sent).spec;
	const view = new vega.View(vega.parse(compiled), { renderer: "none" });
	const svg = await view.toSVG();
	view.finalize();
	const family = "DejaVu Sans";
	const drawing = new Resvg(svg, {
		fitTo: { mode: "zoom", value: zoom },
		font: {
			loadSystemFonts: false,
			fontFiles,
			defaultFontFamily: family,
			sansSerifFamily: family,
		},
	});
	return { image: drawing.render().asPng().toString("base64") };
}

async function load() {
	const [vega, vegaLite, { Resvg }, { createRequire }] = await Promise.all([
		import("vega"),
		import("vega-lite"),
		import("@resvg/resvg-js"),
		import("node:module"),
	]);
	const { resolve } = createRequire(import.meta.url);
	const fontFiles = ["DejaVuSans", "DejaVuSans-Bold"].map((name) =>
		resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
	);
	return { vega, vegaLite, Resvg, fontFiles };
}
