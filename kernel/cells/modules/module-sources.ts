import { readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { extname, resolve } from "node:path";
import { aliased } from "../compile/project-config.ts";
import { isInstalled } from "../compile/source-files.ts";
import type { Mapping } from "../compile/source-map.ts";
import {
	importsIn,
	isPath,
	topLevelAwait,
	withoutShebang,
} from "../compile/syntax.ts";
import { moduleToCommonJS } from "./commonjs.ts";

/** A local module, compiled. */
export interface Source {
	path: string;
	code: string;
	maps: Mapping[];
	/** What it imports statically. */
	imports: string[];
	/** Whether it waits at its top level. */
	awaits: boolean;
	/** Changes when the file does. */
	stamp: string;
}

const COMPILED = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".jsx"];
/** The source extensions that an import with an output extension may refer to. */
const SOURCES_OF: Record<string, string[]> = {
	".js": [".ts", ".tsx"],
	".mjs": [".mts"],
	".jsx": [".tsx"],
	".cjs": [".cts"],
};

/** Whether a file is compiled here, rather than loaded by Node. */
export const isCompiled = (path: string): boolean =>
	COMPILED.includes(extname(path)) && !isInstalled(path);

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** The local modules that cells import, those on the disk and those written in cells. */
export class Sources {
	readonly #directory: string;
	readonly #compiled = new Map<string, Source>();
	/** Names of packages, and the folders that they were asked from. */
	readonly #elsewhere = new Set<string>();
	/** Modules written in cells, by the path they would have. */
	readonly #written = new Map<string, string>();

	constructor(directory: string) {
		this.#directory = directory;
	}

	/** Adds the text of a cell as a module. */
	write(path: string, text: string): void {
		this.#written.set(resolve(this.#directory, path), text);
	}

	/** The local file that an import refers to; undefined for packages, which Node loads. */
	find(id: string, from: string): string | undefined {
		if (isPath(id)) return this.#findPath(id, from);
		if (isBuiltin(id)) return undefined;
		return aliased(id, this.#directory) ?? this.#findSource(id, from);
	}

	/** A name of `package.json`, `#part` or a package of the workspace, may mean TypeScript of the reader's own. */
	#findSource(id: string, from: string): string | undefined {
		const key = `${id}\n${from}`;
		if (this.#elsewhere.has(key)) return undefined;
		try {
			const path = createRequire(resolve(from, "module.js")).resolve(id);
			if (TYPESCRIPT.test(path) && isCompiled(path)) return path;
			this.#elsewhere.add(key);
		} catch {
			// Node reports the error when the module is loaded
		}
		return undefined;
	}

	/** The file that a path in an import means, as the compiler finds it. */
	#findPath(id: string, from: string): string | undefined {
		const path = resolve(from, id);
		const extension = extname(path);
		const stem = path.slice(0, path.length - extension.length);
		const candidates = [
			path,
			...(SOURCES_OF[extension] ?? []).map((each) => stem + each),
			...COMPILED.map((each) => path + each),
			`${path}.json`,
			...COMPILED.map((each) => `${path}/index${each}`),
		];
		return candidates.find((each) => this.stampOf(each) !== undefined);
	}

	/** A stamp that changes when the file does; undefined when there is no file. */
	stampOf(path: string): string | undefined {
		const written = this.#written.get(path);
		if (written !== undefined) return written;
		const stat = statSync(path, { throwIfNoEntry: false });
		return stat?.isFile() ? `${stat.mtimeMs} ${stat.size}` : undefined;
	}

	/** Compiles a local module, when it has changed since it last was. */
	compile(path: string): Source {
		const stamp = this.stampOf(path) ?? "";
		const known = this.#compiled.get(path);
		if (known?.stamp === stamp) return known;
		const text = withoutShebang(
			this.#written.get(path) ?? readFileSync(path, "utf8"),
		);
		const { code, map, file } = moduleToCommonJS(text, path);
		const source: Source = {
			path,
			code,
			maps: [map],
			imports: importsIn(text),
			awaits: topLevelAwait(file) !== undefined,
			stamp,
		};
		this.#compiled.set(path, source);
		return source;
	}

	/** The mappings from positions in the compiled code to the source. */
	mapsOf(path: string): Mapping[] | undefined {
		return this.#compiled.get(path)?.maps;
	}
}
