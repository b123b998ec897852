import type ts from "typescript-cells";
import { stock } from "./stock.ts";

/** The part of a `CompilerHost` that finds what imports mean. */
type Resolution = Required<
	Pick<
		ts.CompilerHost,
		"resolveModuleNameLiterals" | "getModuleResolutionCache"
	>
>;

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
	return {
		getModuleResolutionCache: () => remembered,
		resolveModuleNameLiterals: (literals, from, redirected, options, file) =>
			literals.map((literal) => {
				const mode = stock.getModeForUsageLocation(file, literal, options);
				const look = () =>
					stock.resolveModuleName(
						literal.text,
						from,
						options,
						host,
						undefined,
						redirected,
						mode,
					);
				if (isLocal(from)) return look();
				const key = `${mode} ${literal.text} ${from}`;
				const known = found.get(key);
				if (known) return known;
				const now = look();
				found.set(key, now);
				return now;
			}),
	};
}
