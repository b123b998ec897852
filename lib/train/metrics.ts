import { expectOptions, expectValue, type Rules } from "../expect/expect.ts";
import { expectList, isList } from "../expect/lists.ts";
import { finite, oneOf, optional, size, whole } from "../expect/rules.ts";
import { described } from "../expect/words.ts";
import { flatIds, type Ids } from "../ops/select.ts";
import { lastAxis } from "../ops/softmax.ts";
import type { Tensor } from "../tensor.ts";

/**
 * The share of positions whose likeliest class is the target: logits [..., K], targets [...]; a target of −1 leaves its position out.
 * @throws when the targets' shape is not that of the logits without the last axis, or no position counts.
 */
export function accuracy(logits: Tensor, targets: Ids): number {
	const { columns: K } = lastAxis("accuracy", logits);
	const { ids, shape } = flatIds("accuracy: targets", targets);
	const wanted = logits.shape.slice(0, -1);
	if (`${shape}` !== `${wanted}`)
		throw new Error(
			`accuracy: targets must be [${wanted.join(", ")}], got [${shape.join(", ")}]`,
		);
	let [right, count] = [0, 0];
	for (let i = 0; i < ids.length; i++) {
		if (ids[i] < -1 || ids[i] >= K)
			throw new Error(
				`accuracy: target ${ids[i]} at ${i} is not one of 0 … ${K - 1} (or −1, left out)`,
			);
		if (ids[i] < 0) continue;
		const row = logits.data.subarray(i * K, (i + 1) * K);
		let best = 0;
		for (let k = 1; k < K; k++) if (row[k] > row[best]) best = k;
		count++;
		if (best === ids[i]) right++;
	}
	if (count === 0)
		throw new Error("accuracy: wanted at least one target, got none");
	return right / count;
}

/** eᴸ of a loss of L nats a token: among how many equally likely tokens the model is undecided. */
export function perplexity(nats: number): number {
	expectValue("perplexity", "the loss", nats, finite);
	return Math.exp(nats);
}

/** A loss of nats a character as bits a character: nats / ln 2. */
export function bits(nats: number): number {
	expectValue("bits", "the loss", nats, finite);
	return nats / Math.LN2;
}

export interface F1Options {
	/** `"macro"`, the mean over the classes (default), `"micro"` over all positions, or the number of the one class that counts. */
	average?: "macro" | "micro" | number;
}

const averages = oneOf("macro", "micro");
const f1Rules: Rules<F1Options> = {
	average: optional({
		wanted: '"macro", "micro" or a class',
		fits: (value) => averages.fits(value) || whole().fits(value),
	}),
};

/**
 * F₁, the harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN): classes said and classes that are true, one for each position. A class
 * that is neither said nor true has none and is left out of the mean.
 * @throws when the two differ in length or are empty.
 */
export function f1(
	said: ArrayLike<number>,
	truth: ArrayLike<number>,
	options: F1Options = {},
): number {
	const { average = "macro" } = expectOptions("f1", options, f1Rules);
	const [a, b] = pairs("f1", said, truth, whole());
	const classes =
		typeof average === "number" ? [average] : [...new Set([...a, ...b])];
	const counts = classes.map((k) => {
		const both = a.filter((x, i) => x === k && b[i] === k).length;
		const all =
			a.filter((x) => x === k).length + b.filter((x) => x === k).length;
		return { both, all };
	});
	if (average === "micro") {
		const sum = (of: "both" | "all") =>
			counts.reduce((total, count) => total + count[of], 0);
		return (2 * sum("both")) / sum("all");
	}
	const scores = counts.map(({ both, all }) =>
		all === 0 ? 0 : (2 * both) / all,
	);
	return scores.reduce((total, score) => total + score, 0) / scores.length;
}

/** A text, or a list of tokens. */
export type Tokens = string | ArrayLike<unknown>;

/** The tokens of a list, or the characters of a text. */
function tokensOf(place: string, name: string, value: Tokens): unknown[] {
	if (typeof value !== "string" && !isList(value))
		throw new Error(
			`${place}: ${name} must be a text or a list of tokens, got ${described(value)}`,
		);
	return Array.from(value as ArrayLike<unknown>);
}

/**
 * How many tokens have to be put in, taken out or changed to get from one to the other (Levenshtein 1966): of two texts characters, of two lists their items.
 */
export function editDistance(from: Tokens, to: Tokens): number {
	const a = tokensOf("editDistance", "from", from);
	const b = tokensOf("editDistance", "to", to);
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next[j] = Math.min(
				row[j] + 1,
				next[j - 1] + 1,
				row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
			);
		row = next;
	}
	return row[b.length];
}

/**
 * The edits that are needed to make all that was said right, over the number of true tokens: word, phone or character error rate. It may exceed 1.
 * @throws when the two lists differ in length, or no token is true.
 */
export function errorRate(
	said: readonly Tokens[],
	truth: readonly Tokens[],
): number {
	const [a, b] = texts("errorRate", said, truth);
	const edits = a.reduce((sum, one, i) => sum + editDistance(one, b[i]), 0);
	const tokens = b.reduce((sum, one) => sum + one.length, 0);
	if (tokens === 0)
		throw new Error(
			"errorRate: the true sequences must hold at least one token, got none",
		);
	return edits / tokens;
}

/**
 * The share of outputs that are right from the first token to the last.
 * @throws when the two lists differ in length, or are empty.
 */
export function exactMatch(
	said: readonly Tokens[],
	truth: readonly Tokens[],
): number {
	const [a, b] = texts("exactMatch", said, truth);
	const right = a.filter(
		(one, i) =>
			one.length === b[i].length && one.every((token, j) => token === b[i][j]),
	);
	return right.length / a.length;
}

