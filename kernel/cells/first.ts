import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stock } from "./stock.ts";

/** Where the types of the language are. */
export const libraries = dirname(stock.getDefaultLibFilePath({}));

/** The name of a file of types that is not there: {@link readFirst} gives what it holds. */
export const FIRST = "lib.first.d.ts";

/**
 * The types of the language's first edition as far as its buffers, less all comments: a tenth of its text, in which there is
 * all that the compiler itself asks for, strings, numbers, arrays, dates, `Math` and `JSON`.
 */
export function readFirst(): string {
	const text = readFileSync(join(libraries, "lib.es5.d.ts"), "utf8");
	return text
		.slice(0, text.indexOf("interface ArrayBuffer "))
		.replace(/\/\*\*[\s\S]*?\*\//g, "")
		.replace(/^\/\/\/.*$/gm, "");
}
