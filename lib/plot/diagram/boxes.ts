import { escaped, ink, round, widthOf, written } from "./text.ts";

/** What a box shows, from top to bottom: lines of text, and numbers as a strip of colours. */
export type Row =
	| { text: string; size?: number; colour?: string; bold?: boolean }
	| { values: ArrayLike<number>; range: number };

export interface Box {
	id: string;
	rows: readonly Row[];
	/** Weights are round, data slanted, operations boxes or, where they are a sign, circles; bare is text alone. */
	look: "round" | "slanted" | "box" | "circle" | "bare";
	colour?: string;
	/** Of a later rank: in a later row. */
	rank?: number;
	/** Boxes of a column lie above one another. */
	column?: number;
	/** What a pointer and a screen reader find there. */
	says?: string;
}

const pad = { x: 9, y: 6 };
const cell = 9;
/** Numbers of a strip at most; the rest is "…". */
const most = 16;

const sizeOf = (row: Row) =>
	"text" in row
		? {
				width: widthOf(row.text, row.size ?? 12, row.bold),
				height: (row.size ?? 12) * 1.3,
			}
		: {
				width:
					Math.min(row.values.length, most) * cell +
					(row.values.length > most ? 12 : 0),
				height: cell + 4,
			};

/** Width and height of a box in pixels, whole and even, so that boxes of a row lie in line. */
export function measured({ rows, look }: Box): {
	width: number;
	height: number;
} {
	const sizes = rows.map(sizeOf);
	const width = Math.max(...sizes.map((size) => size.width));
	const height = sizes.reduce((sum, size) => sum + size.height, 0);
	const even = (size: number) => 2 * Math.ceil(size / 2);
	if (look === "circle") {
		const round = even(Math.max(26, width + 8, height + 8));
		return { width: round, height: round };
	}
	if (look === "bare") return { width: even(width + 4), height: even(height) };
	const more = look === "slanted" ? 10 : look === "round" ? 6 : 0;
	return {
		width: even(Math.max(34, width + 2 * pad.x + more)),
		height: even(Math.max(26, height + 2 * pad.y)),
	};
}

/** A box as SVG, its upper left corner at x, y. */
export function drawnBox(box: Box, x: number, y: number): string {
	const { width, height } = measured(box);
	const { rows, look, colour = ink.line, says } = box;
	const fill = `fill="${colour}" fill-opacity="0.13" stroke="${colour}" stroke-width="1.4"`;
	const outline = {
		bare: "",
		circle: `<circle cx="${round(x + width / 2)}" cy="${round(y + height / 2)}" r="${width / 2}" ${fill}/>`,
		box: `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="4" ${fill}/>`,
		round: `<rect x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="${Math.min(13, height / 2)}" ${fill}/>`,
		slanted: `<path d="M${round(x + 8)} ${round(y)}h${width - 8}l-8 ${height}h${8 - width}z" stroke-linejoin="round" ${fill}/>`,
	}[look];
	const all = rows.reduce((sum, row) => sum + sizeOf(row).height, 0);
	let top = y + (height - all) / 2;
	const inside = rows.map((row) => {
		const size = sizeOf(row);
		const middle = top + size.height / 2;
		top += size.height;
		if ("values" in row)
			return strip(row, x + (width - size.width) / 2, middle - cell / 2);
		const { size: letters = 12, colour: own, bold } = row;
		return written(row.text, x + width / 2, middle, {
			size: letters,
			colour: own,
			bold,
		});
	});
	const words = says ? `<title>${escaped(says)}</title>` : "";
	return `<g>${words}${outline}${inside.join("")}</g>`;
}

/** Numbers as squares: blue below 0, orange above, pale near 0. */
function strip(
	{ values, range }: { values: ArrayLike<number>; range: number },
	x: number,
	y: number,
): string {
	const squares = Array.from(
		{ length: Math.min(values.length, most) },
		(_, i) =>
			`<rect x="${round(x + i * cell)}" y="${round(y)}" width="${cell}" height="${cell}" fill="${diverging(values[i] / range)}" stroke="#8b949e" stroke-width="0.6"/>`,
	);
	const rest =
		values.length > most
			? written("…", x + most * cell + 2, y + cell / 2, {
					size: 10,
					anchor: "start",
				})
			: "";
	return squares.join("") + rest;
}

/** The colour of a number from −1 to 1, as Vega's scheme blueorange has them; grey for what is none. */
export function diverging(value: number): string {
	if (!Number.isFinite(value)) return "#868686";
	const share = Math.min(1, Math.abs(value));
	return mixed(value < 0 ? [30, 96, 176] : [204, 98, 6], share);
}

const mixed = (rgb: readonly number[], share: number): string =>
	`#${rgb
		.map((part) =>
			Math.round(255 - (255 - part) * share)
				.toString(16)
				.padStart(2, "0"),
		)
		.join("")}`;
