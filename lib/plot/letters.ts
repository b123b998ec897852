import { jupyterDisplay, type MimeBundle, type Picture } from "./picture.ts";
import { raster } from "./raster.ts";

/** Letters of one width each, on a ground of their own; `mark` is drawn under them. */
export interface Span {
	text: string;
	ground?: string;
	bold?: boolean;
	mark?: "dots" | "line";
}

/** Size of the letters in pixels, how wide each is (DejaVu Sans Mono), and how high a line. */
const size = 13;
const wide = 0.602 * size;
const high = 21;
const margin = 10;

/** Something to read: as HTML that needs no script, as words, and as a still for pages that show no HTML of others. */
export function readable(
	make: () => {
		html: string;
		text: string;
		lines: readonly (readonly Span[])[];
	},
): Picture {
	const draft = (): MimeBundle => {
		const { html, text } = make();
		return { "text/html": html, "text/plain": text };
	};
	return {
		draft,
		async [jupyterDisplay]() {
			const { html, text, lines } = make();
			const { image, missing } = await raster(drawn(lines));
			return {
				"text/html": html,
				...(image !== undefined && { "image/png": image }),
				"text/plain":
					image === undefined ? `${text}\n(no PNG: ${missing})` : text,
			};
		},
	};
}

/** Lines of letters as an SVG. */
function drawn(lines: readonly (readonly Span[])[]): string {
	const lengths = lines.map((runs) =>
		runs.reduce((sum, { text }) => sum + [...text].length, 0),
	);
	const width = Math.ceil(Math.max(...lengths, 20) * wide + 2 * margin);
	const height = lines.length * high + 2 * margin;
	const parts = lines.flatMap((runs, row) => {
		const y = margin + row * high;
		let at = 0;
		return runs.map(({ text, ground, bold, mark }) => {
			const letters = [...text].length;
			const x = (margin + at * wide).toFixed(1);
			const w = (letters * wide).toFixed(1);
			at += letters;
			const under = mark
				? `<line x1="${x}" x2="${(margin + at * wide).toFixed(1)}" y1="${y + high - 3}" y2="${y + high - 3}" stroke="black"${mark === "dots" ? ' stroke-dasharray="1.5 2"' : ""}/>`
				: "";
			return [
				ground
					? `<rect x="${x}" y="${y + 1}" width="${w}" height="${high - 2}" fill="${ground}"/>`
					: "",
				`<text x="${x}" y="${y + 15}"${bold ? ' font-family="DejaVu Sans" font-weight="bold"' : ""} textLength="${bold ? "" : w}">${escaped(text)}</text>`,
				under,
			].join("");
		});
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${width}" height="${height}" font-family="DejaVu Sans Mono" font-size="${size}"><rect width="100%" height="100%" fill="white"/>${parts.join("").replaceAll(' textLength=""', "")}</svg>`;
}

/** A text as it stands in HTML and SVG. */
export const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
