import { lacking, reason } from "./lacking.ts";
import { type Raster, raster } from "./raster.ts";

/**
 * Draws a Vega-Lite specification as a PNG on white, in base64. Vega is imported when the first PNG is made (≈ 0.3 s); where it
 * does not load there is no image but the reason why.
 */
export async function png(spec: Specification): Promise<Raster> {
	const { svg, missing } = await lines({ background: "white", ...spec });
	return svg === undefined ? { missing } : raster(svg);
}

type Specification = Readonly<Record<string, unknown>>;

/** Draws a Vega-Lite specification as an SVG, or says why it cannot. */
export async function lines(
	spec: Specification,
): Promise<{ svg?: string; missing?: string }> {
	let tools: Awaited<ReturnType<typeof load>>;
	try {
		tools = await load();
	} catch (error) {
		return { missing: reason(error) };
	}
	const { vega, vegaLite } = tools;
	// As a front end gets it, through JSON: Vega leaves marks of its own in the data it is given.
	const compiled = vegaLite.compile(JSON.parse(JSON.stringify(spec))).spec;
	const view = new vega.View(vega.parse(compiled), { renderer: "none" });
	const svg = await view.toSVG();
	view.finalize();
	return { svg };
}

async function load() {
	// One after the other: vega-lite, a CommonJS file, requires a part of vega, which must not be half evaluated then.
	const vega = await import("vega").catch(lacking("a PNG", "vega"));
	const vegaLite = await import("vega-lite").catch(
		lacking("a PNG", "vega-lite"),
	);
	return { vega, vegaLite };
}
