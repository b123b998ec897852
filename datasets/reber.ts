import type { Random } from "unrolled";
import { text as aText, expectValue, source } from "unrolled/expect";

/** The seven letters of a Reber string. */
export const reberLetters = "BTSXPVE";

/** The grammar as a graph: from each node, which letter leads where. Two ways at most, each as likely. */
const ways: readonly Readonly<Record<string, number>>[] = [
	{ B: 1 },
	{ T: 2, P: 3 },
	{ S: 2, X: 4 },
	{ T: 3, V: 5 },
	{ X: 3, S: 6 },
	{ P: 4, V: 6 },
	{ E: 7 },
	{},
];

/** A string of the Reber grammar, such as `BTSXXVPSE` (Reber 1967). */
export function reber(random: Random): string {
	expectValue("reber", "random", random, source);
	let text = "";
	for (let node = 0; node !== 7; ) {
		const letters = Object.keys(ways[node]);
		const letter = letters[random.integer(letters.length)];
		text += letter;
		node = ways[node][letter];
	}
	return text;
}

/**
 * A string of the embedded Reber grammar: B, then T or P, a Reber string, the same T or P again, E. To know the letter before the last one must
 * remember the second over the whole string between (Hochreiter and Schmidhuber 1997, experiment 1).
 */
export function embeddedReber(random: Random): string {
	expectValue("embeddedReber", "random", random, source);
	const letter = "TP"[random.integer(2)];
	return `B${letter}${reber(random)}${letter}E`;
}

/**
 * The letters that may follow the beginning of a Reber string, in the order of `reberLetters`: what a network that has understood
 * the grammar predicts. Empty after the end.
 * @throws when no string begins so.
 */
export function reberNext(beginning: string): string[] {
	expectValue("reberNext", "the beginning", beginning, aText);
	let node = 0;
	for (const letter of beginning) {
		if (!Object.hasOwn(ways[node], letter))
			throw new Error(`reberNext: no Reber string begins with "${beginning}"`);
		node = ways[node][letter];
	}
	return inOrder(Object.keys(ways[node]));
}

/** The letters that may follow the beginning of an embedded Reber string. */
export function embeddedReberNext(beginning: string): string[] {
	expectValue("embeddedReberNext", "the beginning", beginning, aText);
	const refused = new Error(
		`embeddedReberNext: no embedded Reber string begins with "${beginning}"`,
	);
	const [first, letter, ...rest] = beginning;
	if (first === undefined) return ["B"];
	if (
		first !== "B" ||
		(letter !== undefined && letter !== "T" && letter !== "P")
	)
		throw refused;
	if (letter === undefined) return inOrder(["T", "P"]);
	const inner = rest.join("");
	const end = inner.indexOf("E");
	try {
		if (end < 0) return reberNext(inner);
		reberNext(inner.slice(0, end + 1));
	} catch {
		throw refused;
	}
	const after = inner.slice(end + 1);
	const close = `${letter}E`;
	if (!close.startsWith(after)) throw refused;
	return after === close ? [] : [close[after.length]];
}

const inOrder = (letters: string[]) =>
	letters.sort((a, b) => reberLetters.indexOf(a) - reberLetters.indexOf(b));
