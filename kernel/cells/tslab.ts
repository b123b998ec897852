/**
 * The only file that reaches into tslab. tslab's converter asks for its own patched TypeScript 5.0.4; here it gets
 * stock TypeScript 5.9, with the handful of functions that only the patched one has.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import type ts from "typescript-cells";
import { topLevelAwait } from "./awaits.ts";
import { cellOptions, typeRoots } from "./options.ts";
import { createWatchProgram, type WatchHost } from "./program.ts";
import { stock } from "./stock.ts";

const require = createRequire(import.meta.url);
const home = dirname(require.resolve("tslab/package.json"));
const patched = require.resolve("@tslab/typescript-for-tslab", {
	paths: [home],
});

/** Diagnostics of the last conversion, as the compiler gave them: tslab's own copies lack files and chains. */
export const found: { diagnostics: ts.Diagnostic[] } = { diagnostics: [] };

function diagnose(
	program: ts.Program,
	files: readonly ts.SourceFile[],
): ts.Diagnostic[] {
	const errors = files
		.flatMap((file) => [
			...program.getSyntacticDiagnostics(file),
			...program.getSemanticDiagnostics(file),
		])
		.filter(({ category }) => category === stock.DiagnosticCategory.Error);
	found.diagnostics = errors;
	const [cell] = files;
	// the number in its name was for the checker only
	cell.fileName = cell.fileName.replace(/(__tslab__)\.\d+/, "$1");
	// tslab learns that a cell awaits from the error which its own compiler reports there.
	const wait = topLevelAwait(cell);
	if (!wait) return errors;
	const start = wait.getStart(cell);
	return [
		...errors,
		{
			file: cell,
			start,
			length: 5,
			code: 1308,
			category: 1,
			messageText: "top-level await",
		},
	];
}

interface Asked {
	program: ts.Program;
	file: ts.SourceFile;
}
let asked: Asked | undefined;

/** The program and the cell that tslab last asked about: it is asked for their sake alone. */
export const lastAsked = (): Asked | undefined => asked;

const changed = {
	__esModule: true, // spares tslab a copy of two thousand exports in each of its files
	getNullTransformationContext: () => stock.nullTransformationContext,
	getDefaultTypeRoots: typeRoots,
	getPreEmitDiagnosticsOfFiles: diagnose,
	createWatchCompilerHost: (
		roots: string[],
		_options: unknown,
		sys: ts.System,
	): WatchHost => ({
		roots,
		options: cellOptions(sys.getCurrentDirectory()),
		sys,
	}),
	createWatchProgram,
	/** What tslab gives it is CommonJS already, see `emitCell`. */
	transpileModule: (outputText: string) => ({ outputText }),
	Completions: {
		...stock.Completions,
		getCompletionsAtPositionForTslab: (
			...[, program, , file]: [unknown, ts.Program, unknown, ts.SourceFile]
		) => {
			asked = { program, file };
		},
	},
};

const substitute: object = Object.create(
	stock,
	Object.getOwnPropertyDescriptors(changed),
);
const stand = new Module(patched);
Object.assign(stand, { exports: substitute, loaded: true, filename: patched });
require.cache[patched] = stand;

type Converter = typeof import("tslab/dist/converter.js");
type Metadata = typeof import("tslab/dist/metadata.js");
type Jupyter = { lastWriteDisplayData: WriteDisplay | null };

/** How tslab's `display` sends what it shows. */
export type WriteDisplay = (
	data: {
		data: Record<string, unknown>;
		metadata: object;
		transient: { display_id?: string };
	},
	update: boolean | undefined,
) => void;

export const { createConverter, isCompleteCode } =
	require("tslab/dist/converter.js") as Converter;
export const { getCodeMetadata } =
	require("tslab/dist/metadata.js") as Metadata;

/** The module that `import … from "tslab"` gives a cell. */
export const tslabForCells = (): unknown => require("tslab");

/** Lets the `display` of tslab write through this kernel. */
export function writeDisplaysOfTslab(write: WriteDisplay): void {
	(require("tslab/dist/jupyter.js") as Jupyter).lastWriteDisplayData = write;
}
