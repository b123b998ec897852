import type ts from "typescript-cells";
import { stock } from "./typescript.ts";

/** Files whose comments have not been read. */
const bare = new WeakSet<ts.SourceFile>();
const languageVersion = stock.ScriptTarget.ES2024;

/**
 * Parses a declaration file without its comments, which would make the first cell a fifth slower. {@link readDocs} reads the
 * comments when an inspection needs them.
 */
export function parseWithoutDocs(name: string, text: string): ts.SourceFile {
	const { ParseNone } = stock.JSDocParsingMode;
	const options = { languageVersion, jsDocParsingMode: ParseNone };
	const file = stock.createSourceFile(name, text, options);
	bare.add(file);
	return file;
}

type Documented = ts.Node & { jsDoc?: { parent: ts.Node }[] };

/** Reads the comments of the files in which a symbol is declared, or what it is an alias of. Whether there were any to read. */
export function readDocs(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
	const alias = symbol.flags & stock.SymbolFlags.Alias;
	const meant = alias ? checker.getAliasedSymbol(symbol) : symbol;
	const files = (meant.declarations ?? []).map((each) => each.getSourceFile());
	return files.filter(readDocsOf).length > 0;
}

function readDocsOf(file: ts.SourceFile): boolean {
	if (!bare.delete(file)) return false;
	const { fileName, text } = file;
	graft(stock.createSourceFile(fileName, text, languageVersion, true), file);
	return true;
}

/** Copies the comments of a syntax tree to another one of the same shape. */
function graft(from: Documented, to: Documented): void {
	if (from.jsDoc) {
		to.jsDoc = from.jsDoc;
		for (const doc of from.jsDoc) doc.parent = to;
	}
	const twins = childrenOf(to);
	for (const [index, child] of childrenOf(from).entries())
		graft(child, twins[index]);
}

function childrenOf(node: ts.Node): ts.Node[] {
	const children: ts.Node[] = [];
	stock.forEachChild(node, (child) => {
		children.push(child);
	});
	return children;
}
