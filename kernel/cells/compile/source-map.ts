import { SourceMap, type SourceMapPayload } from "node:module";

/** A step of the way from a source to what runs: finds a position in the output of the step in its input. */
export interface Mapping {
	findEntry(
		line: number,
		column: number,
	): { originalLine: number; originalColumn: number } | object;
}

/** Reads a source map, when somebody asks it for a position. */
export function mapping(text: () => string): Mapping {
	let map: SourceMap | undefined;
	return {
		findEntry(line, column) {
			map ??= new SourceMap(JSON.parse(text()) as SourceMapPayload);
			return map.findEntry(line, column);
		},
	};
}
