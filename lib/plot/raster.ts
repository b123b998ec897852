import { lacking, reason } from "./lacking.ts";

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
 * The only file of `unrolled/plot` that needs Node: bundlers for a browser take raster-browser.ts in its place (`browser` in
 * package.json). Everything heavy is imported when the first PNG is made. Where these packages do not load there is no image but the
 * reason why.
 */
export async function raster(svg: string): Promise<Raster> {
	let tools: Awaited<ReturnType<typeof load>>;
	try {
		tools = await load();
	} catch (error) {
		return { missing: reason(error) };
	}
	const { Resvg, fontFiles, crc32 } = tools;
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
		const png = withDensity(drawing.render().asPng(), value, crc32);
		image = png.toString("base64");
		if (image.length <= most) break;
	}
	return { image };
}

/** The same PNG, which says (in a pHYs chunk) how many of its pixels are an inch, so that a page can show it at its own size. */
function withDensity(
	png: Buffer,
	zoom: number,
	crc32: (data: Buffer) => number,
): Buffer {
	const chunk = Buffer.alloc(21);
	const perMetre = Math.round((96 * zoom) / 0.0254);
	chunk.writeUInt32BE(9, 0);
	chunk.write("pHYs", 4, "latin1");
	chunk.writeUInt32BE(perMetre, 8);
	chunk.writeUInt32BE(perMetre, 12);
	chunk.writeUInt8(1, 16); // the unit: metres
	chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
	const header = 33; // the signature and IHDR
	return Buffer.concat([png.subarray(0, header), chunk, png.subarray(header)]);
}

async function load() {
	const [{ Resvg }, { createRequire }, { crc32 }] = await Promise.all([
		import("@resvg/resvg-js").catch(lacking("a PNG", "@resvg/resvg-js")),
		import("node:module"),
		import("node:zlib"),
	]);
	const { resolve } = createRequire(import.meta.url);
	const fontFiles = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"].map(
		(name) => {
			try {
				return resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
			} catch (error) {
				return lacking("a PNG", "dejavu-fonts-ttf")(error);
			}
		},
	);
	return { Resvg, fontFiles, crc32 };
}