export interface BleuOptions {
	/** The longest n-grams that count; default 4. */
	order?: number;
}

/**
 * BLEU (Papineni et al. 2002, doi:10.3115/1073083.1073135), from 0 to 100, over a whole set of translations, each a list of words.
 *
 * ```text
 * BLEU = 100 · min(1, e^(1 − r/c)) · (p₁·p₂·p₃·p₄)^¼
 * ```
 *
 * pₙ is the share of the n-grams said that stand in a reference too, each counted at most as often as it does there; c is the number of
 * words said, r that of the references nearest in length. It is 0 when no n-gram of some n is right: nothing is smoothed.
 * @param references for each translation the right one, or a list of several
 * @throws when the two lists differ in length or are empty.
 */
export function bleu(
	said: readonly (readonly string[])[],
	references: readonly (readonly string[] | readonly (readonly string[])[])[],
	options: BleuOptions = {},
): number {
	const { order = 4 } = expectOptions("bleu", options, {
		order: optional(size),
	});
	sameLength("bleu", said, references);
	const right = new Array<number>(order).fill(0);
	const all = new Array<number>(order).fill(0);
	let [c, r] = [0, 0];
	said.forEach((given, i) => {
		const words = wordsOf(`translation ${i}`, given);
		const one = references[i];
		if (!Array.isArray(one) || one.length === 0)
			throw new Error(
				`bleu: reference ${i} must be a list of words, or of such lists, got ${described(one)}`,
			);
		const known = (typeof one[0] === "string" ? [one] : one).map((list) =>
			wordsOf(`reference ${i}`, list),
		);
		c += words.length;
		const off = (n: number) => Math.abs(n - words.length);
		r += known
			.map((list) => list.length)
			.reduce((best, n) =>
				off(n) < off(best) || (off(n) === off(best) && n < best) ? n : best,
			);
		for (let n = 1; n <= order; n++) {
			const counts = grams(words, n);
			const most = known.map((list) => grams(list, n));
			for (const [gram, count] of counts) {
				all[n - 1] += count;
				const there = Math.max(...most.map((m) => m.get(gram) ?? 0));
				right[n - 1] += Math.min(count, there);
			}
		}
	});
	if (right.includes(0)) return 0;
	const precision = right.reduce((sum, n, i) => sum + Math.log(n / all[i]), 0);
	return 100 * Math.exp(Math.min(0, 1 - r / c) + precision / order);
}

function wordsOf(name: string, value: unknown): readonly string[] {
	if (!Array.isArray(value) || !value.every((w) => typeof w === "string"))
		throw new Error(
			`bleu: ${name} must be a list of words, got ${described(value)}${typeof value === "string" ? "; words(…) makes one of a text" : ""}`,
		);
	return value;
}

/** How often each run of n words comes. */
function grams(words: readonly string[], n: number): Map<string, number> {
	const counts = new Map<string, number>();
	for (let i = 0; i + n <= words.length; i++) {
		const gram = words.slice(i, i + n).join("\u0000");
		counts.set(gram, (counts.get(gram) ?? 0) + 1);
	}
	return counts;
}

/**
 * Mean absolute error of a forecast, in the units of the data.
 * @throws when the two differ in length, are empty, or a number is missing.
 */
export function meanAbsolute(
	said: ArrayLike<number>,
	truth: ArrayLike<number>,
): number {
	const [a, b] = pairs("meanAbsolute", said, truth, finite);
	return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length;
}

/**
 * The mean absolute scaled error (Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001): that of a forecast over that of saying, in the
 * training series, what was one season ago. Below 1 it is better than that.
 * @throws when a list is empty or too short, or a number is missing; when the training series repeats itself exactly.
 */
export function mase(
	said: ArrayLike<number>,
	truth: ArrayLike<number>,
	options: {
		/** The series that the forecast was learnt from. */
		train: ArrayLike<number>;
		/** How many steps make a season; default 1: the naive forecast says what was last. */
		season?: number;
	},
): number {
	const { train, season = 1 } = expectOptions("mase", options, {
		train: listed,
		season: optional(size),
	});
	const past = expectList("mase", "train", train, finite);
	if (past.length <= season)
		throw new Error(
			`mase: train must be longer than a season of ${season}, got ${past.length}`,
		);
	const naive = meanAbsolute(past.slice(season), past.slice(0, -season));
	if (naive === 0)
		throw new Error(
			"mase: train repeats itself exactly each season, so the error of its seasonal naive forecast is 0, and mase would divide by it",
		);
	return meanAbsolute(said, truth) / naive;
}

const listed = { wanted: "a list of numbers", fits: isList };

function sameLength(place: string, a: unknown, b: unknown): void {
	for (const list of [a, b])
		if (!isList(list) || list.length === 0)
			throw new Error(
				`${place}: wanted two lists of one length, got ${described(list)}`,
			);
	const [n, m] = [a, b].map((list) => (list as unknown[]).length);
	if (n !== m)
		throw new Error(
			`${place}: wanted two lists of one length, got ${n} and ${m}`,
		);
}

/** Both lists of numbers. */
function pairs(
	place: string,
	said: ArrayLike<number>,
	truth: ArrayLike<number>,
	rule: typeof finite,
): [number[], number[]] {
	sameLength(place, said, truth);
	return [
		expectList(place, "what was said", said, rule),
		expectList(place, "the truth", truth, rule),
	];
}

/** Both lists of texts, as tokens. */
function texts(
	place: string,
	said: readonly Tokens[],
	truth: readonly Tokens[],
): [unknown[][], unknown[][]] {
	sameLength(place, said, truth);
	const read = (name: string, list: readonly Tokens[]) =>
		Array.from(list, (one, i) => tokensOf(place, `${name} ${i}`, one));
	return [read("output", said), read("truth", truth)];
}
