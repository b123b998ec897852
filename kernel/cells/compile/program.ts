import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript-cells";
import { Declarations } from "./declarations.ts";
import { CONSOLE, FIRST } from "./first-types.ts";
import { GrowingProgram, reachesOut } from "./growing-program.ts";
import { projectOptions } from "./project-config.ts";
import { rememberingResolution } from "./resolution.ts";
import {
	Files,
	isLocal,
	languageVersion,
	setExternalModuleIndicator,
} from "./source-files.ts";
import { Level, levelOf, mentionsSeldom } from "./type-levels.ts";
import { libraries, type ResolvingProgram, stock } from "./typescript.ts";

/** Declares what the kernel adds to the global names of cells. */
const GLOBALS = fileURLToPath(
	new URL("../../../globals.d.ts", import.meta.url),
);

/** How many files are added to the program before it is rebuilt, so that results for old cells can be garbage-collected. */
const MOST = 300;

/** A cell in a program. */
export interface Taken {
	program: ResolvingProgram;
	file: ts.SourceFile;
}

/**
 * The program in which cells are checked: the types of the language, of Node and of what cells import. A cell is added when it is
 * compiled, and stays as long as a later cell can reach what it declares.
 */
export class CellProgram {
	/** How much of the types it has. Before somebody needs more, a simple cell is checked in a fraction of the time. */
	level: Level = Level.first;
	readonly #options: ts.CompilerOptions;
	readonly #sys: ts.System;
	readonly #files: Files;
	/** Cells have JSX where the notebook's `tsconfig.json` has it. */
	readonly #extension: string;
	readonly #host: ts.CompilerHost;
	readonly #resolution: ReturnType<typeof rememberingResolution>;
	readonly #declarations = new Declarations();
	/** What the program has to hold for the cells so far, by the file that imports it. */
	readonly #wanted = new Set<string>();
	/** Cells that change the meaning of other files, by file name. */
	readonly #reaching = new Map<string, ts.SourceFile>();
	#imports: ts.SourceFile;
	#growing: GrowingProgram | undefined;
	#builtLevel: Level = Level.first;
	#oldProgram: ts.Program | undefined;
	#cells = 0;
	/** The cell that was added last, unless it was kept. */
	#current = "";
	/** Files whose imports have to be looked up again. */
	#unresolved = new Set<string>();

	constructor(options: ts.CompilerOptions, sys: ts.System) {
		this.#options = options;
		this.#sys = sys;
		// `<T>value` would be JSX, too
		this.#extension = projectOptions(sys.getCurrentDirectory()).jsx
			? ".tsx"
			: ".ts";
		this.#files = new Files(sys.readFile);
		const directory = sys.getCurrentDirectory();
		this.#imports = this.#importing([]);
		this.#resolution = rememberingResolution(sys, directory, isLocal);
		const host: ts.CompilerHost & {
			hasInvalidatedResolutions(path: string): boolean;
		} = {
			getSourceFile: (name) => this.file(name),
			getDefaultLibFileName: (options) =>
				join(libraries, stock.getDefaultLibFileName(options)),
			getDefaultLibLocation: () => libraries,
			getCurrentDirectory: sys.getCurrentDirectory,
			getCanonicalFileName: (name) => name,
			useCaseSensitiveFileNames: () => true,
			getNewLine: () => "\n",
			fileExists: sys.fileExists,
			readFile: sys.readFile,
			directoryExists: sys.directoryExists,
			getDirectories: sys.getDirectories,
			realpath: sys.realpath,
			writeFile: () => {},
			hasInvalidatedResolutions: (name) => this.#unresolved.has(name),
			...this.#resolution,
		};
		this.#host = host;
	}

