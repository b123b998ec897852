import { builtinModules } from "node:module";
import { dirname } from "node:path";
import type ts from "typescript-cells";
import { type Candidate, filesFor, packagesFor } from "./path-completion.ts";
import { stock } from "./typescript.ts";

/** The code of a cell, as a part of a file in a program. */
export interface Looked {
	program: ts.Program;
	file: ts.SourceFile;
	/** Where the code begins in the file, in UTF-16 units. */
	from: number;
}

/** The candidates at a position, and the range of the code that the chosen one replaces, in UTF-16 units. */
export interface Completion {
	candidates: Candidate[];
	start: number;
	end: number;
}

const { ScriptElementKind: Kind } = stock;
/** What JupyterLab shows for the compiler's kinds of names, where it is another word. */
const WORDS: Record<string, string> = {
	[Kind.variableElement]: "variable",
	[Kind.letElement]: "variable",
	[Kind.constElement]: "variable",
	[Kind.localVariableElement]: "variable",
	[Kind.variableUsingElement]: "variable",
	[Kind.parameterElement]: "parameter",
	[Kind.localFunctionElement]: "function",
	[Kind.localClassElement]: "class",
	[Kind.memberGetAccessorElement]: "property",
	[Kind.memberSetAccessorElement]: "property",
	[Kind.memberAccessorVariableElement]: "property",
	[Kind.enumMemberElement]: "constant",
	[Kind.moduleElement]: "module",
	[Kind.externalModuleName]: "module",
	[Kind.primitiveType]: "type",
	[Kind.typeParameterElement]: "type",
	[Kind.scriptElement]: "file",
	[Kind.directory]: "folder",
};

/** The part of a name before the cursor. */
const NAME = /#?[\p{ID_Start}$_]?[\p{ID_Continue}$]*$/u;

/** The part of a name behind the cursor. */
const REST = /^[\p{ID_Continue}$]*/u;

/** What the compiler needs to find packages and files. */
const host = {
	...stock.sys,
	getCurrentDirectory: () => process.cwd(),
	useCaseSensitiveFileNames: () => stock.sys.useCaseSensitiveFileNames,
	getCompilationSettings: () => ({}),
};

/** The completions at a position of a cell's code. */
export function completionsAt(looked: Looked, position: number): Completion {
	const { program, file, from } = looked;
	const at = from + position;
	const info = stock.Completions.getCompletionsAtPosition(
		host,
		program,
		() => {},
		file,
		at,
		{},
		undefined,
		stock.CompletionTriggerKind.Invoked,
		undefined,
		undefined,
		true, // with symbols: what an import stands for
	);
	const entries = (info?.entries ?? []) as Entry[];
	const literal = stringAround(file, at);
	if (literal) return inString(looked, literal, at, entries);
	const before = NAME.exec(file.text.slice(from, at))?.[0] ?? "";
	const after = REST.exec(file.text.slice(at))?.[0] ?? "";
	const candidates = best(entries, before, program, file);
	return {
		candidates,
		start: position - before.length,
		end: position + after.length,
	};
}

type Entry = ts.CompletionEntry & { symbol?: ts.Symbol };

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts names that cells declare before all others. */
function order(a: Entry, b: Entry): number {
	return (
		compare(rank(a), rank(b)) ||
		compare(a.sortText, b.sortText) ||
		compare(a.name, b.name)
	);
}

function rank({ symbol }: Entry): string {
	const inCell = symbol?.declarations?.some((each) =>
		/\/__\w+__\.[^/]*$/.test(each.getSourceFile().fileName),
	);
	return inCell ? "0" : "1";
}

/** The string literal around a position, if there is one. */
function stringAround(
	file: ts.SourceFile,
	at: number,
): ts.StringLiteralLike | undefined {
	const token = stock.findPrecedingToken(at, file);
	if (!token || !stock.isStringLiteralLike(token)) return undefined;
	const isInside =
		token.getStart(file) < at && (at < token.end || !isClosed(token));
	return isInside ? token : undefined;
}

const isClosed = (literal: ts.StringLiteralLike): boolean =>
	!(literal as { isUnterminated?: boolean }).isUnterminated;

/** Completes a whole string: a member of its type, the name of a module, or else a path. */
function inString(
	{ program, file, from }: Looked,
	literal: ts.StringLiteralLike,
	at: number,
	entries: Entry[],
): Completion {
	const start = literal.getStart(file) + 1;
	const typed = file.text.slice(start, at);
	const range = {
		start: start - from,
		end: (isClosed(literal) ? literal.end - 1 : at) - from,
	};
	if (!namesModule(literal)) {
		const candidates = entries.length
			? best(entries, typed, program, file)
			: filesFor(typed);
		return { ...range, candidates };
	}
	// some of the compiler's names begin behind the last slash, others at the start of the string
	const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
	const named = entries.map(({ name, kind }) => ({
		name: name.startsWith(folder) ? name : folder + name,
		kind: typed.startsWith(".") ? kind : Kind.externalModuleName,
		sortText: "",
	}));
	const mayBePackage = /^[^@./#][^/]*$|^@|^$/.test(typed);
	const packages = mayBePackage
		? [...packagesFor(dirname(file.fileName)), ...builtinModules]
		: [];
	for (const name of packages)
		named.push({ name, kind: Kind.externalModuleName, sortText: "" });
	const all = new Map(named.map((each) => [each.name, each]));
	const candidates = best([...all.values()], typed, program, file);
	return { ...range, candidates };
}

/** Whether a string is the specifier of an import. */
function namesModule({ parent }: ts.StringLiteralLike): boolean {
	if (stock.isCallExpression(parent))
		return (
			stock.isImportCall(parent) ||
			(stock.isIdentifier(parent.expression) &&
				parent.expression.text === "require")
		);
	return (
		stock.isImportDeclaration(parent) ||
		stock.isExportDeclaration(parent) ||
		stock.isExternalModuleReference(parent) ||
		(stock.isLiteralTypeNode(parent) && stock.isImportTypeNode(parent.parent))
	);
}

/** The names that begin with what was typed; if none does, those that do in any case of letters; else those that contain it. Sorted. */
function best(
	entries: readonly Entry[],
	typed: string,
	program: ts.Program,
	file: ts.SourceFile,
): Candidate[] {
	const small = typed.toLowerCase();
	const tests = [
		(name: string) => name.startsWith(typed),
		(name: string) => name.toLowerCase().startsWith(small),
		(name: string) => name.toLowerCase().includes(small),
	];
	const checker = program.getTypeChecker();
	for (const test of tests) {
		const found = entries.filter(({ name }) => test(name));
		if (found.length)
			return found.toSorted(order).map((entry) => ({
				text: entry.name,
				kind: kindOf(entry, checker, file),
			}));
	}
	return [];
}

function kindOf(
	{ kind, symbol }: Entry,
	checker: ts.TypeChecker,
	file: ts.SourceFile,
): string {
	if (!symbol || (symbol.flags & stock.SymbolFlags.Alias) === 0)
		return WORDS[kind] ?? kind;
	const meant = checker.getAliasedSymbol(symbol);
	const real = stock.SymbolDisplay.getSymbolKind(checker, meant, file);
	return WORDS[real] ?? (real || "variable");
}
