import { SourceMap, type SourceMapPayload } from "node:module";

/** The source map of one step from source to running code: finds a position of the step's output in its input. */
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
