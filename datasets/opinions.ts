import { type Random, random } from "unrolled";
import {
	expectOptions,
	optional,
	type Rules,
	size,
	source,
} from "unrolled/expect";
import { installed, type Origin } from "./installed.ts";

/** A sentence of a review. */
export interface Opinion {
	text: string;
	/** 1 where it praises, 0 where it blames. */
	positive: 0 | 1;
	/** Where it was written: films, things or restaurants. */
	site: "imdb" | "amazon" | "yelp";
}

export interface OpinionData extends Origin {
	sentences: Opinion[];
}

export interface OpinionOptions {
	/** How many sentences at most; default all, 3,000. */
	most?: number;
	/** What mixes them. Default: random(1). */
	random?: Random;
}

const rules: Rules<OpinionOptions> = {
	most: optional(size),
	random: optional(source),
};
const sites = ["imdb", "amazon", "yelp"] as const;

/**
 * 3,000 sentences from reviews of films, things and restaurants, half of them praise, half blame; none is in between.
 *
 * So few are best divided by `folds`, and the spread told beside the mean.
 *
 * Kotzias, Denil, de Freitas and Smyth 2015, From Group to Individual Labels using Deep Features.
 * @throws when the data are not installed or not those whose SHA-256 is written here.
 */
export async function opinions(
	options: OpinionOptions = {},
): Promise<OpinionData> {
	const { most, random: from = random(1) } = expectOptions(
		"opinions",
		options,
		rules,
	);
	const texts = await installed({
		loader: "opinions",
		from: "sentiment@5.0.2",
		files: sites.map((site) => `test/fixtures/${site}.json`),
		sha256: "283db82f8e79679b89788c74e4351305c52e6af9b202b5503c3d09a8652e6926",
	});
	const all = texts.flatMap((json, i) =>
		(JSON.parse(json) as { text: string; class: 0 | 1 | null }[])
			// each list ends in an empty row
			.filter(({ text }) => text !== "")
			.map(
				({ text, class: positive }): Opinion => ({
					text: text.trim(),
					positive: positive as 0 | 1,
					site: sites[i],
				}),
			),
	);
	return {
		sentences: from.shuffle(all).slice(0, most),
		source:
			"UCI Sentiment Labelled Sentences (2015), from the tests of the npm package sentiment 5.0.2",
		licence: "CC BY 4.0 (UCI); the package is MIT",
	};
}
