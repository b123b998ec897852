import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript-cells";
import { parseWithoutDocs } from "./docs.ts";
import { emitCell } from "./emit.ts";
import { FIRST, libraries, readFirst } from "./first.ts";
import { GrowingProgram } from "./growing.ts";
import { rememberingResolution } from "./resolution.ts";
import { type ResolvingProgram, stock } from "./stock.ts";

/** What tslab's converter hands over when it asks for a watched program. */
export interface WatchHost {
	roots: string[];
	options: ts.CompilerOptions;
	sys: ts.System;
	afterProgramCreate?(builder: Builder): void;
}

/** The part of a `BuilderProgram` that tslab's converter uses. */
export interface Builder {
	getSourceFile(name: string): ts.SourceFile | undefined;
	getProgram(): ts.Program;
	getAllDependencies(file: ts.SourceFile): string[];
	emit(
		file: ts.SourceFile,
		write: ts.WriteFileCallback,
		...rest: unknown[]
	): void;
}

/** A source file as it was read; files without a stamp never change while the kernel runs. */
interface Read {
	file: ts.SourceFile;
	text: string;
	stamp: string | undefined;
}

/** Declares what the kernel adds to the global names of cells. */
const GLOBALS = fileURLToPath(new URL("../../globals.d.ts", import.meta.url));
const languageVersion = stock.ScriptTarget.ES2024;
/** Files that somebody may edit while the kernel runs: neither the compiler's own nor those of installed packages. */
const isLocal = (name: string) =>
	!name.includes("/node_modules/") && !name.startsWith(libraries);

/** Changes when a file does. Cells and modules written in cells are not on the disk at all. */
function stampOf(name: string): string {
	const stat = statSync(name, { throwIfNoEntry: false });
	return stat ? `${stat.mtimeMs} ${stat.size}` : "none";
}

/** How much of the types a program has, for whoever asks tslab to convert. */
export const types = {
	/**
	 * Whether it has all: the types of the language up to its newest edition, those of Node and of what cells import. Before
	 * somebody needs them it has the first ones only, against which a simple cell is checked in a fraction of the time.
	 */
	whole: false,
	/** Reads all, one file a step. */
	readAhead: function* (): Generator<void> {},
};

/** How many files the program takes in before it is put together anew, so that what was checked once can be forgotten. */
const MOST = 300;

/**
 * Stands in for `ts.createWatchProgram` under tslab's converter, without watching anything.
 *
 * The compiler's own learns of edits through events and timers: an edit made just before a cell runs may not have arrived
 * yet, and a file created after its import failed wedges tslab. Here local files are looked at whenever a cell is
 * compiled. The program holds the types of the language, of Node and of what cells import; a cell and the declarations of
 * those before it are taken in when tslab asks for more than the names that the cell declares.
 */
