import { lacking, reason } from "./lacking.ts";
import { indexed } from "./palette.ts";

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
		image = encoded(drawing.render(), value, tools).toString("base64");
		if (image.length <= most) break;
	}
	return { image };
}

interface Pixels {
	readonly width: number;
	readonly height: number;
	/** Red, green and blue, each times its opacity, and opacity. */
	readonly pixels: Uint8Array;
}

/**
 * A PNG with a palette, a third as large as one with a colour for each pixel, which says (in pHYs) how many of its pixels are an inch, so
 * that a page can show it at its own size.
 */
function encoded(
	{ width, height, pixels }: Pixels,
	zoom: number,
	{ crc32, deflateSync }: Awaited<ReturnType<typeof load>>,
): Buffer {
	const { colours, indices } = indexed(pixels);
	const rows = Buffer.alloc((width + 1) * height); // each begins with its filter: none
	for (let y = 0; y < height; y++)
		rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
	const chunk = (type: string, data: Uint8Array) => {
		const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
		return Buffer.concat([numbers(data.length), body, numbers(crc32(body))]);
	};
	const perMetre = Math.round((96 * zoom) / 0.0254);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		// eight bits a pixel, which are numbers in a palette
		chunk(
			"IHDR",
			Buffer.concat([numbers(width, height), Buffer.of(8, 3, 0, 0, 0)]),
		),
		chunk(
			"pHYs",
			Buffer.concat([numbers(perMetre, perMetre), Buffer.of(1)]), // the unit: metres
		),
		chunk(
			"PLTE",
			Buffer.from(
				colours.flatMap(([r, g, b, a]) =>
					[r, g, b].map((value) => (a === 0 ? 0 : (value * 255) / a)),
				),
			),
		),
		...(colours.some(([, , , a]) => a < 255)
			? [chunk("tRNS", Buffer.from(colours.map(([, , , a]) => a)))]
			: []),
		chunk("IDAT", deflateSync(rows, { level: 9 })),
		chunk("IEND", Buffer.of()),
	]);
}

/** Whole numbers in four bytes each. */
function numbers(...values: number[]): Buffer {
	const bytes = Buffer.alloc(4 * values.length);
	for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
	return bytes;
}

async function load() {
	const [{ Resvg }, { createRequire }, { crc32, deflateSync }] =
		await Promise.all([
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
	return { Resvg, fontFiles, crc32, deflateSync };
}
