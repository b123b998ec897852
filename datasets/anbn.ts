import type { Random } from "unrolled";
import {
	text as aText,
	expectOptions,
	expectValue,
	size,
	source,
} from "unrolled/expect";

const rules = { most: size, count: size, random: source };

/**
 * Strings aⁿbⁿ, such as `aaabbb`: to know where one ends, a network has to count. n is drawn from 1 to `most`, each as likely.
 *
 * Gers and Schmidhuber 2001, LSTM recurrent networks learn simple context-free and context-sensitive languages (doi:10.1109/72.963769).
 */
export function anbn(options: {
	/** The largest n. */
	most: number;
	/** How many strings. */
	count: number;
	random: Random;
}): string[] {
	const { most, count, random } = expectOptions("anbn", options, rules);
	return Array.from({ length: count }, () => {
		const n = 1 + random.integer(most);
		return "a".repeat(n) + "b".repeat(n);
	});
}

/**
 * The letters that may follow the beginning of a string aⁿbⁿ: `a` or `b` until the first b, then `b` as often as there were a's, then none.
 * @throws when no string begins so.
 */
export function anbnNext(beginning: string): string[] {
	expectValue("anbnNext", "the beginning", beginning, aText);
	const [, a, b] = /^(a*)(b*)$/.exec(beginning) ?? [];
	if (a === undefined || b.length > a.length)
		throw new Error(`anbnNext: no string aⁿbⁿ begins with "${beginning}"`);
	if (a === "") return ["a"];
	if (b === "") return ["a", "b"];
	return b.length < a.length ? ["b"] : [];
}
