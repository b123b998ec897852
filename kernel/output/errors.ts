import { inspect } from "node:util";
import type { Mapping } from "../cells/emit.ts";

/** An error as the protocol wants it. */
export interface ErrorContent {
	ename: string;
	evalue: string;
	traceback: string[];
}

type MapsOf = (file: string) => Mapping[] | undefined;

/** Finds the place in the source behind a place in what runs; both count from 1. */
export function locate(
	maps: readonly Mapping[],
	line: number,
	column: number,
): { line: number; column: number } {
	let at = { line: line - 1, column: column - 1 };
	for (const map of maps) {
		const entry = map.findEntry(at.line, at.column);
		if ("originalLine" in entry)
			at = { line: entry.originalLine, column: entry.originalColumn };
	}
	return { line: at.line + 1, column: at.column + 1 };
}

const INTERNAL =
	/node:internal|node:vm|node_modules\/tslab|\/kernel\/dist\/|unrolled\.kernel\.cell|Script\.runInThisContext/;
const PLACE = /([^\s()]+):(\d+):(\d+)\)?$/;

/** A stack trace with the user's own lines, without the kernel's and Node's. */
export function readable(stack: string, mapsOf: MapsOf): string {
	const lines = stack
		.split("\n")
		.filter((line) => !(/^\s+at /.test(line) && INTERNAL.test(line)));
	return lines
		.map((line) => {
			const found = /^\s+at /.test(line) ? PLACE.exec(line) : null;
			const maps = found && mapsOf(found[1]);
			if (!found || !maps) return line;
			const place = locate(maps, Number(found[2]), Number(found[3]));
			// The first of a cell's lines in the compiler's file is not the user's.
			const own = /^cell-\d+\.ts$/.test(found[1]) ? place.line - 1 : place.line;
			return line.replace(
				PLACE,
				`${found[1]}:${own}:${place.column}${found[0].endsWith(")") ? ")" : ""}`,
			);
		})
		.join("\n");
}

/** Describes what a cell threw. */
export function describe(thrown: unknown, mapsOf: MapsOf): ErrorContent {
	if (
		thrown instanceof Error ||
		Object.prototype.toString.call(thrown) === "[object Error]"
	) {
		const error = thrown as Error;
		const text = readable(inspect(error), mapsOf);
		return {
			ename: error.name || "Error",
			evalue: String(error.message),
			traceback: text.split("\n"),
		};
	}
	const text = inspect(thrown);
	return { ename: "Thrown", evalue: text, traceback: [`Thrown: ${text}`] };
}
