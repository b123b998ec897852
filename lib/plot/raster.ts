/**
 * Device pixels a CSS pixel: 1.5 is sharp enough on a dense screen, and not too large on a page that ignores density. A picture that
 * is larger than `most` base64 letters then (noise, 100 × 100 weights) is drawn coarser.
 */
const zooms = [1.5, 1, 0.7];
const most = 200_000;

/** An image in base64, or why there is none. */
export interface Raster {
	image?: string;
	missing?: string;
}

/**
 * An SVG as a PNG. The same picture on every machine: letters come from the DejaVu fonts (which have Greek and mathematical signs),
 * never from the system.
 *
 * The only file of `unrolled/plot` that needs Node. Everything heavy is imported when the first PNG is made. Where these packages do
 * not load (a browser, a platform without resvg) there is no image but the reason why.
 */
export async function raster(svg: string): Promise<Raster> {
	let tools: Awaited<ReturnType<typeof load>>;
	try {
		tools = await load();
	} catch (error) {
		return { missing: reason(error) };
	}
	const { Resvg, fontFiles } = tools;
	const family = "DejaVu Sans";
	const font = {
		loadSystemFonts: false,
		fontFiles,
		defaultFontFamily: family,
		sansSerifFamily: family,
	};
	let image = "";
	for (const value of zooms) {
		const drawing = new Resvg(svg, { fitTo: { mode: "zoom", value }, font });
		image = drawing.render().asPng().toString("base64");
		if (image.length <= most) break;
	}
	return { image };
}

/** Why a package did not load, in one line. */
export const reason = (error: unknown): string =>
	error instanceof Error ? error.message.split("\n")[0] : String(error);

async function load() {
	const [{ Resvg }, { createRequire }] = await Promise.all([
		import("@resvg/resvg-js"),
		import("node:module"),
	]);
	const { resolve } = createRequire(import.meta.url);
	const fontFiles = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"].map(
		(name) => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
	);
	return { Resvg, fontFiles };
}
