/**
 * The suffix of every name of a cell in the code that runs: an invisible letter (zero-width non-joiner). It separates the names
 * of cells from Node's global names, and errors still read `x is not a function`.
 */
export const MARK = "\u200c";

/** Removes the suffix from the names in a text. */
export const unmarked = (text: string): string =>
	text.replace(/\u200c(?!\p{L})/gu, "");

/** What a cell declares, and whether its name has a value, `undefined`, before its line runs. */
export interface Declared {
	name: string;
	hoisted: boolean;
}
