import { dirname } from "node:path";
import type { CompilerOptions } from "typescript-cells";
import { stock } from "./typescript.ts";

/** What the notebook's own `tsconfig.json` may say about cells and local modules; how they are checked is the kernel's. */
const HEEDED = [
	"jsx",
	"jsxFactory",
	"jsxFragmentFactory",
	"jsxImportSource",
	"experimentalDecorators",
	"emitDecoratorMetadata",
	"baseUrl",
	"paths",
	"pathsBasePath",
	"customConditions",
];

const read = new Map<string, CompilerOptions>();

/** The options of the `tsconfig.json` in a folder or the nearest above, as they were when the notebook began. */
export function projectOptions(directory: string): CompilerOptions {
	const known = read.get(directory);
	if (known) return known;
	const options = readOptions(directory);
	read.set(directory, options);
	return options;
}

function readOptions(directory: string): CompilerOptions {
	const { sys, JsxEmit } = stock;
	const path = stock.findConfigFile(directory, sys.fileExists);
	if (!path) return {};
	const { config = {} } = stock.readConfigFile(path, sys.readFile);
	const { options } = stock.parseJsonConfigFileContent(
		{ ...config, files: [], include: [], references: [] },
		sys,
		dirname(path),
	);
	const found = Object.fromEntries(
		HEEDED.filter((name) => name in options).map((name) => [
			name,
			options[name],
		]),
	) as CompilerOptions;
	const { jsx } = found;
	if (jsx === JsxEmit.Preserve || jsx === JsxEmit.ReactNative)
		found.jsx = JsxEmit.React; // what runs has to be JavaScript
	return found;
}

/** The file that an import means by the `paths` of the notebook's `tsconfig.json`. */
export function aliased(id: string, directory: string): string | undefined {
	const options = projectOptions(directory);
	const isMeant = Object.keys(options.paths ?? {}).some((pattern) => {
		const [start, end = ""] = pattern.split("*");
		return pattern.includes("*")
			? id.startsWith(start) && id.endsWith(end)
			: id === pattern;
	});
	if (!isMeant) return undefined;
	const { resolvedModule } = stock.resolveModuleName(
		id,
		`${directory}/cell.ts`,
		{ ...options, moduleResolution: stock.ModuleResolutionKind.Bundler },
		stock.sys,
	);
	return resolvedModule?.resolvedFileName;
}
