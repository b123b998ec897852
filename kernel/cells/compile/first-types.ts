import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stock } from "./typescript.ts";

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

/** The name of another such file, which {@link PRINTING} is the text of. */
export const CONSOLE = "lib.console.d.ts";

/** How cells print: as Node's own types have it, which take a second to read. */
export const PRINTING = `declare var console: {
${["log", "info", "warn", "error", "debug"].map((name) => `	${name}(message?: any, ...optionalParams: any[]): void;`).join("\n")}
};
`;
