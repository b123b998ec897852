/** Which types a cell needs. All are read in the background, and the first cells do not wait for them. */

import { isBuiltin } from "node:module";
import type ts from "typescript-cells";
import { importsIn, isPath } from "./syntax.ts";
import { type NamingChecker, stock } from "./typescript.ts";

/** How much of the types a program has; each level has those before it. */
export const Level = {
	/** The first types of the language, see `first.ts`. */
	first: 0,
	/** All types of the language, and those of what cells import. */
	language: 1,
	/** Those of Node as well. */
	all: 2,
} as const;
export type Level = (typeof Level)[keyof typeof Level];

/**
 * Syntax that has to be checked against all types, since a missing type is no error there: decorators, computed types, and comments that
 * suppress errors.
 */
const ASKS_FOR_ALL = /\b(require|keyof|extends|infer)\b|@|\bimport\s*\(/;
/** Names of Node, which would be missing in any case. */
const NODE =
	/\b(console|process|Buffer|(set|clear)(Timeout|Interval|Immediate)|node:|URL|prompt|performance|fetch)\b/;

/** Prints, which has types of its own in all levels: {@link CONSOLE}. */
const PRINTS = /\bconsole\.(log|info|warn|error|debug)\(/g;

/** The level that a cell or a local module needs at least, as far as its text tells. */
export function levelFor(text: string): Level {
	const rest = text.replace(PRINTS, "(");
	if (ASKS_FOR_ALL.test(rest) || NODE.test(rest)) return Level.all;
	return importsIn(text).every(isPath) ? Level.first : Level.language;
}

/** Files of which it is known that they name nothing beyond the language. */
const sufficient = new WeakSet<ts.SourceFile>();

/**
 * The level that the files of a program need. A name that a lower level lacks would be no error in them, but mean `any`: declaration
 * files, JavaScript, and code under `@ts-` comments are not checked.
 */
export function levelOf(
	{ program, files }: { program: ts.Program; files: ts.SourceFile[] },
	level: Level,
): Level {
	const checker = program.getTypeChecker() as NamingChecker;
	let needed: Level = level;
	for (const file of files) {
		if (sufficient.has(file)) continue;
		const isOfLanguage = program.isSourceFileDefaultLibrary(file);
		const needs = isOfLanguage ? level : levelOfFile(file, level, checker);
		if (needs > needed) needed = needs;
		else if (level > Level.first) sufficient.add(file);
	}
	return needed;
}

function levelOfFile(
	file: ts.SourceFile,
	level: Level,
	checker: NamingChecker,
): Level {
	const { text, fileName, isDeclarationFile } = file;
	if (/\.json$/.test(fileName)) return level;
	if (!/ts$/.test(fileName)) return Level.all;
	if (!isDeclarationFile) return levelFor(text);
	const { imports = [] } = file as { imports?: ts.StringLiteralLike[] };
	if (imports.some((each) => isBuiltin(each.text))) return Level.all;
	if (level === Level.first) return Level.language;
	return namesMore(file, checker) ? Level.all : level;
}

/** Whether a file of types names something that is not there. */
function namesMore(file: ts.SourceFile, checker: NamingChecker): boolean {
	const all =
		stock.SymbolFlags.Type |
		stock.SymbolFlags.Namespace |
		stock.SymbolFlags.Value;
	const isMissing = (name: ts.Node | undefined): boolean => {
		let first = name;
		while (first && !stock.isIdentifier(first)) {
			if (stock.isQualifiedName(first)) first = first.left;
			else if (stock.isPropertyAccessExpression(first))
				first = first.expression;
			else return false;
		}
		if (!first) return false;
		const { text } = first; // of `typeof console` there is more than what prints
		return text === "console" || !checker.resolveName(text, first, all, false);
	};
	const visit = (node: ts.Node): boolean =>
		isMissing(named(node)) || stock.forEachChild(node, visit) === true;
	return visit(file);
}

/** The name in a node that names a type or a value. */
function named(node: ts.Node): ts.Node | undefined {
	if (stock.isTypeReferenceNode(node)) return node.typeName;
	if (stock.isTypeQueryNode(node)) return node.exprName;
	if (stock.isExpressionWithTypeArguments(node)) return node.expression;
	if (stock.isComputedPropertyName(node)) return node.expression;
	if (stock.isImportEqualsDeclaration(node))
		return stock.isExternalModuleReference(node.moduleReference)
			? undefined
			: node.moduleReference;
	return undefined;
}

/** Large modules of Node that are seldom imported: a third of its types, which no other file of them needs. */
const SELDOM = ["inspector", "http2", "node:test", "sqlite", "repl", "cluster"];
const MENTIONED = new RegExp(`\\b(${SELDOM.join("|")})\\b`);
const FILES =
	/\/@types\/node\/(inspector(\.generated)?|http2|test(\/reporters)?|sqlite|repl|cluster)\.d\.ts$/;

/** Whether a file has the types of modules that are seldom imported. */
export const isSeldom = (fileName: string): boolean => FILES.test(fileName);

/** Whether the text of a cell names a module that is seldom imported. */
export const mentionsSeldom = (text: string): boolean => MENTIONED.test(text);

const IMPORTED =
	/\b(from|import|require\s*\(|import\s*\()\s*["'](node:(test|sqlite)|(node:)?(inspector|http2|repl|cluster))\b/;

/** Whether a file that cells import, other than Node's own types, imports such a module. */
export const importsSeldom = (fileName: string, text: string): boolean =>
	!/\/@types\/node\//.test(fileName) && IMPORTED.test(text);
