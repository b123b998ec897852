import { isBuiltin } from "node:module";
import type ts from "typescript-cells";
import { isPackage, OWN_FILE } from "./packages.ts";
import { stock } from "./typescript.ts";

/** The part of a `CompilerHost` that finds what imports mean, and the same for one import. */
type Resolution = Required<
	Pick<
		ts.CompilerHost,
		"resolveModuleNameLiterals" | "getModuleResolutionCache"
	>
> & {
	resolve(
		literal: ts.StringLiteralLike,
		file: ts.SourceFile,
		options: ts.CompilerOptions,
		redirected?: ts.ResolvedProjectReference,
	): ts.ResolvedModuleWithFailedLookupLocations;
};

/** Node's own modules are declared by its types, wherever a package of the same name may be. */
const NOT_ON_DISK = {
	resolvedModule: undefined,
	failedLookupLocations: [],
} as ts.ResolvedModuleWithFailedLookupLocations;

/**
 * Finds what imports mean, and remembers it for files that are installed: those change only when packages do, and
 * without this every cell with a new import would look through all `node_modules` again, on behalf of Node's eighty
 * files of types alone (most of what those import are modules that other files among them declare, never found on disk).
 */
export function rememberingResolution(
	host: ts.ModuleResolutionHost,
	directory: string,
	isLocal: (name: string) => boolean,
): Resolution {
	const remembered = stock.createModuleResolutionCache(
		directory,
		(name) => name,
	);
	const found = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
	const resolve: Resolution["resolve"] = (
		literal,
		file,
		options,
		redirected,
	) => {
		if (isBuiltin(literal.text)) return NOT_ON_DISK;
		const { fileName } = file;
		const mode = stock.getModeForUsageLocation(file, literal, options);
		const key = `${mode} ${literal.text} ${fileName}`;
		const known = isLocal(fileName) ? undefined : found.get(key);
		if (known) return known;
		const from = (containing: string) =>
			stock.resolveModuleName(
				literal.text,
				containing,
				options,
				host,
				undefined,
				redirected,
				mode,
			);
		let now = from(fileName);
		if (!now.resolvedModule && isLocal(fileName) && isPackage(literal.text))
			now = from(OWN_FILE);
		if (!isLocal(fileName)) found.set(key, now);
		return now;
	};
	return {
		resolve,
		getModuleResolutionCache: () => remembered,
		resolveModuleNameLiterals: (literals, _from, redirected, options, file) =>
			literals.map((each) => resolve(each, file, options, redirected)),
	};
}
