import { readFileSync } from "node:fs";
import { join } from "node:path";
import { files } from "../../.setup/stamp.mjs";
import { type Notebook, text } from "./notebooks.ts";

/**
 * Which notebooks a change can affect: those that changed themselves, and those that import what changed.
 * @param root the project's folder
 * @param names of the notebooks
 * @param changed paths of files, from that folder
 */
export function affected(
	root: string,
	names: readonly string[],
	changed: readonly string[],
): string[] {
	const everywhere = changed.some((path) =>
		/^(kernel|\.setup|package-lock\.json$|package\.json$|tsconfig)/.test(path),
	);
	if (everywhere) return [...names];
	const sources = changed.filter((path) => /^(lib|datasets)\//.test(path));
	const reached = reachedFrom(root, sources);
	return names.filter((name) => {
		if (changed.includes(`notebooks/${name}`)) return true;
		const { cells }: Notebook = JSON.parse(
			readFileSync(join(root, "notebooks", name), "utf8"),
		);
		const code = cells.map(({ source }) => text(source)).join("\n");
		return importsOf(code).some(([names, module]) =>
			touches(root, reached, names, module),
		);
	});
}

/** Each `import { a, b } from "module"`: its names and its module. */
const importsOf = (code: string): [string[], string][] =>
	[
		...code.matchAll(
			/import (?:type )?(?:\{([^}]*)\}|\* as \w+) from "([^"]+)"/g,
		),
	].map(([, names = "*", module]) => [
		names.split(",").map((name) => name.replace(/^\s*type\s/, "").trim()),
		module,
	]);

const entries: Record<string, string> = {
	unrolled: "lib/index.ts",
	"unrolled/plot": "lib/plot/index.ts",
	"unrolled/exercise": "lib/exercise/index.ts",
	"@unrolled/datasets": "datasets/index.ts",
};

/** Whether one of the names comes from a file that a change reaches. */
function touches(
	root: string,
	reached: ReadonlySet<string>,
	names: readonly string[],
	module: string,
): boolean {
	const entry = entries[module];
	if (entry === undefined || !reached.has(entry)) return false;
	// An index that only re-exports says which file each name is from.
	const exported = exportsOf(root, entry);
	return names.some((name) => {
		const file = exported.get(name);
		return file === undefined || reached.has(file);
	});
}

/** The file of each name that an index re-exports. */
function exportsOf(root: string, entry: string): Map<string, string> {
	const text = readFileSync(join(root, entry), "utf8");
	const found = new Map<string, string>();
	for (const [, list, from] of text.matchAll(
		/export (?:type )?\{([^}]*)\} from "([^"]+)"/g,
	))
		for (const name of list.split(","))
			found.set(name.replace(/^\s*type\s/, "").trim(), join(entry, "..", from));
	return found;
}

/** The files that import one of these, themselves or by others, and these. */
function reachedFrom(root: string, changed: readonly string[]): Set<string> {
	const importers = new Map<string, string[]>();
	for (const folder of ["lib", "datasets"])
		for (const path of files(join(root, folder))) {
			if (!/(?<!\.d)\.ts$/.test(path) || /\/(dist|node_modules)\//.test(path))
				continue;
			const file = path.slice(root.length + 1);
			const code = readFileSync(path, "utf8");
			const targets = [...code.matchAll(/(?:from|import) "(\.[^"]+)"/g)]
				.map(([, name]) => join(file, "..", name))
				.concat(
					importsOf(code).flatMap(([names, module]) => {
						const entry = entries[module];
						if (entry === undefined) return [];
						const exported = exportsOf(root, entry);
						return names.map((name) => exported.get(name) ?? entry);
					}),
				);
			for (const target of targets)
				importers.set(target, [...(importers.get(target) ?? []), file]);
		}
	const reached = new Set<string>();
	const waiting = [...changed];
	for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
		if (reached.has(file)) continue;
		reached.add(file);
		waiting.push(...(importers.get(file) ?? []));
	}
	return reached;
}