	/** A file of the program, or one that it may have. */
	file(name: string): ts.SourceFile | undefined {
		if (name === this.#imports.fileName) return this.#imports;
		return this.#reaching.get(name) ?? this.#files.get(name);
	}

	/** Adds a cell, under a name that no file had before: the checker caches diagnostics by file name. */
	take(text: string): Taken {
		const file = stock.createSourceFile(
			this.#path(`__tslab__.${++this.#cells}${this.#extension}`),
			text,
			{ languageVersion, setExternalModuleIndicator },
		);
		stock.bindSourceFile(file, this.#options);
		this.#declarations.show(file);
		if (this.#reaching.delete(this.#current)) this.#growing = undefined; // it was not kept
		this.#current = file.fileName;
		if (reachesOut(file)) {
			this.#reaching.set(file.fileName, file);
			this.#growing = undefined;
		}
		return { program: this.#with([file]).program, file };
	}

	/** Adds a file that no cell imports yet, such as a module that was written in a cell. */
	add(name: string): ts.SourceFile | undefined {
		const file = this.#files.get(name);
		if (file) this.#with([file]);
		return file;
	}

	/** The diagnostics of a cell, and of the local modules that it imports. */
	diagnose({ program, file }: Taken): ts.Diagnostic[] {
		const made = this.#growing;
		const names = made ? [...sourcesBehind(made, file)] : [];
		return names
			.map((name) => program.getSourceFile(name) ?? file)
			.flatMap((each) => [
				...program.getSyntacticDiagnostics(each),
				...program.getSemanticDiagnostics(each),
			])
			.filter(({ category }) => category === stock.DiagnosticCategory.Error);
	}

	/** Raises the level of types to what the added files need; returns whether it rose. */
	extend(): boolean {
		const before = this.level;
		if (this.#growing) this.level = levelOf(this.#growing, before);
		return this.level > before;
	}

	/** Loads the types of modules that are seldom imported, too. */
	#readSeldom(): void {
		if (this.#files.addSeldom()) this.#growing = undefined;
	}

	/** Makes what this cell declares visible to later cells. */
	keep({ program, file }: Taken): void {
		this.#declarations.keep(file, program);
		this.#current = "";
	}

	/**
	 * Discards an unfinished update, after its task was terminated.
	 * @param files whether a file may be half read
	 */
	reset(files: boolean): void {
		if (files) {
			this.#files.clear();
			this.#imports = this.#importing([]);
		}
		this.#growing = undefined;
		this.#oldProgram = undefined;
	}

	/** Reads all types, one file a step. */
	*readAhead(): Generator<void> {
		const { resolvedTypeReferenceDirective: node } =
			stock.resolveTypeReferenceDirective(
				"node",
				this.#imports.fileName,
				this.#options,
				this.#sys,
			);
		for (const start of [
			join(libraries, "lib.esnext.d.ts"),
			node?.resolvedFileName,
		])
			yield* this.#readFrom(start);
	}

	/** Reads a file of types and those that it refers to. */
	*#readFrom(start: string | undefined): Generator<void> {
		const names = new Set(start ? [start] : []);
		for (const name of names) {
			const file = this.#files.get(name);
			if (!file) continue;
			stock.bindSourceFile(file, this.#options);
			for (const { fileName } of file.libReferenceDirectives)
				names.add(join(libraries, `lib.${fileName}.d.ts`));
			for (const { fileName } of file.referencedFiles)
				names.add(resolve(dirname(name), fileName));
			yield;
		}
	}

	#path(name: string): string {
		return join(this.#sys.getCurrentDirectory(), name);
	}

	/** A file that imports others. */
	#importing(names: string[]): ts.SourceFile {
		const text = names.map((name) => `import ${JSON.stringify(name)};\n`);
		const path = this.#path("__imports__.ts");
		return stock.createSourceFile(path, text.join(""), languageVersion);
	}

	/** Builds a program from nothing. */
	#build(): GrowingProgram {
		const { fileExists } = this.#sys;
		for (const name of this.#wanted)
			if (!fileExists(name)) this.#wanted.delete(name);
		const imports = this.#importing([...this.#wanted]);
		if (imports.text !== this.#imports.text) this.#imports = imports;
		const roots = [this.#imports.fileName, ...this.#reaching.keys()];
		const { first, all } = Level;
		const { lib = [] } = this.#options;
		const hasAll = this.level === all;
		const libs = [...(this.level === first ? [FIRST] : lib), CONSOLE];
		const program = stock.createProgram(
			hasAll ? [...roots, GLOBALS] : roots,
			hasAll ? this.#options : { ...this.#options, types: [], lib: libs },
			this.#host,
			this.#oldProgram,
		);
		this.#oldProgram = program;
		const built = new GrowingProgram(program as ResolvingProgram, {
			isLocal,
			read: (name) => this.#files.get(name),
			resolve: (literal, file) =>
				this.#resolution.resolve(literal, file, this.#options),
		});
		const failed = program
			.getSourceFiles()
			.filter((file) => isLocal(file.fileName) && file !== this.#imports)
			.filter((file) => built.importsOf(file).includes(undefined));
		this.#unresolved = new Set(failed.map((file) => file.fileName));
		return built;
	}

	/** A program of these files, what they import, and the cells that a later cell can reach. */
	#with(added: ts.SourceFile[]): GrowingProgram {
		if (added.some(({ text }) => mentionsSeldom(text))) this.#readSeldom();
		const growing = this.#grownBy(added);
		if (!this.#files.lacksSeldom) return growing;
		this.#readSeldom(); // for a file that was read only now
		return this.#grownBy(added);
	}

	#grownBy(added: ts.SourceFile[]): GrowingProgram {
		const { edited, gone } = this.#files.dropChanged();
		if (edited) this.#growing = undefined;
		// The imports of a removed file have to be resolved again.
		if (gone) this.#unresolved = new Set(this.#files.local);
		if (this.#builtLevel !== this.level) this.#growing = undefined;
		this.#builtLevel = this.level;
		const { size = 0, failed = false } = this.#growing ?? {};
		if (this.#unresolved.size || failed || size > MOST)
			this.#growing = undefined;
		const take = (growing: GrowingProgram, files: Iterable<ts.SourceFile>) =>
			[...files].flatMap((file) => growing.add(file, this.#wanted));
		const missing = this.#growing ? take(this.#growing, added) : [];
		if (this.#growing && !missing.length) return this.#growing;
		for (const name of missing) this.#wanted.add(name);
		let growing = this.#build();
		const files = [...this.#declarations.cells(), ...added];
		const more = take(growing, files);
		if (more.length) {
			for (const name of more) this.#wanted.add(name);
			growing = this.#build();
			take(growing, files);
		}
		growing.size = 0;
		this.#growing = growing;
		return growing;
	}
}

/** Local source files that a file imports, directly or through others, itself first. */
function sourcesBehind(
	made: GrowingProgram,
	file: ts.SourceFile,
	found = new Set<string>(),
): Set<string> {
	found.add(file.fileName);
	for (const name of made.importsOf(file)) {
		if (!name || found.has(name) || !isLocal(name)) continue;
		const next = made.program.getSourceFile(name);
		if (next && !next.isDeclarationFile) sourcesBehind(made, next, found);
	}
	return found;
}
