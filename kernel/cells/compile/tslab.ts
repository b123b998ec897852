/**
 * The only file that reaches into tslab. tslab's converter asks for its own patched TypeScript 5.0.4; here it gets
 * stock TypeScript 5.9, with the handful of functions that only the patched one has.
 */
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import type ts from "typescript-cells";
import { typeRoots } from "./compiler-options.ts";
import type { WatchHost } from "./tslab-watch.ts";
import { stock } from "./typescript.ts";

const require = createRequire(import.meta.url);
const home = dirname(require.resolve("tslab/package.json"));
const patched = require.resolve("@tslab/typescript-for-tslab", {
	paths: [home],
});

/** What gives the converter that is being made its program. */
let making: ((host: WatchHost) => object) | undefined;

const changed = {
	__esModule: true, // spares tslab a copy of two thousand exports in each of its files
	getDefaultTypeRoots: typeRoots,
	createWatchCompilerHost: (
		_roots: string[],
		_options: unknown,
		sys: ts.System,
	): WatchHost => ({ sys }),
	createWatchProgram: (host: WatchHost) => making?.(host),
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

const { createConverter, isCompleteCode } =
	require("tslab/dist/converter.js") as Converter;

export { isCompleteCode };
export const { getCodeMetadata } =
	require("tslab/dist/metadata.js") as Metadata;

/** Makes a converter of tslab that looks at the program which `watch` makes. */
export function converterFor(
	watch: (host: WatchHost) => object,
): ReturnType<Converter["createConverter"]> {
	making = watch;
	try {
		return createConverter({ isJS: false, isBrowser: false });
	} finally {
		making = undefined;
	}
}

/** The module that `import … from "tslab"` gives a cell. */
export const tslabForCells = (): unknown => require("tslab");

/** Lets the `display` of tslab write through this kernel. */
export function writeDisplaysOfTslab(write: WriteDisplay): void {
	(require("tslab/dist/jupyter.js") as Jupyter).lastWriteDisplayData = write;
}
