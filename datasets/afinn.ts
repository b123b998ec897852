import { installed, type Origin } from "./installed.ts";

export interface AfinnData extends Origin {
	/** Word → its score, from −5 for the worst to 5 for the best. A few entries are several words, such as `can't stand`. */
	scores: Map<string, number>;
	/** The words that turn the score of the word after them, such as `not`. */
	negators: Set<string>;
}

/**
 * AFINN: 3,382 English words, each with a score that a person gave it, from −5 to 5.
 *
 * Nielsen 2011, arXiv:1103.2903, A new ANEW: evaluation of a word list for sentiment analysis in microblogs; later enlarged.
 * @throws when the data are not installed or not those whose SHA-256 is written here.
 */
export async function afinn(): Promise<AfinnData> {
	const [labels, negators] = await installed({
		loader: "afinn",
		from: "sentiment@5.0.2",
		files: ["languages/en/labels.json", "languages/en/negators.json"],
		sha256: "a602e9cb46c7730466456af2901267a414e77d532c50e86bef84f29f6b699fc7",
	});
	return {
		scores: new Map(Object.entries<number>(JSON.parse(labels))),
		negators: new Set(Object.keys(JSON.parse(negators))),
		source: "AFINN-165 (F. Å. Nielsen), from the npm package sentiment 5.0.2",
		licence: "ODbL 1.0 (the list); the package is MIT",
	};
}
