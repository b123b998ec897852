import { readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import * as ownPackage from "../index.ts";
import { type Mapping, META, toCommonJS } from "./emit.ts";
import { tslabForCells } from "./tslab.ts";

type Require = (id: string) => unknown;

/** A local module that has been run. */
interface Local {
	path: string;
	exports: unknown;
	stamp: string;
	/** Local modules that it asked for. */
	imports: Set<Local>;
}

const SOURCE = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".jsx"];
/** What an import with the extension of the output may mean in the source. */
const SOURCES_OF: Record<string, string[]> = {
	".js": [".ts", ".tsx"],
	".mjs": [".mts"],
	".jsx": [".tsx"],
	".cjs": [".cts"],
};

const isFile = (path: string) =>
	statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Finds the file that a relative import means, as the compiler does. */
function find(path: string): string | undefined {
	const extension = extname(path);
	const stem = path.slice(0, path.length - extension.length);
	const candidates = [
		path,
		...(SOURCES_OF[extension] ?? []).map((each) => stem + each),
		...SOURCE.map((each) => path + each),
		`${path}.json`,
		...SOURCE.map((each) => `${path}/index${each}`),
	];
	return candidates.find(isFile);
}

/**
 * What cells import. Packages and Node's own modules come from Node. Local modules, those imported by a path, are compiled
 * here; one that was edited is run again at the next import, and with it those that import it.
 */
export class Modules {
	readonly #directory: string;
	readonly #locals = new Map<string, Local>();
	readonly #maps = new Map<string, Mapping[]>();
	/** Packages that only `import()` can load, because they await at their top level. */
	readonly #preloaded = new Map<string, unknown>();
	/** Modules written in cells, by the path they would have. */
	readonly #written = new Map<string, string>();

	constructor(directory: string) {
		this.#directory = directory;
	}

	/** The `require` of a cell. */
	readonly require: Require = (id) => this.#load(id, this.#directory);

	/** The `import.meta` of a module. */
	meta(path: string): Record<string, unknown> {
		const filename = path;
		const require = createRequire(path);
		return {
			url: pathToFileURL(path).href,
			filename,
			dirname: dirname(path),
			resolve: (id: string) => {
				const found = require.resolve(id);
				return isBuiltin(id) ? found : pathToFileURL(found).href;
			},
		};
	}

	/** Takes the text of a cell as a module. */
	write(path: string, text: string): void {
		this.#written.set(resolve(this.#directory, path), text);
	}

	/** Loads what `require` cannot: packages with top-level await, or without an entry for it. Call it before a cell runs. */
	async preload(ids: readonly string[]): Promise<void> {
		const require = createRequire(resolve(this.#directory, "cell.js"));
		for (const id of ids) {
			if (
				/^[./]/.test(id) ||
				isBuiltin(id) ||
				this.#own(id) ||
				this.#preloaded.has(id)
			)
				continue;
			try {
				require(id);
			} catch (error) {
				const { code } = error as { code?: string };
				if (code === "ERR_REQUIRE_ASYNC_MODULE") {
					this.#preloaded.set(
						id,
						await import(pathToFileURL(require.resolve(id)).href),
					);
				}
			}
		}
	}

	/** Forgets local modules that were edited since they ran, and those that depend on them. */
	refresh(): void {
		const stale = new Set(
			[...this.#locals.values()].filter(
				(local) => this.#stampOf(local.path) !== local.stamp,
			),
		);
		for (let before = -1; before !== stale.size; ) {
			before = stale.size;
			for (const local of this.#locals.values()) {
				if ([...local.imports].some((each) => stale.has(each)))
					stale.add(local);
			}
		}
		for (const { path } of stale) this.#locals.delete(path);
	}

	/** The mappings of a local module, to find the user's own lines in a stack trace. */
	mapsOf(path: string): Mapping[] | undefined {
		return this.#maps.get(path);
	}

	#own(id: string): unknown {
		if (id === "tslab") return tslabForCells();
		if (id === "@unrolled/kernel") return ownPackage;
		return undefined;
	}

	#stampOf(path: string): string {
		const written = this.#written.get(path);
		if (written !== undefined) return written;
		const stat = statSync(path, { throwIfNoEntry: false });
		return stat ? `${stat.mtimeMs} ${stat.size}` : "none";
	}

	#load(id: string, from: string, importer?: Local): unknown {
		const own = this.#own(id);
		if (own) return own;
		if (this.#preloaded.has(id)) return this.#preloaded.get(id);
		if (/^\.{0,2}\//.test(id) || id === "." || id === "..") {
			const path =
				this.#writtenAt(resolve(from, id)) ?? find(resolve(from, id));
			if (path && !path.includes("/node_modules/")) {
				if (SOURCE.includes(extname(path)) || extname(path) === ".cts")
					return this.#run(path, importer);
				if (extname(path) === ".json")
					return JSON.parse(readFileSync(path, "utf8"));
			}
		}
		return createRequire(resolve(from, "module.js"))(id);
	}

	#writtenAt(path: string): string | undefined {
		return [
			path,
			`${path}.ts`,
			`${path}.tsx`,
			path.replace(/\.js$/, ".ts"),
		].find((each) => this.#written.has(each));
	}

	#run(path: string, importer: Local | undefined): unknown {
		const known = this.#locals.get(path);
		if (known) {
			importer?.imports.add(known);
			return known.exports;
		}
		const text = this.#written.get(path) ?? readFileSync(path, "utf8");
		const { code, map } = toCommonJS(text, path);
		const module = { exports: {} as unknown };
		const local: Local = {
			path,
			exports: module.exports,
			stamp: this.#stampOf(path),
			imports: new Set(),
		};
		this.#maps.set(path, map ? [map] : []);
		this.#locals.set(path, local);
		importer?.imports.add(local);
		const names = [
			"exports",
			"require",
			"module",
			"__filename",
			"__dirname",
			META,
		];
		const run = vm.compileFunction(code, names, {
			filename: path,
			importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
		});
		const require = (id: string) => this.#load(id, dirname(path), local);
		try {
			run.call(
				module.exports,
				module.exports,
				require,
				module,
				path,
				dirname(path),
				this.meta(path),
			);
		} catch (error) {
			this.#locals.delete(path);
			throw error;
		}
		local.exports = module.exports;
		return module.exports;
	}
}
