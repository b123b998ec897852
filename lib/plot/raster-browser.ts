import { reason } from "./lacking.ts";
import type { Raster } from "./raster.ts";

/** What it needs of a page. */
interface Page {
	document: { createElement(name: "canvas"): Canvas };
	Image: new () => Image;
}
interface Image {
	src: string;
	readonly width: number;
	readonly height: number;
	decode(): Promise<void>;
}
interface Canvas {
	width: number;
	height: number;
	getContext(kind: "2d"): {
		scale(x: number, y: number): void;
		drawImage(image: Image, x: number, y: number): void;
	};
	toDataURL(type: "image/png"): string;
}

const zoom = 1.5;

/** An SVG as a PNG, drawn by the page with its own letters: what stands for raster.ts in a browser. */
export async function raster(svg: string): Promise<Raster> {
	try {
		const { document, Image } = globalThis as unknown as Page;
		const image = new Image();
		image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
		await image.decode();
		const canvas = document.createElement("canvas");
		canvas.width = Math.ceil(image.width * zoom);
		canvas.height = Math.ceil(image.height * zoom);
		const context = canvas.getContext("2d");
		context.scale(zoom, zoom);
		context.drawImage(image, 0, 0);
		return { image: canvas.toDataURL("image/png").split(",")[1] };
	} catch (error) {
		return { missing: reason(error) };
	}
}
