import { readFileSync } from "node:fs";
import type { Mapping } from "../compile/source-map.ts";

/** A position in the user's own code. Lines and columns count from 1. */
export interface SourcePosition {
	/** As a reader knows it: `cell 3`, or the path of a file. */
	name: string;
	line: number;
	column: number;
	/** The code, to show the lines around it. */
	text: string;
}

/** How many cells are remembered. */
const KEPT = 2000;

/** Maps a position in the code that runs back to the source, through each source map. */
function back(
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

/** Finds the source of positions in stack traces, by the names that cells have there. */
export class SourcePositions {
	readonly #cells = new Map<
		string,
		{ name: string; text: string; maps: Mapping[] }
	>();
	readonly #mapsOfFile: (path: string) => Mapping[] | undefined;

	constructor(mapsOfFile: (path: string) => Mapping[] | undefined) {
		this.#mapsOfFile = mapsOfFile;
	}

	/** Adds a cell and gives its name in stack traces. */
	add(count: number, text: string, maps: Mapping[]): string {
		let file = `cell-${count}.ts`;
		for (let again = 2; this.#cells.has(file); again++)
			file = `cell-${count}-${again}.ts`;
		this.#cells.set(file, { name: `cell ${count}`, text, maps });
		if (this.#cells.size > KEPT) {
			const [oldest] = this.#cells.keys();
			this.#cells.delete(oldest);
		}
		return file;
	}

	/** The position in a cell or a local module; undefined for code of others. */
	find(file: string, line: number, column: number): SourcePosition | undefined {
		const cell = this.#cells.get(file);
		if (cell) {
			return { ...cell, ...back(cell.maps, line, column) };
		}
		const maps = this.#mapsOfFile(file);
		if (!maps) return undefined;
		let text = "";
		try {
			text = readFileSync(file, "utf8");
		} catch {
			// written in a cell, or gone
		}
		return { name: file, text, ...back(maps, line, column) };
	}
}
