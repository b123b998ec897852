/** 1.5 device pixels a CSS pixel: sharp enough on a dense screen, not too large on a page that ignores density. */
const zoom = 1.5;

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

/** Why a package did not load, in one line. */
export const reason = (error: unknown): string =>
	error instanceof Error ? error.message.split("\n")[0] : String(error);

async function load() {
	const [{ Resvg }, { createRequire }] = await Promise.all([
		import("@resvg/resvg-js"),
		import("node:module"),
	]);
	const { resolve } = createRequire(import.meta.url);
	const fontFiles = ["DejaVuSans", "DejaVuSans-Bold"].map((name) =>
		resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
	);
	return { Resvg, fontFiles };
}
