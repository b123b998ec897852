import type { Random } from "unrolled";
import {
	expectOptions,
	oneOf,
	optional,
	type Rules,
	size,
	source,
	text,
} from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** A character as a pen writes it. */
export interface Written {
	character: string;
	/** [n][2]: how far the pen moves to the right and down to each point, in steps of about 1. */
	moves: [number, number][];
	/** [n]: after each move the pen draws on (0), is lifted to go elsewhere (1), or has come to the end (2). */
	pens: number[];
}

export interface HandwritingData extends Origin {
	written: Written[];
}

/** Single-line fonts: each character is the path of a pen. */
const fonts = ["futural", "scripts", "cursive", "timesr", "gothiceng"] as const;

export interface HandwritingOptions {
	/** Which characters to write, each as often: `"0123456789"` by default. */
	characters?: string;
	/** How many characters to write. */
	count: number;
	/** Whose hand: `"futural"`, plain single strokes (default), `"scripts"` or `"cursive"`, joined; `"timesr"` and `"gothiceng"` draw outlines. */
	font?: (typeof fonts)[number];
	/** How far the points of a stroke lie from one another, in the font's units; a letter is 21 high. Default 3. */
	spacing?: number;
	random: Random;
}

const rules: Rules<HandwritingOptions> = {
	characters: optional(text),
	count: size,
	font: optional(oneOf(...fonts)),
	spacing: optional({
		wanted: "a positive number",
		fits: (value) => typeof value === "number" && value > 0 && value < Infinity,
	}),
	random: source,
};

/**
 * Characters as movements of a pen: the strokes of Hershey's fonts (1967), written again and again by an unsteady hand.
 *
 * Each is slanted, turned and scaled by chance, its points lie about evenly, and they tremble a little. Moves are divided by the spacing + 1, so that they
 * are of size 1.
 * @throws when the data are not installed or not those whose SHA-256 is written here, or the font has no such character.
 */
export async function handwriting(
	options: HandwritingOptions,
): Promise<HandwritingData> {
	const {
		characters = "0123456789",
		count,
		font = "futural",
		spacing = 3,
		random,
	} = expectOptions("handwriting", options, rules);
	const [json] = await installed({
		loader: "handwriting",
		from: "hersheytext@2.0.0",
		files: ["hersheytext.min.json"],
		sha256: "73709473c12b3ea48b29a8167ef4f84ea7340cfa3f44e65fc0194690edf41ceb",
	});
	const { chars } = (JSON.parse(json) as Record<string, Font>)[font];
	const paths = [...new Set(characters)].map((character) => {
		// the first is the one after the space
		const d = chars[(character.codePointAt(0) as number) - 33]?.d;
		if (!d)
			throw new Error(
				`handwriting: ${font} has no strokes for ${JSON.stringify(character)}`,
			);
		return { character, strokes: strokes(d) };
	});
	if (paths.length === 0)
		throw new Error("handwriting: characters must name at least one");
	const written = Array.from({ length: count }, () => {
		const { character, strokes } = paths[random.integer(paths.length)];
		return { character, ...byHand(strokes, spacing, random) };
	});
	return {
		written,
		source: `A. V. Hershey's font ${font} (1967), from the npm package hersheytext 2.0.0`,
		licence: "public domain (the fonts); the package is MIT",
	};
}

interface Font {
	chars: { d: string }[];
}
type Point = [number, number];

/** `M9,1 L6,2 4,5 M9,1 L17,22` as strokes of points. */
function strokes(d: string): Point[][] {
	return d
		.split("M")
		.filter((part) => part.trim() !== "")
		.map((part) =>
			part
				.replace(/L/g, " ")
				.trim()
				.split(/\s+/)
				.map((pair) => pair.split(",").map(Number) as Point),
		);
}

function byHand(
	strokes: readonly Point[][],
	spacing: number,
	random: Random,
): { moves: Point[]; pens: number[] } {
	const slant = random.normal(0, 0.15);
	const angle = random.normal(0, 0.06);
	const [wide, high] = [0, 0].map(() => Math.exp(random.normal(0, 0.08)));
	const size = spacing + 1;
	const place = ([x, y]: Point): Point => {
		const [a, b] = [wide * (x - slant * y), high * y];
		const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
		return [
			(a * cos - b * sin) / size + random.normal(0, 0.04),
			(a * sin + b * cos) / size + random.normal(0, 0.04),
		];
	};
	const moves: Point[] = [];
	const pens: number[] = [];
	let at: Point | undefined;
	strokes.forEach((stroke, s) => {
		const points = evenly(stroke, spacing).map(place);
		points.forEach((point, i) => {
			// the first point of all is where writing begins
			if (at) {
				moves.push([point[0] - at[0], point[1] - at[1]]);
				const last = i === points.length - 1;
				pens.push(!last ? 0 : s === strokes.length - 1 ? 2 : 1);
			}
			at = point;
		});
	});
	return { moves, pens };
}

/** Points along a stroke, about as far from one another as asked; its ends stay. */
function evenly(stroke: readonly Point[], spacing: number): Point[] {
	const lengths = stroke.slice(1).map(([x, y], i) => {
		const [px, py] = stroke[i];
		return Math.hypot(x - px, y - py);
	});
	const total = lengths.reduce((a, b) => a + b, 0);
	const count = Math.max(1, Math.round(total / spacing));
	return Array.from({ length: count + 1 }, (_, k) => {
		let left = (total * k) / count;
		let i = 0;
		while (i < lengths.length - 1 && left > lengths[i]) left -= lengths[i++];
		const share = lengths[i] ? Math.min(1, left / lengths[i]) : 0;
		const [[x, y], [nx, ny]] = [stroke[i], stroke[i + 1] ?? stroke[i]];
		return [x + share * (nx - x), y + share * (ny - y)];
	});
}
