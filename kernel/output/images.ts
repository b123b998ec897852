import type { Bundle } from "./values.ts";

/** CSS pixels in an inch. */
const CSS = 96;
const METRE = 39.3701; // inches
/** Where a PNG's first chunk ends: the signature and IHDR. */
const AFTER_HEADER = 33;

/** The size at which a PNG means to be shown, in CSS pixels: its own divided by its density. Undefined where it does not say. */
function sizeOf(base64: string): { width: number; height: number } | undefined {
	const png = Buffer.from(base64.slice(0, 1024), "base64");
	if (png.length < AFTER_HEADER || png.toString("latin1", 12, 16) !== "IHDR")
		return undefined;
	for (let at = AFTER_HEADER; at + 12 <= png.length; ) {
		const length = png.readUInt32BE(at);
		const type = png.toString("latin1", at + 4, at + 8);
		if (type === "IDAT") return undefined;
		if (type === "pHYs" && at + 17 <= png.length && png[at + 16] === 1) {
			const density = png.readUInt32BE(at + 8) / METRE / CSS;
			const pixels = (offset: number) =>
				Math.round(png.readUInt32BE(offset) / density);
			return density > 0
				? { width: pixels(16), height: pixels(20) }
				: undefined;
		}
		at += length + 12;
	}
	return undefined;
}

/** Metadata of a bundle's PNG, so that a picture of high density is shown at its own size. */
export function metadataOf(bundle: Bundle): Record<string, unknown> {
	const png = bundle["image/png"];
	const size = typeof png === "string" ? sizeOf(png) : undefined;
	return size ? { "image/png": size } : {};
}
