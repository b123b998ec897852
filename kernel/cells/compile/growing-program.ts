import { isBuiltin } from "node:module";
import type ts from "typescript-cells";
import { type ResolvingProgram, stock } from "./typescript.ts";

type Found = ts.ResolvedModuleWithFailedLookupLocations;

/** What a growing program needs to add files. */
export interface Surroundings {
	/** Whether a file may be added alone; packages need a new program, since their files may change each other's meaning. */
	isLocal(name: string): boolean;
	read(name: string): ts.SourceFile | undefined;
	resolve(literal: ts.StringLiteralLike, file: ts.SourceFile): Found;
}

const { isImportDeclaration, isExportDeclaration } = stock;

/** The module specifiers of a file's imports and exports, as nodes. */
function specifiersOf(file: ts.SourceFile): ts.StringLiteralLike[] {
	const found: ts.StringLiteralLike[] = [];
	const take = (node: ts.Node | undefined) => {
		if (node && stock.isStringLiteralLike(node)) found.push(node);
	};
	for (const statement of file.statements) {
		if (isImportDeclaration(statement) || isExportDeclaration(statement))
			take(statement.moduleSpecifier);
		if (
			stock.isImportEqualsDeclaration(statement) &&
			stock.isExternalModuleReference(statement.moduleReference)
		)
			take(statement.moduleReference.expression);
	}
	const visit = (node: ts.Node): void => {
		if (stock.isCallExpression(node) && stock.isImportCall(node))
			take(node.arguments[0]);
		if (stock.isImportTypeNode(node) && stock.isLiteralTypeNode(node.argument))
			take(node.argument.literal);
		stock.forEachChild(node, visit);
	};
	if (/\bimport\s*\(/.test(file.text)) visit(file);
	return found;
}

/** Whether a file changes the meaning of others, such as by `declare global`: then the program has to be rebuilt. */
export const reachesOut = (file: ts.SourceFile): boolean =>
	!stock.isExternalModule(file) ||
	file.referencedFiles.length > 0 ||
	file.typeReferenceDirectives.length > 0 ||
	file.libReferenceDirectives.length > 0 ||
	file.statements.some(
		(each) =>
			stock.isModuleDeclaration(each) &&
			(stock.isStringLiteral(each.name) ||
				(each.flags & stock.NodeFlags.GlobalAugmentation) !== 0),
	);

/**
 * A program to which modules are added after it was built, and which keeps its type checker.
 *
 * A module adds nothing to the global names, so the checker's results for the types of the language and of Node stay valid: a
 * cell costs the check of that cell, not a new checker.
 */
export class GrowingProgram {
	readonly program: ResolvingProgram;
	/** Whether an added module imports something that does not exist. */
	failed = false;
	/** How many files were added. */
	size = 0;
	readonly #surroundings: Surroundings;
	readonly #added = new Map<string, ts.SourceFile>();
	readonly #found = new Map<ts.SourceFile, Map<string, Found>>();

	constructor(program: ResolvingProgram, surroundings: Surroundings) {
		this.program = program;
		this.#surroundings = surroundings;
		const { getSourceFile, getResolvedModule } = program;
		const added = this.#added;
		const found = this.#found;
		// the checker asks the program whenever it follows an import
		Object.assign(program, {
			getSourceFile: (name: string) => added.get(name) ?? getSourceFile(name),
			getResolvedModule: (
				...[file, name, mode]: Parameters<typeof getResolvedModule>
			) => found.get(file)?.get(name) ?? getResolvedModule(file, name, mode),
		});
	}

	/** Adds a module. Returns the files that it imports and that only a new program can have. */
	add(file: ts.SourceFile, known: ReadonlySet<string>): string[] {
		if (this.#found.has(file)) return [];
		this.size++;
		const { fileName } = file;
		const paths = { path: fileName, resolvedPath: fileName };
		Object.assign(file, paths, { originalFileName: fileName });
		stock.bindSourceFile(file, this.program.getCompilerOptions());
		const found = new Map<string, Found>();
		this.#found.set(file, found);
		const missing: string[] = [];
		const specifiers = specifiersOf(file);
		for (const literal of specifiers) {
			if (found.has(literal.text) || isBuiltin(literal.text)) continue;
			const answer = this.#surroundings.resolve(literal, file);
			found.set(literal.text, answer);
			const module = answer.resolvedModule;
			if (!module) this.failed ||= this.#added.has(fileName);
			else if (!known.has(module.resolvedFileName) && !this.#has(module, known))
				missing.push(module.resolvedFileName);
		}
		Object.assign(file, { imports: specifiers });
		return missing;
	}

	/** All of its files, the added ones among them, except cells. */
	get files(): ts.SourceFile[] {
		return [...this.program.getSourceFiles(), ...this.#added.values()];
	}

	/** The files that a file imports; undefined for those that do not exist. */
	importsOf(file: ts.SourceFile): (string | undefined)[] {
		const { resolvedModules } = this.program;
		const found = this.#found.get(file) ?? resolvedModules?.get(file.fileName);
		const names: (string | undefined)[] = [];
		found?.forEach(({ resolvedModule }, name) => {
			if (!isBuiltin(name)) names.push(resolvedModule?.resolvedFileName);
		});
		return names;
	}

	#has(module: ts.ResolvedModuleFull, known: ReadonlySet<string>): boolean {
		const { resolvedFileName: name, extension } = module;
		if (this.program.getSourceFile(name)) return true;
		if (!this.#surroundings.isLocal(name)) return /js$/.test(extension); // has no types
		const file = this.#surroundings.read(name);
		if (!file || !/ts$/.test(extension) || reachesOut(file)) return false;
		this.#added.set(name, file);
		return this.add(file, known).length === 0;
	}
}
