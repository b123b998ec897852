import type { Mapping } from "./source-map.ts";

/** A part of a text, and the text that replaces it. */
export interface Edit {
	start: number;
	end: number;
	text: string;
}

/** Applies edits, given in any order, which do not overlap and keep the line breaks. */
export function edited(text: string, edits: Edit[]): string {
	edits.sort((a, b) => a.start - b.start || a.end - b.end);
	const parts: string[] = [];
	let at = 0;
	for (const { start, end, text: instead } of edits) {
		parts.push(text.slice(at, start), instead);
		at = end;
	}
	parts.push(text.slice(at));
	return parts.join("");
}

/** A source map from the edited text to the original one. */
export function positionsBefore(text: string, edits: Edit[]): Mapping {
	const starts = (of: string) =>
		[...of.matchAll(/^/gm)].map(({ index }) => index);
	const before = starts(text);
	const after = starts(edited(text, edits));
	return {
		findEntry(line, column) {
			let at = after[line] + column;
			for (const { start, end, text: instead } of edits) {
				if (at < start) break;
				at = Math.max(start, at - instead.length + end - start);
			}
			const originalColumn = Math.max(0, at - before[line]);
			return { originalLine: line, originalColumn };
		},
	};
}
