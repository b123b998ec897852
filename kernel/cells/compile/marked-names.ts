/**
 * Follows every name of a cell in the code that runs: an invisible letter (zero-width non-joiner), so that the names of the
 * cells are apart from Node's own global names, and errors still read `x is not a function`.
 */
export const MARK = "\u200c";

/** A text about code that ran, with the names as they were written. */
export const unmarked = (text: string): string =>
	text.replace(/\u200c(?!\p{L})/gu, "");

/** What a cell declares, and whether its name has a value, `undefined`, before its line runs. */
export interface Declared {
	name: string;
	hoisted: boolean;
}