export function createWatchProgram(host: WatchHost) {
	const { options, sys } = host;
	const first = { ...options, lib: [FIRST], types: [] };
	const [previousName, cellName] = host.roots;
	const importsName = cellName.replace("__tslab__", "__imports__");
	const files = new Map<string, Read>();
	/** What the program has to hold for the cells so far, by the file that imports it. */
	const wanted = new Set<string>();
	let imports = stock.createSourceFile(importsName, "", languageVersion);
	let growing: GrowingProgram | undefined;
	let isWhole = false;
	let oldProgram: ts.Program | undefined;
	let previous: ts.SourceFile | undefined;
	let cells = 0;
	/** Files whose imports have to be looked up again. */
	let unresolved = new Set<string>();

	function sourceFile(name: string): ts.SourceFile | undefined {
		if (name === importsName) return imports;
		const known = files.get(name);
		if (known) return known.file;
		const text =
			name === join(libraries, FIRST) ? readFirst() : sys.readFile(name);
		if (text === undefined) return undefined;
		const file = /\.d\.[cm]?ts$/.test(name)
			? parseWithoutDocs(name, text)
			: stock.createSourceFile(name, text, languageVersion);
		files.set(name, {
			file,
			text,
			stamp: isLocal(name) ? stampOf(name) : undefined,
		});
		return file;
	}

	function forgetChangedFiles(): void {
		for (const [name, { stamp, text }] of files) {
			if (stamp === undefined) continue;
			const now = stampOf(name);
			if (now === stamp && (now !== "none" || sys.readFile(name) === text))
				continue;
			files.delete(name);
			growing = undefined;
			// Whoever imported a file that is gone has to look for another one.
			if (now === "none")
				unresolved = new Set([...files.keys()].filter(isLocal));
		}
	}

	const resolution = rememberingResolution(
		sys,
		sys.getCurrentDirectory(),
		isLocal,
	);
	const compilerHost: ts.CompilerHost & {
		hasInvalidatedResolutions(path: string): boolean;
	} = {
		getSourceFile: sourceFile,
		getDefaultLibFileName: stock.getDefaultLibFilePath,
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
		hasInvalidatedResolutions: (name) => unresolved.has(name),
		...resolution,
	};
	const surroundings = {
		isLocal,
		read: sourceFile,
		resolve: (literal: ts.StringLiteralLike, file: ts.SourceFile) =>
			resolution.resolve(literal, file, options),
	};

	/** Puts everything together anew. */
	function build(): GrowingProgram {
		for (const name of wanted) if (!sys.fileExists(name)) wanted.delete(name);
		const text = [...wanted]
			.map((name) => `import ${JSON.stringify(name)};\n`)
			.join("");
		if (text !== imports.text)
			imports = stock.createSourceFile(importsName, text, languageVersion);
		const program = stock.createProgram(
			types.whole ? [importsName, GLOBALS] : [importsName],
			types.whole ? options : first,
			compilerHost,
			oldProgram,
		);
		oldProgram = program;
		const built = new GrowingProgram(program as ResolvingProgram, surroundings);
		const failed = program
			.getSourceFiles()
			.filter((file) => isLocal(file.fileName) && file !== imports)
			.filter((file) => built.importsOf(file).includes(undefined));
		unresolved = new Set(failed.map((file) => file.fileName));
		return built;
	}

	/** A program that has these files. */
	function programWith(added: ts.SourceFile[]): GrowingProgram {
		forgetChangedFiles();
		if (isWhole !== types.whole) growing = undefined;
		isWhole = types.whole;
		if (unresolved.size || growing?.failed || (growing?.size ?? 0) > MOST)
			growing = undefined;
		growing ??= build();
		const missing = added.flatMap((file) => growing?.add(file, wanted) ?? []);
		if (!missing.length) return growing;
		for (const name of missing) wanted.add(name);
		growing = build();
		for (const file of added) growing.add(file, wanted);
		return growing;
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

	/** The declarations of earlier cells; the same file for as long as they are the same. */
	function readPrevious(): ts.SourceFile {
		const text = sys.readFile(previousName) ?? "";
		if (previous?.text !== text)
			previous = stock.createSourceFile(previousName, text, languageVersion);
		return previous;
	}

	/** The cell, under a name that no file had before: by their names the checker keeps what it finds wrong with files. */
	function readCell(): ts.SourceFile {
		const name = cellName.replace(/ts$/, `${++cells}.ts`);
		const text = sys.readFile(cellName) ?? "";
		return stock.createSourceFile(name, text, languageVersion);
	}

	function update(): void {
		pending = false;
		const declarations = readPrevious();
		const cell = readCell();
		stock.bindSourceFile(cell, options);
		let made: GrowingProgram | undefined;
		const grown = () => {
			made ??= programWith([declarations, cell]);
			return made;
		};
		const getProgram = () => grown().program;
		host.afterProgramCreate?.({
			getProgram,
			getSourceFile(name) {
				if (name === previousName) return declarations;
				if (name === cellName || name === cell.fileName) return cell;
				return getProgram().getSourceFile(name) ?? written(name);
			},
			getAllDependencies: (file) => [...sourcesBehind(grown(), file)],
			emit: (file, write, _token, _onlyDeclarations, transformers) =>
				emitCell(
					getProgram(),
					file,
					write,
					transformers as ts.CustomTransformers,
				),
		});
	}

	/** A module that was written in a cell, not imported yet. */
	function written(name: string): ts.SourceFile | undefined {
		const file = sourceFile(name);
		if (file) programWith([file]);
		return file;
	}

	types.readAhead = function* () {
		const { resolvedTypeReferenceDirective: node } =
			stock.resolveTypeReferenceDirective("node", cellName, options, sys);
		const names = new Set([join(libraries, "lib.esnext.d.ts")]);
		if (node?.resolvedFileName) names.add(node.resolvedFileName);
		for (const name of names) {
			const file = sourceFile(name);
			if (!file) continue;
			stock.bindSourceFile(file, options);
			for (const { fileName } of file.libReferenceDirectives)
				names.add(join(libraries, `lib.${fileName}.d.ts`));
			for (const { fileName } of file.referencedFiles)
				names.add(resolve(dirname(name), fileName));
			yield;
		}
	};

	let pending = false;
	function schedule(): void {
		if (!pending) sys.setTimeout?.(update, 0);
		pending = true;
	}

	for (const root of host.roots) sys.watchFile?.(root, schedule);
	update();
	return {
		close() {},
		updateRootFileNames: schedule,
	};
}
