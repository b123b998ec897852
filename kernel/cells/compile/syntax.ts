/** Queries on a text or a syntax tree that cells and local modules share. */
import type ts from "typescript-cells";
import { stock } from "./typescript.ts";

/** The first `await`, `for await` or `await using` of a file that is outside of every function. */
export function topLevelAwait(file: ts.SourceFile): ts.Node | undefined {
	const visit = (node: ts.Node): ts.Node | undefined => {
		if (stock.isFunctionLike(node) || stock.isClassLike(node)) return undefined;
		if (stock.isAwaitExpression(node)) return node;
		if (stock.isForOfStatement(node) && node.awaitModifier)
			return node.awaitModifier;
		if (stock.isVariableDeclarationList(node)) {
			const kind = node.flags & stock.NodeFlags.BlockScoped;
			if (kind === stock.NodeFlags.AwaitUsing) return node;
		}
		return stock.forEachChild(node, visit);
	};
	return file.text.includes("await")
		? stock.forEachChild(file, visit)
		: undefined;
}

/** A text whose first line, `#!…`, is a comment like others: cells and local modules become functions, which cannot begin so. */
export const withoutShebang = (text: string): string =>
	text.replace(/^#!/, "//");

/** Whether a node is a `for await`. */
export const isForAwait = (node: ts.Node): node is ts.ForOfStatement =>
	stock.isForOfStatement(node) && node.awaitModifier !== undefined;

/** The names in a name or a pattern. */
export function namesIn(name: ts.BindingName): string[] {
	if (stock.isIdentifier(name)) return [name.text];
	return name.elements.flatMap((each) =>
		stock.isOmittedExpression(each) ? [] : namesIn(each.name),
	);
}

/** Whether an identifier refers to a value, rather than naming a property or a label. */
export function isReference(node: ts.Identifier, parent: ts.Node): boolean {
	if (stock.isPropertyAccessExpression(parent)) return parent.name !== node;
	if (stock.isBindingElement(parent)) return parent.propertyName !== node;
	if (stock.isMetaProperty(parent)) return false;
	if (
		stock.isPropertyAssignment(parent) ||
		stock.isClassElement(parent) ||
		stock.isObjectLiteralElement(parent)
	)
		return parent.name !== node || stock.isShorthandPropertyAssignment(parent);
	return !(
		stock.isLabeledStatement(parent) || stock.isBreakOrContinueStatement(parent)
	);
}

/** The name of an import or an export in the other module. */
export const meaning = (
	each: ts.ImportSpecifier | ts.ExportSpecifier,
): string => (each.propertyName ?? each.name).text;

/** Whether an import means a file by its path. */
export const isPath = (id: string): boolean =>
	/^\.{0,2}\//.test(id) || id === "." || id === "..";

/** The names of the modules that a text imports or requires. */
export const importsIn = (text: string): string[] =>
	/\b(import|from|require)\b/.test(text)
		? stock
				.preProcessFile(text, true, true)
				.importedFiles.map(({ fileName }) => fileName)
		: [];
