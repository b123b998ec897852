import { readFileSync } from "node:fs";
import { join } from "node:path";
import { libraries } from "./typescript.ts";

/** The name of a declaration file that is not on the disk: {@link readFirst} returns its text. */
export const FIRST = "lib.first.d.ts";

/**
 * `lib.es5.d.ts` up to its buffers, without comments: a tenth of the text, with all that the compiler itself needs, strings,
 * numbers, arrays, dates, `Math` and `JSON`.
 */
export function readFirst(): string {
	const text = readFileSync(join(libraries, "lib.es5.d.ts"), "utf8");
	return text
		.slice(0, text.indexOf("interface ArrayBuffer "))
		.replace(/\/\*\*[\s\S]*?\*\//g, "")
		.replace(/^\/\/\/.*$/gm, "");
}

/** The name of another such file, whose text is {@link PRINTING}. */
export const CONSOLE = "lib.console.d.ts";

/** How cells print, as in Node's own types, which take a second to read. */
export const PRINTING = `declare var console: {
${["log", "info", "warn", "error", "debug"].map((name) => `	${name}(message?: any, ...optionalParams: any[]): void;`).join("\n")}
};
`;
