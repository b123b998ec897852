import { statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript-cells";
import { parseWithoutDocs } from "./docs.ts";
import { emitCell } from "./emit.ts";
import { rememberingResolution } from "./resolution.ts";
import { stock } from "./stock.ts";

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
const libraries = dirname(stock.getDefaultLibFilePath({}));
/** Files that somebody may edit while the kernel runs: neither the compiler's own nor those of installed packages. */
const isLocal = (name: string) =>
	!name.includes("/node_modules/") && !name.startsWith(libraries);

/** Changes when a file does. Cells and modules written in cells are not on the disk at all. */
function stampOf(name: string): string {
	const stat = statSync(name, { throwIfNoEntry: false });
	return stat ? `${stat.mtimeMs} ${stat.size}` : "none";
}

interface Resolutions {
	forEach(
		each: (found: { resolvedModule?: ts.ResolvedModuleFull }) => void,
	): void;
}

/** What the imports of a file led to; undefined where nothing was found. */
function importsOf(
	program: ts.Program,
	file: ts.SourceFile,
): (string | undefined)[] {
	const { resolvedModules } = program as unknown as {
		resolvedModules?: Map<string, Resolutions>;
	};
	const names: (string | undefined)[] = [];
	resolvedModules?.get(file.fileName)?.forEach(({ resolvedModule }) => {
		names.push(resolvedModule?.resolvedFileName);
	});
	return names;
}

/**
 * Stands in for `ts.createWatchProgram` under tslab's converter, without watching anything.
 *
 * The compiler's own learns of edits through events and timers: an edit made just before a cell runs may not have arrived
 * yet, and a file created after its import failed wedges tslab. Here local files are looked at whenever a cell is
 * compiled. The program itself is built when somebody asks for it, so that tslab's first look at a cell, which only
 * wants the names that the cell declares, costs no more than a parse.
 */
export function createWatchProgram(host: WatchHost) {
	const { options, sys } = host;
	const files = new Map<string, Read>();
	let roots = host.roots;
	let program: ts.Program | undefined;
	/** Files whose imports have to be looked up again. */
	let unresolved = new Set<string>();

	function sourceFile(name: string): ts.SourceFile | undefined {
		const known = files.get(name);
		if (known && known.stamp !== "none") return known.file;
		const text = sys.readFile(name);
		if (text === undefined) return undefined;
		if (known?.text === text) return known.file;
		const file = /\.d\.[cm]?ts$/.test(name)
			? parseWithoutDocs(name, text)
			: stock.createSourceFile(name, text, stock.ScriptTarget.ES2024);
		files.set(name, {
			file,
			text,
			stamp: isLocal(name) ? stampOf(name) : undefined,
		});
		return file;
	}

	function forgetChangedFiles(): void {
		for (const [name, { stamp }] of files) {
			if (stamp === undefined || stamp === "none") continue;
			const now = stampOf(name);
			if (now === stamp) continue;
			files.delete(name);
			// Whoever imported a file that is gone has to look for another one.
			if (now === "none")
				unresolved = new Set([...files.keys()].filter(isLocal));
		}
	}

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
		...rememberingResolution(sys, sys.getCurrentDirectory(), isLocal),
	};

	function build(): ts.Program {
		const built = stock.createProgram(
			[...roots, GLOBALS],
			options,
			compilerHost,
			program,
		);
		const local = built
			.getSourceFiles()
			.filter((file) => isLocal(file.fileName));
		const failed = local.filter((file) =>
			importsOf(built, file).includes(undefined),
		);
		unresolved = new Set(failed.map((file) => file.fileName));
		program = built;
		return built;
	}

	/** Local source files that a file imports, directly or through others, itself first. */
	function sourcesBehind(
		program: ts.Program,
		file: ts.SourceFile,
		found = new Set<string>(),
	): Set<string> {
		found.add(file.fileName);
		for (const name of importsOf(program, file)) {
			if (!name || found.has(name) || !isLocal(name)) continue;
			const next = program.getSourceFile(name);
			if (next && !next.isDeclarationFile) sourcesBehind(program, next, found);
		}
		return found;
	}

	function update(): void {
		pending = false;
		forgetChangedFiles();
		let built: ts.Program | undefined;
		const getProgram = () => {
			built ??= build();
			return built;
		};
		host.afterProgramCreate?.({
			getProgram,
			getSourceFile(name) {
				if (built || !roots.includes(name))
					return getProgram().getSourceFile(name);
				const file = sourceFile(name);
				if (file) stock.bindSourceFile(file, options);
				return file;
			},
			getAllDependencies: (file) => [...sourcesBehind(getProgram(), file)],
			emit: (file, write, _token, _onlyDeclarations, transformers) =>
				emitCell(
					getProgram(),
					file,
					write,
					transformers as ts.CustomTransformers,
				),
		});
	}

	let pending = false;
	function schedule(): void {
		if (!pending) sys.setTimeout?.(update, 0);
		pending = true;
	}

	for (const root of roots) sys.watchFile?.(root, schedule);
	update();
	return {
		close() {},
		updateRootFileNames(names: string[]) {
			roots = names;
			schedule();
		},
	};
}
