import { lacking, reason } from "./lacking.ts";
import { type Raster, raster } from "./raster.ts";

/**
 * Draws a Vega-Lite specification as a PNG on white, in base64. Vega is imported when the first PNG is made (≈ 0.3 s); where it
 * does not load there is no image but the reason why.
 */
export async function png(
	spec: Readonly<Record<string, unknown>>,
): Promise<Raster> {
	let tools: Awaited<ReturnType<typeof load>>;
	try {
		tools = await load();
	} catch (error) {
		return { missing: reason(error) };
	}
	const { vega, vegaLite } = tools;
	// As a front end gets it, through JSON: Vega leaves marks of its own in the data it is given.
	const sent = JSON.parse(JSON.stringify({ background: "white", ...spec }));
	const compiled = vegaLite.compile(sent).spec;
	const view = new vega.View(vega.parse(compiled), { renderer: "none" });
	const svg = await view.toSVG();
	view.finalize();
	return raster(svg);
}

async function load() {
	// One after the other: vega-lite, a CommonJS file, requires a part of vega, which must not be half evaluated then.
	const vega = await import("vega").catch(lacking("a PNG", "vega"));
	const vegaLite = await import("vega-lite").catch(
		lacking("a PNG", "vega-lite"),
	);
	return { vega, vegaLite };
}
