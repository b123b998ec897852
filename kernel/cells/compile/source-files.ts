import { statSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript-cells";
import { parseWithoutDocs } from "./doc-comments.ts";
import { CONSOLE, FIRST, PRINTING, readFirst } from "./first-types.ts";
import { importsSeldom, isSeldom } from "./type-levels.ts";
import { libraries, stock } from "./typescript.ts";

/** A source file as it was read; files without a stamp never change while the kernel runs. */
interface Read {
	file: ts.SourceFile;
	text: string;
	stamp: string | undefined;
}

export const languageVersion = stock.ScriptTarget.ES2024;

/** Whether a file is that of an installed package. The notebook itself may lie in a folder named `node_modules`. */
export function isInstalled(path: string): boolean {
	const directory = process.cwd();
	const own = path.startsWith(`${directory}/`);
	return (own ? path.slice(directory.length) : path).includes("/node_modules/");
}

/** Files that somebody may edit while the kernel runs: neither the compiler's own nor those of installed packages. */
export const isLocal = (name: string): boolean =>
	!isInstalled(name) && !name.startsWith(libraries);

/** Characters of JSON up to which its type is worked out, which takes the compiler seconds for each million. */
const JSON_LIMIT = 500_000;

/** The text of a file for the compiler; large JSON is declared as `any`. */
const readable = (name: string, text: string): string =>
	name.endsWith(".json") && text.length > JSON_LIMIT ? "null" : text;

/** Changes when a file does. Modules written in cells are not on the disk at all. */
function stampOf(name: string): string {
	const stat = statSync(name, { throwIfNoEntry: false });
	return stat ? `${stat.mtimeMs} ${stat.size}` : "none";
}

/** The files of a program, parsed; local ones again when they were edited. */
export class Files {
	readonly #read: (name: string) => string | undefined;
	readonly #files = new Map<string, Read>();
	#hasSeldom = false;
	/** Whether a file imports a module that is seldom imported, and whose types have been left out. */
	lacksSeldom = false;

	constructor(read: (name: string) => string | undefined) {
		this.#read = read;
	}

	/** A file, parsed. */
	get(name: string): ts.SourceFile | undefined {
		const known = this.#files.get(name);
		if (known) return known.file;
		const text = this.#textOf(name);
		if (text === undefined) return undefined;
		this.lacksSeldom ||= !this.#hasSeldom && importsSeldom(name, text);
		const file = /\.d\.[cm]?ts$/.test(name)
			? parseWithoutDocs(name, text)
			: stock.createSourceFile(name, readable(name, text), languageVersion);
		const stamp = isLocal(name) ? stampOf(name) : undefined;
		this.#files.set(name, { file, text, stamp });
		return file;
	}

	#textOf(name: string): string | undefined {
		if (name === join(libraries, FIRST)) return readFirst();
		if (name === join(libraries, CONSOLE)) return PRINTING;
		return isSeldom(name) && !this.#hasSeldom ? "" : this.#read(name);
	}

	/** Reads the types of seldom imported modules from now on. Whether that is new. */
	addSeldom(): boolean {
		if (this.#hasSeldom) return false;
		this.#hasSeldom = true;
		this.lacksSeldom = false;
		for (const name of [...this.#files.keys()].filter(isSeldom))
			this.#files.delete(name);
		return true;
	}

	/** Drops files that were edited or removed. Returns whether there were any, and whether one was removed. */
	dropChanged(): { edited: boolean; gone: boolean } {
		const found = { edited: false, gone: false };
		for (const [name, { stamp, text }] of this.#files) {
			if (stamp === undefined) continue;
			const now = stampOf(name);
			if (now === stamp && (now !== "none" || this.#read(name) === text))
				continue;
			this.#files.delete(name);
			found.edited = true;
			found.gone ||= now === "none";
		}
		return found;
	}

	/** Drops all files, so that they are read again. */
	clear(): void {
		this.#files.clear();
	}

	/** The names of local files. */
	get local(): string[] {
		return [...this.#files.keys()].filter(isLocal);
	}
}

/** Makes a file a module, which every cell is. */
export function setExternalModuleIndicator(file: ts.SourceFile): void {
	Object.assign(file, { externalModuleIndicator: true });
}
